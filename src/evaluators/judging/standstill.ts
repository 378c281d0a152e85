import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';

/** When standing still with unread records is no longer a pause: common to a partition and to a whole group. */
export const standstillThresholds = {
  unreadRecords: Type.Integer({
    default: 3,
    minimum: 1,
    description:
      'unread records of one partition at least: one or two may be transaction markers, which nobody can read',
  }),
  commitIntervals: Type.Number({
    default: 3,
    minimum: 1,
    description: 'usual commit intervals without movement: one can be missed by a slow batch',
  }),
  standsFor: Duration('4m', 'time without movement at least: longer than a pause of two minutes or a rebalance'),
  standsForPolls: Type.Integer({ default: 4, minimum: 1, description: 'polls without movement at least' }),
  unlearnedFor: Duration(
    '15m',
    'time without movement while no commit interval is learned: some groups commit every ten minutes',
  ),
};

/** Share of the limit, which is one usual commit interval, that the records must have waited: a living reader would have read them. */
const waitingShare = 1 / 3;

/**
 * Whether it has stood for longer than the limit, with so many records before it that not all can be markers, for so long that a
 * reader would have got to them.
 */
export function standsBeforeRecords(standingMs: number, waitingSeconds: number | null, limitMs: number): boolean {
  return standingMs > limitMs && (waitingSeconds ?? 0) * 1000 > waitingShare * limitMs;
}

interface StandstillThresholds {
  commitIntervals: number;
  standsFor: number;
  unlearnedFor: number;
}

/** How long a committed offset may stand before unread records, ms. */
export function standstillLimitMs(thresholds: StandstillThresholds, learnedIntervalMs: number | null): number {
  if (learnedIntervalMs === null) return Math.max(thresholds.standsFor, thresholds.unlearnedFor);
  return Math.max(thresholds.standsFor, thresholds.commitIntervals * learnedIntervalMs);
}

/** Standing still counts only while records wait: a group that had nothing to read did not stand. */
export function standingBeforeUnreadMs(standingMs: number, oldestUnreadSeconds: number | null): number {
  return oldestUnreadSeconds === null ? standingMs : Math.min(standingMs, oldestUnreadSeconds * 1000);
}
