import type { ClusterHistory, GroupEntry } from '../../history/cluster-history.ts';
import { isSettled } from '../../history/row-keeping.ts';
import type { TopicPartitions } from '../../model/snapshot.ts';

const none: readonly TopicPartitions[] = [];

/**
 * Partitions of subscribed topics that no member of a settled group has. Taken from subscriptions, not from commits: of a partition
 * that nobody reads there may be no commit, and so no series. Topics that tidemark does not watch, or may not see, are left out.
 * Null where Kafka does not tell who has what. To be called once the group's series are linked to their owners.
 */
export function unassignedPartitions(history: ClusterHistory, entry: GroupEntry): readonly TopicPartitions[] | null {
  // Members of share groups read the same partitions together; those of Connect and others tell no assignment.
  if (entry.type === 'share') return null;
  if (entry.state === 'Empty' || entry.state === 'Dead') return none;
  if (!isSettled(entry) || entry.memberList!.some(({ assignment }) => assignment === null)) return null;
  const topics = new Set<string>();
  for (const { subscribedTopics, assignment } of entry.memberList!) {
    for (const topic of subscribedTopics ?? []) topics.add(topic);
    for (const { topic } of assignment!) topics.add(topic);
  }
  let unassigned: TopicPartitions[] | undefined;
  for (const topic of topics) {
    const partitions = withoutOwner(history, entry, topic);
    if (partitions.length === 0) continue;
    unassigned ??= [];
    unassigned.push({ topic, partitions });
  }
  return unassigned ?? none;
}

function withoutOwner(history: ClusterHistory, entry: GroupEntry, topic: string): number[] {
  const topicRow = history.topicRows.get(topic);
  if (topicRow === undefined) return [];
  const { links } = history.series;
  const groupTopicRow = entry.topics.get(topicRow);
  const rows = groupTopicRow === undefined ? [] : history.groupTopics[groupTopicRow]!.rowByPartition;
  const partitions: number[] = [];
  for (const partitionRow of history.topics[topicRow]!.partitionRows) {
    const partition = history.partitions.links.partition[partitionRow]!;
    const row = rows[partition] ?? -1;
    if (row < 0 || links.memberIndex[row]! < 0) partitions.push(partition);
  }
  return partitions;
}
