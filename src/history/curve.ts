import { dropForLogSpacing, type Points } from './points.ts';

/** Adds a sample of the end offset; standing still stretches the last flat piece instead of taking room. */
export function appendToCurve(curve: Points, row: number, atMs: number, offset: number): void {
  const count = curve.count(row);
  const last = curve.start(row) + count - 1;
  if (count >= 2 && curve.values[last] === offset && curve.values[last - 1] === offset) {
    curve.times[last] = atMs;
    return;
  }
  curve.append(row, atMs, offset, 0, (start, length) => dropForLogSpacing(curve.times, start, length));
}

/** The time of the sample since which the end offset has not moved; NaN where there is none. */
export function flatSince(curve: Points, row: number): number {
  const count = curve.count(row);
  if (count === 0) return Number.NaN;
  const last = curve.start(row) + count - 1;
  const isFlat = count >= 2 && curve.values[last] === curve.values[last - 1];
  return curve.times[isFlat ? last - 1 : last]!;
}

/**
 * The time at which the end offset passed an offset, on a piecewise linear curve. A flat stretch (nothing was produced) resolves to
 * its late end, because the record at that offset came only after it.
 *
 * NaN where the curve is empty or begins after the offset; an offset at or beyond the last point resolves to that point's time.
 */
export function curveTime(
  times: Float64Array,
  offsets: Float64Array,
  start: number,
  count: number,
  offset: number,
): number {
  if (count === 0 || offset < offsets[start]!) return Number.NaN;
  let low = start;
  let high = start + count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= offset) low = middle;
    else high = middle;
  }
  if (high === start + count) return times[low]!;
  const share = (offset - offsets[low]!) / (offsets[high]! - offsets[low]!);
  return times[low]! + share * (times[high]! - times[low]!);
}
