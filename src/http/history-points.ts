import type { SeriesReader, Points as StoredPoints } from '../model/series-reader.ts';
import type { GroupSummary, Points } from '../model/wire.ts';

const hourMs = 3_600_000;
const sparklinePoints = 60;

/** Points as JSON has them: a gap is null. */
export function pointsAnswer(points: StoredPoints): Points {
  return points.map(([atMs, value]) => [atMs, Number.isNaN(value) ? null : value] as const);
}

/** The groups with an hour of their lag. */
export function sparklines(groups: readonly GroupSummary[], history: SeriesReader, nowMs: number): GroupSummary[] {
  const keys = groups.map(({ cluster, groupId }) => ({ cluster, groupId }));
  const lines = history.pointsOfMany(keys, 'lag', nowMs - hourMs, nowMs, sparklinePoints);
  return groups.map((group, i) => ({ ...group, sparkline: pointsAnswer(lines[i] ?? []) }));
}
