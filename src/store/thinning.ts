import type { Points } from '../model/series-reader.ts';
import type { Keep } from './planes.ts';

/** Values of one field at the moments of some ticks, oldest first. */
export interface Track {
  atMs: readonly number[];
  /** By moment; NaN: none. */
  values: Float64Array;
  /** By moment: 1 where nothing was written for a while before it. */
  afterGap: Uint8Array;
}

/**
 * At most `atMost` points of a track. Where it has more, the span is cut into that many slices, and `keep` says which value
 * stands for a slice. A gap is marked by NaN just after the last point before it, where it is wide enough to be seen.
 */
export function thin(track: Track, keep: Keep, fromMs: number, toMs: number, atMost: number): Points {
  const gaps = track.afterGap.reduce((sum, gap) => sum + gap, 0);
  if (track.atMs.length + gaps <= atMost) return withGaps(track);
  return bySlices(track, keep, fromMs, Math.max(1, toMs - fromMs + 1) / Math.max(1, atMost));
}

function withGaps({ atMs, values, afterGap }: Track): Points {
  const points: [number, number][] = [];
  for (const [index, at] of atMs.entries()) {
    if (afterGap[index] === 1 && index > 0) points.push([atMs[index - 1]! + 1, Number.NaN]);
    points.push([at, values[index]!]);
  }
  return points;
}

function bySlices({ atMs, values, afterGap }: Track, keep: Keep, fromMs: number, sliceMs: number): Points {
  const points: [number, number][] = [];
  let slice = -1;
  for (const [index, at] of atMs.entries()) {
    const sliceHere = Math.floor((at - fromMs) / sliceMs);
    const value = values[index]!;
    if (sliceHere === slice) {
      const held = points.at(-1)!;
      if (standsFor(value, held[1], keep)) points[points.length - 1] = [at, value];
      continue;
    }
    // An empty slice lies between: the mark takes its place, so that there are never more points than slices.
    if (afterGap[index] === 1 && slice >= 0 && sliceHere > slice + 1) points.push([atMs[index - 1]! + 1, Number.NaN]);
    points.push([at, value]);
    slice = sliceHere;
  }
  return points;
}

function standsFor(value: number, held: number, keep: Keep): boolean {
  if (Number.isNaN(value)) return false;
  if (Number.isNaN(held) || keep === 'last') return true;
  return keep === 'max' ? value > held : value < held;
}
