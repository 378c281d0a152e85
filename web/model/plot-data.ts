/** Series of the API as uPlot takes them: one axis of times in seconds, one array of values a line. */
import type { HistoryAnswer, Points } from './answers.ts';

/** null: a gap, nothing was read. undefined: only another line has a point at that time, so this one is drawn through. */
export type Line = (number | null | undefined)[];

export interface PlotData {
  atSeconds: number[];
  lines: Line[];
}

/** Puts several series on one time axis: the store may choose other samples for each of them. */
export function aligned(series: readonly Points[]): PlotData {
  const times = [...new Set(series.flatMap((points) => points.map(([atMs]) => atMs)))].sort((a, b) => a - b);
  const slotOf = new Map(times.map((atMs, slot) => [atMs, slot]));
  const lines = series.map((points) => {
    const line: Line = new Array(times.length).fill(undefined);
    for (const [atMs, value] of points) line[slotOf.get(atMs)!] = value;
    return line;
  });
  return { atSeconds: times.map((atMs) => atMs / 1000), lines };
}

export function pointsOf(answer: HistoryAnswer | null, field: string): Points {
  return answer?.series.find((series) => series.field === field)?.points ?? [];
}

/**
 * Records per second from offsets over time. A difference is taken over at least `overSeconds`, since a committed offset moves in
 * jumps and a rate between two polls would show only those. A step back (a rewind, a re-created topic) is a gap, not a rate.
 */
export function ratesOf(points: Points, overSeconds: number): Points {
  const known = points.filter((point): point is readonly [number, number] => point[1] !== null);
  let oldest = 0;
  return known.slice(1).map(([atMs, offset], index) => {
    while (oldest < index && atMs - known[oldest + 1]![0] >= overSeconds * 1000) oldest += 1;
    const [fromMs, fromOffset] = known[oldest]!;
    const gained = offset - fromOffset;
    return [atMs, gained < 0 ? null : (gained * 1000) / (atMs - fromMs)];
  });
}
