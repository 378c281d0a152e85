/** Who could not read because nobody led the partition has not stood by itself: what counts is the time since. */
import type { Tables } from '../../model/report.ts';
import { known } from './group-reading.ts';
import type { GroupRow } from './row-types.ts';

/** How long the partition of a series has been led again, ms; null: it was never seen without a leader. */
export function sinceLedMs({ series, partitions }: Tables, row: number, monotonicMs: number): number | null {
  const ledSinceMs = known(partitions.ledSinceMs[series.partitionRow[row]!]);
  return ledSinceMs === null ? null : Math.max(0, monotonicMs - ledSinceMs);
}

/** The same of those of a group's series with unread records that were seen without a leader. */
export function ledAgain(tables: Tables, groupRow: number, monotonicMs: number): number[] {
  const unread = (tables.groups.seriesRows[groupRow] ?? []).filter((row) => tables.series.unreadRecords[row]! > 0);
  return Array.from(unread, (row) => sinceLedMs(tables, row, monotonicMs)).filter((ms) => ms !== null);
}

/** Whether nobody could read anything of what the group has not read until less than `limitMs` ago. */
export function isJustLed({ sinceLedMs, reading }: GroupRow, limitMs: number): boolean {
  return sinceLedMs.filter((ms) => ms <= limitMs).length >= reading.unreadPartitions;
}
