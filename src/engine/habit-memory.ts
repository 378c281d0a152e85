import { type ClusterHistory, observations } from '../history/cluster-history.ts';
import type { EngineMemory, GroupHabits, SeriesHabits } from '../model/engine-memory.ts';
import type { GroupStops } from './group-stops.ts';

/** Habits of series are looked through so often: they change slowly, and may be of 100,000. */
const renewEveryMs = 300_000;
/** Intervals up to this are learned anew from what the store has of every cycle; longer ones would take hours. */
const relearnedMs = 120_000;

/**
 * What was learned of groups and their series by watching them, and cannot be learned from the offsets that the store keeps: since
 * when a group is Empty, its stops, that it ran all the time, which lags are residues, and how seldom slow ones commit.
 */
export class HabitMemory {
  #groups = new Map<string, GroupHabits>();
  #series = new Map<string, SeriesHabits>();
  #rememberedAtMs = Number.NaN;
  /** What was found at the last look; the store writes nothing while it is the same. */
  #found: { atMs: number; series: readonly SeriesHabits[] } = { atMs: Number.NEGATIVE_INFINITY, series: [] };

  restore({ atMs, habits }: EngineMemory): void {
    this.#rememberedAtMs = atMs;
    this.#groups = new Map(habits?.groups.map((entry) => [entry.groupId, entry]));
    this.#series = new Map(habits?.series.map((entry) => [seriesKey(entry), entry]));
  }

  /** Gives back what was restored to the rows that have come to life. Call it before they are measured. */
  giveBack(history: ClusterHistory, stops: GroupStops, wallOffsetMs: number): void {
    const engineMs = (wallMs: number) => wallMs - wallOffsetMs;
    for (const [groupId, habits] of this.#groups) {
      const row = history.groupRows.get(groupId);
      if (row === undefined || history.groups[row]!.state === null) continue;
      stops.restore(groupId, habits.stopsMs);
      const { stateSince } = history.groupColumns.numbers;
      if (history.groups[row]!.state === habits.state) stateSince[row] = engineMs(habits.stateSinceMs);
      this.#groups.delete(groupId);
    }
    for (const [key, { groupId, topic, topicId, partitions }] of this.#series) {
      const rows = seriesRows(history, groupId, topic, topicId);
      if (rows === undefined) continue;
      for (const { partition, ...habits } of partitions) {
        const row = rows[partition] ?? -1;
        if (row >= 0) this.#giveSeriesBack(history, row, habits, engineMs);
      }
      this.#series.delete(key);
    }
  }

