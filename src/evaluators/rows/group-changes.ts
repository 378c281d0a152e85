import type { ClusterEvent } from '../../model/finding.ts';
import type { Tables } from '../../model/report.ts';
import { known } from './group-reading.ts';
import type { LagBefore } from './row-types.ts';

/** What a group's lag is compared with to see a jump; null where it was not watched long enough. */
export function lagBeforeOf(
  { groups }: Tables,
  row: number,
  { atMs, monotonicMs }: { atMs: number; monotonicMs: number },
): LagBefore | null {
  const lag = known(groups.lagBefore[row]);
  const usualLag = known(groups.usualLag[row]);
  const beforeMs = known(groups.lagBeforeMs[row]);
  if (lag === null || usualLag === null || beforeMs === null) return null;
  return {
    lag,
    usualLag,
    atMs: atMs - (monotonicMs - beforeMs),
    nowMs: atMs,
    producedRecords: known(groups.producedSinceBefore[row]),
    usuallyProducedRecords: known(groups.usuallyProduced[row]),
  };
}

/** Of the events those that may have to do with a group: its own, those of its topics, and those of the whole cluster. */
export function eventsAround(
  { groups, series, partitions, topics }: Tables,
  row: number,
  events: readonly ClusterEvent[],
): ClusterEvent[] {
  if (events.length === 0) return [];
  const groupId = groups.groupId[row]!;
  const rows = groups.seriesRows[row] ?? new Int32Array();
  const topicRows = new Set(Array.from(rows, (one) => partitions.topicRow[series.partitionRow[one]!]!));
  const ofGroup = new Set(Array.from(topicRows, (topicRow) => topics.topic[topicRow]!));
  return events.filter(({ subject }) => {
    if (subject.groupId !== undefined) return subject.groupId === groupId;
    return subject.topic === undefined || ofGroup.has(subject.topic);
  });
}
