/** What labels take for standing still, and for the usual interval between commits, from the movements that really were. */
import { minuteMs, watchStartMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import { median } from '../statistics.ts';
import { memory } from './label.ts';

const standsForMs = 4 * minuteMs;
const unlearnedForMs = 15 * minuteMs;
const usualIntervals = 3;

/** What never moved has stood since somebody watched it. */
export function movedOrWatched({ movedAtMs }: Reader): number {
  return Number.isNaN(movedAtMs) ? watchStartMs : movedAtMs;
}

const gapOf = memory<Reader, { movedAtMs: number; gapMs: number | null }>(() => ({ movedAtMs: 0, gapMs: null }));

/** Median gap between movements, ms; null before there are two. */
export function usualGap(reader: Reader): number | null {
  const { gapsMs, movedAtMs } = reader;
  if (gapsMs.length < 2) return null;
  const known = gapOf(reader);
  if (known.movedAtMs === movedAtMs) return known.gapMs;
  known.movedAtMs = movedAtMs;
  known.gapMs = median(gapsMs);
  return known.gapMs;
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

/** Stands where an open transaction begins, and may not read on. */
export function isBlocked({ plan }: SimulatedGroup, { state, committed }: Reader): boolean {
  return plan.readsCommitted && state.openTransactionOffset !== null && committed >= state.openTransactionOffset;
}