  #giveSeriesBack(
    { series: { numbers, codes } }: ClusterHistory,
    row: number,
    { residue, commitInterval, run }: Omit<SeriesHabits['partitions'][number], 'partition'>,
    engineMs: (wallMs: number) => number,
  ): void {
    if (residue !== undefined) {
      numbers.residueUpTo[row] = residue.upTo ?? Number.NaN;
      numbers.standLag[row] = residue.lag;
      codes.idleStands[row] = residue.stands;
    }
    if (commitInterval !== undefined && Number.isNaN(numbers.commitInterval[row]!)) {
      numbers.commitInterval[row] = commitInterval.usualMs;
      numbers.longestCommitInterval[row] = commitInterval.longestMs;
    }
    // What was seen of it anew is no run that reaches back over the restart.
    if (run === undefined || codes.observedNow[row] === observations.none) return;
    numbers.movementRun[row] = run.movements;
    numbers.movementRunSince[row] = engineMs(run.sinceMs);
    const movedSinceMs = numbers.lastMovedAt[row]! - engineMs(this.#rememberedAtMs);
    if (Number.isNaN(movedSinceMs)) numbers.lastMovedAt[row] = engineMs(run.lastMovedMs);
  }

  remember(
    history: ClusterHistory,
    stops: GroupStops,
    { nowMs, wallOffsetMs }: { nowMs: number; wallOffsetMs: number },
  ): Required<EngineMemory>['habits'] {
    const groups = [...this.#groups.values()];
    const wallMs = (engineMs: number) => Math.round(engineMs + wallOffsetMs);
    for (const [groupId, row] of history.groupRows) {
      const { state } = history.groups[row]!;
      const stateSinceMs = wallMs(history.groupColumns.numbers.stateSince[row]!);
      if (state !== null) groups.push({ groupId, state, stateSinceMs, stopsMs: stops.of(groupId) });
    }
    if (nowMs - this.#found.atMs >= renewEveryMs) this.#found = { atMs: nowMs, series: this.#find(history, wallMs) };
    return { groups, series: this.#found.series };
  }

  #find(history: ClusterHistory, wallMs: (engineMs: number) => number): SeriesHabits[] {
    const series = [...this.#series.values()];
    for (const [groupId, row] of history.groupRows) {
      const { topics, seriesRows: rows } = history.groups[row]!;
      const steadiest = longestRun(history, rows);
      for (const [topicRow, groupTopic] of topics) {
        const partitions = partitionHabits(history, groupTopic, steadiest, wallMs);
        if (partitions.length === 0) continue;
        const { topic, topicId } = history.topics[topicRow]!;
        series.push({ groupId, topic, topicId, partitions });
      }
    }
    return series;
  }
}

function partitionHabits(
  history: ClusterHistory,
  groupTopic: number,
  steadiest: number,
  wallMs: (engineMs: number) => number,
): SeriesHabits['partitions'] {
  const partitions: SeriesHabits['partitions'] = [];
  const { numbers, codes } = history.series;
  const { rowByPartition } = history.groupTopics[groupTopic]!;
  for (let partition = 0; partition < rowByPartition.length; partition++) {
    const row = rowByPartition[partition]!;
    if (row < 0) continue;
    const usualMs = numbers.commitInterval[row]!;
    const hasResidue = !Number.isNaN(numbers.residueUpTo[row]!) || codes.idleStands[row]! > 0;
    const isSlow = usualMs > relearnedMs;
    if (!hasResidue && !isSlow && row !== steadiest) continue;
    const upTo = numbers.residueUpTo[row]!;
    partitions.push({
      partition,
      ...(hasResidue && {
        residue: {
          upTo: Number.isNaN(upTo) ? null : upTo,
          lag: numbers.standLag[row]!,
          stands: codes.idleStands[row]!,
        },
      }),
      ...(isSlow && {
        commitInterval: { usualMs: Math.round(usualMs), longestMs: Math.round(numbers.longestCommitInterval[row]!) },
      }),
      ...(row === steadiest && {
        run: {
          movements: numbers.movementRun[row]!,
          sinceMs: wallMs(numbers.movementRunSince[row]!),
          lastMovedMs: wallMs(numbers.lastMovedAt[row]!),
        },
      }),
    });
  }
  return partitions;
}

/** The series of a group that has moved regularly for longest; -1: none. */
function longestRun({ series: { numbers } }: ClusterHistory, rows: Int32Array): number {
  let best = -1;
  let bestMs = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const runMs = numbers.lastMovedAt[row]! - numbers.movementRunSince[row]!;
    if (!(runMs > bestMs)) continue;
    best = row;
    bestMs = runMs;
  }
  return best;
}

function seriesRows(
  { groupRows, topicRows, groups, topics, groupTopics }: ClusterHistory,
  groupId: string,
  topic: string,
  topicId: string | null,
): readonly number[] | undefined {
  const groupRow = groupRows.get(groupId);
  const topicRow = topicRows.get(topic);
  if (groupRow === undefined || topicRow === undefined || topics[topicRow]!.topicId !== topicId) return undefined;
  const groupTopic = groups[groupRow]!.topics.get(topicRow);
  return groupTopic === undefined ? undefined : groupTopics[groupTopic]!.rowByPartition;
}

function seriesKey({ groupId, topic, topicId }: SeriesHabits): string {
  return `${groupId}\n${topicId ?? topic}`;
}
