import type { GroupAnswer, SeriesAnswer } from './answers.ts';

const rank: Readonly<Record<string, number>> = {
  losing: 0,
  'loses-first': 1,
  'insufficient-data': 2,
  'drains-before-loss': 3,
  'keeps-up': 4,
};

/** By deadline, then by share of retention used, then as Kafka numbers them. */
export function byRisk(a: SeriesAnswer, b: SeriesAnswer): number {
  return (
    (rank[a.outlook ?? ''] ?? 5) - (rank[b.outlook ?? ''] ?? 5) ||
    (a.timeToLossEarliestSeconds ?? 1e12) - (b.timeToLossEarliestSeconds ?? 1e12) ||
    (b.retentionUsedRatio ?? 0) - (a.retentionUsedRatio ?? 0) ||
    (b.lag ?? 0) - (a.lag ?? 0) ||
    a.topic.localeCompare(b.topic) ||
    a.partition - b.partition
  );
}

/** The partition that is looked at: the one of the address, else the one that the group's verdict is about, else the riskiest. */
export function shownSeries(
  group: GroupAnswer,
  chosen: { topic: string | null; partition: number | null },
): SeriesAnswer | null {
  const named = (topic: string | null, partition: number | null) =>
    group.series.find((series) => series.topic === topic && series.partition === partition);
  return (
    named(chosen.topic, chosen.partition) ??
    named(group.worst?.topic ?? null, group.worst?.partition ?? null) ??
    group.series.toSorted(byRisk)[0] ??
    null
  );
}
