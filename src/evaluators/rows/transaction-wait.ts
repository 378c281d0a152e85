import { ages, ownerships, type Tables } from '../../model/report.ts';
import { known, learnedIntervalMs, standingMs } from './group-reading.ts';
import type { GroupRow, Place } from './row-types.ts';

/**
 * Offsets between a committed offset and the last stable one that nobody can read: markers of transactions that ended in between.
 * Clients built on librdkafka do not commit past them.
 */
const markersMax = 10;

const stale = ages.indexOf('stale');
const owned = ownerships.indexOf('owned');
const ownerless = new Set((['manual', 'orphaned'] as const).map((word) => ownerships.indexOf(word)));

/** A series that stands where an open transaction begins. */
export interface TransactionWait extends Place {
  waitMs: number;
  /** Nobody saw it begin to wait: so long at least. */
  sinceFirstRead: boolean;
  /** By how much the high watermark has moved since. */
  endMoved: number;
  committedOffset: number;
  lastStableOffset: number;
  highWatermark: number;
  pollsWithoutMovement: number;
  learnedIntervalMs: number | null;
  timeToLossEarliestSeconds: number | null;
}

/**
 * How long a series has waited before an open transaction, ms: it stands at the last stable offset, which stands below the high
 * watermark. Whoever does so reads committed records only, whatever its policy says. null: it does not.
 */
export function transactionWaitMs(tables: Tables, row: number, monotonicMs: number): number | null {
  return standsAtLastStable(tables, row) ? sharedStandMs(tables, row, monotonicMs) : null;
}

/**
 * How long a series that stands could have read on, ms: 0 while it waits for a transaction; since that ended, as long as it still
 * stands there. null: no transaction has held it.
 */
export function sinceHeldMs(tables: Tables, row: number, monotonicMs: number): number | null {
  if (standsAtLastStable(tables, row)) return 0;
  const { series, partitions } = tables;
  const partitionRow = series.partitionRow[row]!;
  const stands = isJustBefore(partitions.freedOffset[partitionRow]!, series.committedOffset[row]!);
  return stands ? Math.max(0, monotonicMs - partitions.freedAtMs[partitionRow]!) : null;
}

/** The series of a group that stand where a transaction is open, longest first. */
export function transactionWaits(tables: Tables, groupRow: number, monotonicMs: number): TransactionWait[] {
  const { groups, series, partitions } = tables;
  const waits: TransactionWait[] = [];
  for (const row of groups.seriesRows[groupRow] ?? []) {
    if (series.age[row] === stale || !standsAtLastStable(tables, row)) continue;
    const partitionRow = series.partitionRow[row]!;
    const hasMoved = known(series.lastMovedMs[row]) !== null;
    // Who reads without being a member has no owner; one that was never seen to move may have left long ago.
    const reads = series.ownership[row] === owned || (ownerless.has(series.ownership[row]!) && hasMoved);
    if (!reads) continue;
    waits.push({
      topic: tables.topics.topic[partitions.topicRow[partitionRow]!]!,
      partition: partitions.partition[partitionRow]!,
      waitMs: sharedStandMs(tables, row, monotonicMs),
      sinceFirstRead: partitions.openedUnseen[partitionRow] === 1 || !hasMoved,
      endMoved: partitions.highWatermark[partitionRow]! - partitions.endAtOpenTransaction[partitionRow]!,
      committedOffset: series.committedOffset[row]!,
      lastStableOffset: partitions.lastStableOffset[partitionRow]!,
      highWatermark: partitions.highWatermark[partitionRow]!,
      pollsWithoutMovement: series.pollsWithoutMovement[row]!,
      learnedIntervalMs: learnedIntervalMs(tables, row),
      timeToLossEarliestSeconds: known(series.timeToLossEarliestSeconds[row]),
    });
  }
  return waits.sort((a, b) => b.waitMs - a.waitMs);
}

/** Of a group's series with unread records that a transaction holds, or held where they still stand: since when it does not, ms. */
export function heldSeries(tables: Tables, groupRow: number, monotonicMs: number): number[] {
  const unread = (tables.groups.seriesRows[groupRow] ?? []).filter((row) => tables.series.unreadRecords[row]! > 0);
  return Array.from(unread, (row) => sinceHeldMs(tables, row, monotonicMs)).filter((ms) => ms !== null);
}

/** Whether nothing that the group has not read could be read until less than `limitMs` ago: it does not stand by itself. */
export function isHeld({ sinceHeldMs, reading }: GroupRow, limitMs: number): boolean {
  return sinceHeldMs.filter((ms) => ms <= limitMs).length >= reading.unreadPartitions;
}

function standsAtLastStable({ series, partitions }: Tables, row: number): boolean {
  const partitionRow = series.partitionRow[row]!;
  if (Number.isNaN(partitions.openTransactionSinceMs[partitionRow]!)) return false;
  return isJustBefore(partitions.lastStableOffset[partitionRow]!, series.committedOffset[row]!);
}

function isJustBefore(transactionOffset: number, committedOffset: number): boolean {
  const before = transactionOffset - committedOffset;
  return before >= 0 && before <= markersMax;
}

/** How long both stand: the series, and the last stable offset. */
function sharedStandMs(tables: Tables, row: number, monotonicMs: number): number {
  const openMs = monotonicMs - tables.partitions.openTransactionSinceMs[tables.series.partitionRow[row]!]!;
  return Math.max(0, Math.min(openMs, standingMs(tables, row, monotonicMs)));
}
