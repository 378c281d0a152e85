/** What a label takes for the usual interval between the commits of a group, from the movements that really were. */
import { minuteMs, watchStartMs } from '../plan.ts';
import type { Reader } from '../simulated-group.ts';

const standsForMs = 4 * minuteMs;
const unlearnedForMs = 15 * minuteMs;
const usualIntervals = 3;

/** What never moved has stood since somebody watched it. */
export function movedOrWatched({ movedAtMs }: Reader): number {
  return Number.isNaN(movedAtMs) ? watchStartMs : movedAtMs;
}

/** Median gap between movements, ms; null before there are two. */
export function usualGap({ gapsMs }: Reader): number | null {
  return gapsMs.length < 2 ? null : gapsMs.toSorted((a, b) => a - b)[gapsMs.length >> 1]!;
}

/** The longest of those that are known; null: none is. */
export function longest(gaps: readonly (number | null)[]): number | null {
  const known = gaps.filter((gap) => gap !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** How long a series may stand, given its usual gap between movements. */
export function standLimitMs(usualMs: number | null, intervalMs: number): number {
  if (usualMs === null) return unlearnedForMs;
  return Math.max(standsForMs, usualIntervals * Math.max(usualMs, intervalMs));
}
