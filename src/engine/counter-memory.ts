import type { ClusterHistory } from '../history/cluster-history.ts';
import type { EngineMemory } from '../model/report.ts';

type GroupTopicMemory = EngineMemory['groupTopics'][number];
type GroupMemory = EngineMemory['groups'][number];

/** Counters that outlive the process. Those of a group that has not come back yet are kept until it does. */
export class CounterMemory {
  #groupTopics = new Map<string, GroupTopicMemory>();
  #groups = new Map<string, GroupMemory>();

  restore({ groupTopics, groups }: EngineMemory): void {
    this.#groupTopics = new Map(groupTopics.map((entry) => [keyOf(entry), entry]));
    this.#groups = new Map(groups.map((entry) => [entry.groupId, entry]));
  }

  /** Adds what was restored to the rows that have come to life. */
  giveBack(history: ClusterHistory): void {
    for (const [groupId, { rebalances, rebalancingSeconds }] of this.#groups) {
      const row = history.groupRows.get(groupId);
      if (row === undefined) continue;
      history.groupColumns.numbers.rebalances[row]! += rebalances;
      history.groupColumns.numbers.rebalancingSeconds[row]! += rebalancingSeconds;
      this.#groups.delete(groupId);
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

  remember(history: ClusterHistory): Pick<EngineMemory, 'groupTopics' | 'groups'> {
    const groups = [...this.#groups.values()];
    const groupTopics = [...this.#groupTopics.values()];
    for (const [groupId, row] of history.groupRows) {
      const { rebalances, rebalancingSeconds } = history.groupColumns.numbers;
      groups.push({ groupId, rebalances: rebalances[row]!, rebalancingSeconds: rebalancingSeconds[row]! });
      for (const [topicRow, groupTopic] of history.groups[row]!.topics) {
        const { topic, topicId } = history.topics[topicRow]!;
        const counters = Object.fromEntries(
          Object.entries(history.counters.numbers).map(([name, numbers]) => [name, numbers[groupTopic]!]),
        );
        groupTopics.push({ groupId, topic, topicId, counters });
      }
    }
    return { groups, groupTopics };
  }
}

function groupTopicRow(
  { groupRows, groups, topicRows, topics }: ClusterHistory,
  groupId: string,
  topic: string,
  topicId: string | null,
): number | undefined {
  const groupRow = groupRows.get(groupId);
  const topicRow = topicRows.get(topic);
  if (groupRow === undefined || topicRow === undefined || topics[topicRow]!.topicId !== topicId) return undefined;
  return groups[groupRow]!.topics.get(topicRow);
}

function keyOf({ groupId, topic, topicId }: GroupTopicMemory): string {
  return `${groupId}\n${topicId ?? topic}`;
}
