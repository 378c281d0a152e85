import type { ClusterHistory } from '../../history/cluster-history.ts';
import { curveTime } from '../../history/curve.ts';
import { locateOffset, methods, type OffsetTime } from './time-lag.ts';

const located: OffsetTime = { atMs: Number.NaN, method: 0 };

/** The unread records of a series as retention sees them, and how the committed offset goes through them. */
export interface Unread {
  partitionRow: number;
  committed: number;
  /** Time of the first unread record, engine ms; NaN: not known. */
  headAtMs: number;
  nowMs: number;
  retentionMs: number;
  /** How much older than their arrival the records' timestamps are. */
  timestampDelayMs: number;
}

/**
 * Time of the record at an offset for retention: the smallest of what the curves say. An answer of offsets-for-times bounds it from
 * above, also where the records came late with old timestamps (mirrored, back-filled). NaN where only a bound is known that has
 * not expired yet.
 */
export function recordTime(history: ClusterHistory, row: number, offset: number, expiredBeforeMs: number): number {
  locateOffset(history, row, offset, located);
  const delayMs = located.method === methods.interpolated ? timestampDelay(history, row) : 0;
  const atMs = Math.min(located.atMs - delayMs, youngestPossible(history, row, offset));
  return located.method === methods['at-least'] && atMs > expiredBeforeMs ? Number.NaN : atMs;
}

function youngestPossible({ seeds }: ClusterHistory, row: number, offset: number): number {
  const start = seeds.start(row);
  for (let i = start; i < start + seeds.count(row); i++) if (seeds.values[i]! > offset) return seeds.times[i]!;
  return Number.POSITIVE_INFINITY;
}

/** Answers that the delay is taken from: the newest ones whose records came while tidemark watched. */
const answersOfDelay = 4;

/**
 * How much older than their arrival the timestamps of a partition's records are, ms: retention goes by the timestamp, the own curve
 * by the arrival. The least of what the newest answers show, for a record may come a while after the time that was asked for.
 */
export function timestampDelay({ seeds, curves }: ClusterHistory, row: number): number {
  const first = curves.start(row);
  const count = curves.count(row);
  const oldest = seeds.start(row);
  let delayMs = Number.POSITIVE_INFINITY;
  let answers = 0;
  for (let i = oldest + seeds.count(row) - 1; i >= oldest && answers < answersOfDelay; i--) {
    if (count === 0 || seeds.values[i]! < curves.values[first]!) break;
    if (seeds.values[i]! >= curves.values[first + count - 1]!) continue;
    delayMs = Math.min(
      delayMs,
      curveTime(curves.times, curves.values, first, count, seeds.values[i]!) - seeds.times[i]!,
    );
    answers++;
  }
  return answers === 0 ? 0 : Math.max(0, delayMs);
}

/**
 * Milliseconds until retention by time reaches the committed offset while that moves on at `consumed` offsets a ms: the first moment
 * at which the record at the projected offset has expired. Beyond the end, records are taken to come at `produced` offsets a ms.
 * `graceMs`: how long after its expiry a record stays. Infinity: never.
 */
export function timeToExpiry(
  history: ClusterHistory,
  unread: Unread,
  consumed: number,
  produced: number,
  graceMs = 0,
): number {
  const { partitionRow: row, committed, nowMs, headAtMs, timestampDelayMs } = unread;
  const retentionMs = unread.retentionMs + graceMs;
  const headMargin = headAtMs + retentionMs - nowMs;
  if (headMargin <= 0) return 0;
  if (consumed <= 0) return headMargin;
  const walk: Walk = { consumed, committed, shiftMs: retentionMs - nowMs, margin: headMargin, reach: 0 };
  const { seeds, curves } = history;
  const ownStart = curves.start(row);
  const ownEnd = ownStart + curves.count(row);
  const ownFirst = ownStart < ownEnd ? curves.values[ownStart]! : Number.POSITIVE_INFINITY;
  for (let i = seeds.start(row); i < seeds.start(row) + seeds.count(row); i++) {
    if (seeds.values[i]! <= committed || seeds.values[i]! >= ownFirst) continue;
    const crossed = step(walk, seeds.values[i]!, seeds.times[i]!);
    if (crossed >= 0) return crossed;
  }
  for (let i = ownStart; i < ownEnd; i++) {
    if (curves.values[i]! <= committed) continue;
    const crossed = step(walk, curves.values[i]!, curves.times[i]! - timestampDelayMs);
    if (crossed >= 0) return crossed;
  }
  if (produced <= consumed) return Number.POSITIVE_INFINITY;
  return walk.reach + (produced / consumed) * (walk.margin / (produced / consumed - 1));
}

/** Where the projected offset has come to, and how long before its record expires. */
interface Walk {
  readonly consumed: number;
  readonly committed: number;
  /** Expiry of a record, from now: its time + this. */
  readonly shiftMs: number;
  margin: number;
  reach: number;
}

/** Goes on to a point of the curve; the moment of the crossing where the record's expiry came first, else -1. */
function step(walk: Walk, offset: number, atMs: number): number {
  const reach = (offset - walk.committed) / walk.consumed;
  const margin = atMs + walk.shiftMs - reach;
  if (margin < 0) return walk.reach + (walk.margin / (walk.margin - margin)) * (reach - walk.reach);
  walk.reach = reach;
  walk.margin = margin;
  return -1;
}
