import type { ClusterHistory } from '../history/cluster-history.ts';
import type { EngineMemory } from '../model/engine-memory.ts';

type GroupTopicReaders = EngineMemory['readers'][number];
type Run = GroupTopicReaders['runs'][number];

/**
 * Since when nobody reads a series, and whether anybody ever did: what `orphaned` and `abandoned` rest on, over a restart. Without it
 * a group that stopped the day before would be abandoned an hour after tidemark was restarted.
 */
export class ReaderMemory {
  /** What was restored and has not come back yet. */
  #pending = new Map<string, GroupTopicReaders>();
  #wallOffsetMs = 0;

  restore({ readers }: EngineMemory): void {
    this.#pending = new Map(readers.map((entry) => [keyOf(entry), entry]));
  }

  /** Gives the rows that have come to life what was restored of them. */
  giveBack(history: ClusterHistory, wallOffsetMs: number): void {
    this.#wallOffsetMs = wallOffsetMs;
    for (const [key, entry] of this.#pending) {
      const rows = rowsOf(history, entry);
      if (rows === undefined) continue;
      for (const run of entry.runs) this.#giveBackRun(history, rows, run);
      this.#pending.delete(key);
    }
  }

  #giveBackRun({ series }: ClusterHistory, rows: readonly number[], { from, to, wasRead, unreadSinceMs }: Run): void {
    for (let partition = from; partition <= to; partition++) {
      const row = rows[partition] ?? -1;
      if (row < 0) continue;
      if (wasRead) series.codes.everActive[row] = 1;
      if (unreadSinceMs !== null) series.numbers.ownerlessSince[row] = unreadSinceMs - this.#wallOffsetMs;
    }
  }

  remember(history: ClusterHistory): GroupTopicReaders[] {
    const readers = [...this.#pending.values()];
    for (const [groupId, groupRow] of history.groupRows) {
      for (const [topicRow, groupTopicRow] of history.groups[groupRow]!.topics) {
        const { topic, topicId } = history.topics[topicRow]!;
        const runs = this.#runsOf(history, history.groupTopics[groupTopicRow]!.rowByPartition);
        if (runs.length > 0) readers.push({ groupId, topic, topicId, runs });
      }
    }
    return readers;
  }

  /** Neighbours mostly share their fate: 100,000 series come to a few thousand runs. */
  #runsOf({ series }: ClusterHistory, rows: readonly number[]): Run[] {
    const runs: Run[] = [];
    for (let partition = 0; partition < rows.length; partition++) {
      const row = rows[partition]!;
      if (row < 0) continue;
      const wasRead = series.codes.everActive[row] === 1;
      const since = series.numbers.ownerlessSince[row]!;
      const unreadSinceMs = Number.isNaN(since) ? null : Math.round(since + this.#wallOffsetMs);
      if (!wasRead && unreadSinceMs === null) continue;
      const last = runs.at(-1);
      const goesOn = last?.to === partition - 1 && last.wasRead === wasRead && last.unreadSinceMs === unreadSinceMs;
      if (goesOn) last.to = partition;
      else runs.push({ from: partition, to: partition, wasRead, unreadSinceMs });
    }
    return runs;
  }
}

/** One with another topic ID is another topic. */
function rowsOf(
  history: ClusterHistory,
  { groupId, topic, topicId }: GroupTopicReaders,
): readonly number[] | undefined {
  const groupRow = history.groupRows.get(groupId);
  const topicRow = history.topicRows.get(topic);
  if (groupRow === undefined || topicRow === undefined || history.topics[topicRow]!.topicId !== topicId)
    return undefined;
  const groupTopicRow = history.groups[groupRow]!.topics.get(topicRow);
  return groupTopicRow === undefined ? undefined : history.groupTopics[groupTopicRow]!.rowByPartition;
}

function keyOf({ groupId, topic, topicId }: GroupTopicReaders): string {
  return `${groupId}\n${topicId ?? topic}`;
}
