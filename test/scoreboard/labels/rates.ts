/** What judgement.md measures over a window, of exact values. */
import { median } from '../statistics.ts';

/** Numbers of judgement.md. */
const windowMs = 600_000;
const windowPolls = 20;
const windowIntervals = 4;

/** The window of a series; `gapMs` is its usual interval between commits. */
export function windowMsOf(intervalMs: number, gapMs: number | null = null): number {
  return Math.max(windowMs, windowPolls * intervalMs, windowIntervals * Math.max(gapMs ?? 0, intervalMs));
}

export interface Point {
  atMs: number;
  value: number;
}

/** Robust slope, by Theil's incomplete method: the median slope of the pairs half the points apart; units a second. */
export function robustSlope(points: readonly Point[]): number {
  const half = points.length >> 1;
  const apart = points.length - half;
  const slopes = points.slice(0, half).map(({ atMs, value }, index) => {
    const later = points[index + apart]!;
    return ((later.value - value) * 1000) / (later.atMs - atMs);
  });
  return median(slopes);
}

/** The end offsets of something over the window, of which a rate is made. */
export class RateWindow {
  #points: Point[] = [];

  /** Takes in a poll, and tells the rate over the window, a second; NaN while it spans less than three polls. */
  rate(value: number, atMs: number, intervalMs: number): number {
    const points = this.#points;
    points.push({ atMs, value });
    while (atMs - points[0]!.atMs > windowMsOf(intervalMs)) points.shift();
    return points.length < 3 ? Number.NaN : robustSlope(points);
  }
}

/** The middle one, the lower one of two; NaN of none. */
export function lowerMedianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}
