import type { ClusterHistory } from '../history/cluster-history.ts';
import type { EngineMemory } from '../model/engine-memory.ts';

type GroupTopicMemory = EngineMemory['groupTopics'][number];
type GroupMemory = EngineMemory['groups'][number];
type TopicMemory = EngineMemory['topics'][number];

/** Counters that outlive the process. Those of a group or topic that has not come back yet are kept until it does. */
export class CounterMemory {
  #groupTopics = new Map<string, GroupTopicMemory>();
  #groups = new Map<string, GroupMemory>();
  #topics = new Map<string, TopicMemory>();
  #wallOffsetMs = 0;

  restore({ groupTopics, groups, topics }: EngineMemory): void {
    this.#groupTopics = new Map(groupTopics.map((entry) => [keyOf(entry), entry]));
    this.#groups = new Map(groups.map((entry) => [entry.groupId, entry]));
    this.#topics = new Map(topics.map((entry) => [entry.topicId ?? entry.topic, entry]));
  }

  /** Adds what was restored to the rows that have come to life. */
  giveBack(history: ClusterHistory, wallOffsetMs: number): void {
    this.#wallOffsetMs = wallOffsetMs;
    for (const [groupId, { rebalances, rebalancingSeconds, emptySinceMs }] of this.#groups) {
      const row = history.groupRows.get(groupId);
      if (row === undefined) continue;
      // Whether it had members in between nobody knows; where it did, its commits mostly moved, and the rules look at that.
      if (emptySinceMs !== undefined && history.groups[row]!.state === 'Empty') {
        history.groupColumns.numbers.emptySince[row] = emptySinceMs - wallOffsetMs;
      }
      history.groupColumns.numbers.rebalances[row]! += rebalances;
      history.groupColumns.numbers.rebalancingSeconds[row]! += rebalancingSeconds;
      this.#groups.delete(groupId);
    }
    for (const [key, { topic, topicId, producedRecords }] of this.#topics) {
      const row = topicRow(history, topic, topicId);
      if (row === undefined) continue;
      history.topics[row]!.producedRecords += producedRecords;
      this.#topics.delete(key);
    }
    for (const [key, { groupId, topic, topicId, counters }] of this.#groupTopics) {
      const row = groupTopicRow(history, groupId, topic, topicId);
      if (row === undefined) continue;
      for (const [name, numbers] of Object.entries(history.counters.numbers)) {
        numbers[row]! += counters[name as keyof typeof counters] ?? 0;
      }
      this.#groupTopics.delete(key);
    }
  }

  remember(history: ClusterHistory): Pick<EngineMemory, 'groupTopics' | 'groups' | 'topics'> {
    const groups = [...this.#groups.values()];
    const groupTopics = [...this.#groupTopics.values()];
    for (const [groupId, row] of history.groupRows) {
      const { rebalances, rebalancingSeconds, emptySince } = history.groupColumns.numbers;
      groups.push({
        groupId,
        rebalances: rebalances[row]!,
        rebalancingSeconds: rebalancingSeconds[row]!,
        ...(Number.isNaN(emptySince[row]!) ? {} : { emptySinceMs: Math.round(emptySince[row]! + this.#wallOffsetMs) }),
      });
      for (const [topicRow, groupTopic] of history.groups[row]!.topics) {
        const { topic, topicId } = history.topics[topicRow]!;
        groupTopics.push({ groupId, topic, topicId, counters: countersOf(history, groupTopic) });
      }
    }
    const topics = [...this.#topics.values()];
    for (const row of history.topicRows.values()) {
      const { topic, topicId, producedRecords } = history.topics[row]!;
      topics.push({ topic, topicId, producedRecords });
    }
    return { groups, groupTopics, topics };
  }
}

function countersOf({ counters: { numbers } }: ClusterHistory, row: number): GroupTopicMemory['counters'] {
  return {
    committedRecords: numbers.committedRecords[row]!,
    lostRecords: numbers.lostRecords[row]!,
    skippedRecords: numbers.skippedRecords[row]!,
    rewoundRecords: numbers.rewoundRecords[row]!,
  };
}

function groupTopicRow(
  history: ClusterHistory,
  groupId: string,
  topic: string,
  topicId: string | null,
): number | undefined {
  const groupRow = history.groupRows.get(groupId);
  const row = topicRow(history, topic, topicId);
  return groupRow === undefined || row === undefined ? undefined : history.groups[groupRow]!.topics.get(row);
}

/** One with another topic ID is another topic. */
function topicRow({ topicRows, topics }: ClusterHistory, topic: string, topicId: string | null): number | undefined {
  const row = topicRows.get(topic);
  return row === undefined || topics[row]!.topicId !== topicId ? undefined : row;
}

function keyOf({ groupId, topic, topicId }: GroupTopicMemory): string {
  return `${groupId}\n${topicId ?? topic}`;
}
