import { ages, ownerships, type Tables } from '../../model/report.ts';
import type { Facet } from '../../model/snapshot.ts';
import type { GroupReading } from './row-types.ts';

const stale = ages.indexOf('stale');
const counting = new Set(
  (['owned', 'manual', 'orphaned', 'unassigned'] as const).map((word) => ownerships.indexOf(word)),
);

/** Null for NaN: what a rule must not compute with. */
export function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** How long a series' committed offset has stood at `monotonicMs`, as far as it was watched. */
export function standingMs({ series }: Tables, row: number, monotonicMs: number): number {
  const since = known(series.lastMovedMs[row]) ?? known(series.watchedSinceMs[row]) ?? monotonicMs;
  return Math.max(0, monotonicMs - since);
}

/** The usual commit interval of a series; null before two movements were seen, when the column still holds the default. */
export function learnedIntervalMs({ series }: Tables, row: number): number | null {
  return known(series.maxCommitIntervalMs[row]) === null ? null : known(series.commitIntervalMs[row]);
}

/** Of what a series needs, the collector whose data are oldest. */
export function oldestCollector({ series, partitions }: Tables, row: number): Facet {
  const partitionRow = series.partitionRow[row]!;
  const committedMs = known(series.committedReadAtMs[row]) ?? 0;
  const endMs = known(partitions.endReadAtMs[partitionRow]) ?? 0;
  const logStartMs = known(partitions.logStartReadAtMs[partitionRow]) ?? 0;
  if (committedMs <= endMs && committedMs <= logStartMs) return 'committed-offsets';
  return endMs <= logStartMs ? 'end-offsets' : 'log-start-offsets';
}

/** Sums up a group's series. Those whose data are too old, or were never read, do not count: they may be what stands. */
export function readGroup(tables: Tables, groupRow: number, monotonicMs: number): GroupReading {
  const byMember = new Map<number, { series: number; standingMs: number }>();
  const reading = { ...nothingRead, byMember };
  for (const row of tables.groups.seriesRows[groupRow] ?? []) {
    const { series } = tables;
    if (!counting.has(series.ownership[row]!)) continue;
    const hasUnknownLag = Number.isNaN(series.lag[row]!) && !Number.isNaN(series.committedOffset[row]!);
    if (series.age[row] === stale || hasUnknownLag) {
      reading.staleCollector ??= oldestCollector(tables, row);
      continue;
    }
    reading.series++;
    reading.watchedMs = Math.max(reading.watchedMs, monotonicMs - (known(series.watchedSinceMs[row]) ?? monotonicMs));
    // Of what was never committed no poll can show that it stands: it says nothing about the others.
    if (!Number.isNaN(series.committedOffset[row]!)) {
      reading.pollsWithoutMovement = Math.min(reading.pollsWithoutMovement, series.pollsWithoutMovement[row]!);
    }
    addRun(reading, tables, row);
    addMember(byMember, series.memberIndex[row]!, standingMs(tables, row, monotonicMs));
    if (series.unreadRecords[row]! > 0) addUnread(reading, tables, row);
  }
  return reading;
}

const nothingRead: GroupReading = {
  series: 0,
  watchedMs: 0,
  unreadRecords: 0,
  unreadPartitions: 0,
  mostUnreadRecords: 0,
  waitingSeconds: null,
  oldestUnreadSeconds: null,
  learnedIntervalMs: null,
  pollsWithoutMovement: Number.POSITIVE_INFINITY,
  movementRun: 0,
  movementRunMs: 0,
  movementRunIntervalMs: 0,
  byMember: new Map(),
  staleCollector: null,
  worst: null,
};

/** The run that has lasted longest counts: many movements of a few minutes may be one visit of a job. */
function addRun(reading: GroupReading, { series }: Tables, row: number): void {
  const runMs = series.lastMovedMs[row]! - series.movementRunSinceMs[row]!;
  if (!(runMs > reading.movementRunMs)) return;
  reading.movementRun = series.movementRun[row]!;
  reading.movementRunMs = runMs;
  reading.movementRunIntervalMs = series.commitIntervalMs[row]!;
}

function addMember(
  byMember: Map<number, { series: number; standingMs: number }>,
  member: number,
  standing: number,
): void {
  const sum = byMember.get(member);
  if (sum === undefined) {
    byMember.set(member, { series: 1, standingMs: standing });
  } else {
    sum.series++;
    sum.standingMs = Math.min(sum.standingMs, standing);
  }
}

function addUnread(reading: GroupReading, tables: Tables, row: number): void {
  const { series, partitions, topics } = tables;
  const lag = series.unreadRecords[row]!;
  const timeLagSeconds = known(series.timeLagSeconds[row]);
  reading.unreadRecords += lag;
  reading.unreadPartitions++;
  reading.mostUnreadRecords = Math.max(reading.mostUnreadRecords, lag);
  const waiting = known(series.waitingSeconds[row]);
  if (waiting !== null) reading.waitingSeconds = Math.max(reading.waitingSeconds ?? 0, waiting);
  const interval = learnedIntervalMs(tables, row);
  if (interval !== null) reading.learnedIntervalMs = Math.max(reading.learnedIntervalMs ?? 0, interval);
  const age = timeLagSeconds ?? -1;
  const worstAge = reading.worst?.timeLagSeconds ?? -1;
  if (reading.worst !== null && (age < worstAge || (age === worstAge && lag <= reading.worst.lag))) return;
  const partitionRow = series.partitionRow[row]!;
  const topic = topics.topic[partitions.topicRow[partitionRow]!]!;
  reading.oldestUnreadSeconds = timeLagSeconds;
  reading.worst = { topic, partition: partitions.partition[partitionRow]!, lag, timeLagSeconds };
}
