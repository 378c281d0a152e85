import type { ClusterState, PartitionState, TopicState } from '../../model/snapshot.ts';
import type { Intake } from './intake.ts';

/** Brokers, topics, partitions and where they are led from. */
export function ingestCluster(intake: Intake): void {
  const { history, snapshot } = intake;
  const read = snapshot.reads.cluster;
  if (read === undefined) return;
  const isFirst = Number.isNaN(history.clusterReadAt);
  history.clusterReadAt = intake.readAt(read, null);
  history.clusterId = read.value.clusterId ?? history.clusterId;
  if (read.value.brokersUnread !== true) ingestBrokers(intake, read.value, isFirst);
  const moves = new LeaderMoves();
  for (const topic of read.value.topics) ingestTopic(intake, topic, isFirst, moves);
  moves.tell(intake);
  dropAbsentTopics(intake, read.value);
}

function ingestBrokers(intake: Intake, { brokers }: ClusterState, isFirst: boolean): void {
  const { history } = intake;
  const known = history.brokers;
  history.brokers = brokers;
  if (isFirst || known === null) return;
  const before = new Set(known.map(({ brokerId }) => brokerId));
  const now = new Set(brokers.map(({ brokerId }) => brokerId));
  for (const brokerId of before.difference(now)) {
    intake.tell('broker', 'gone', { brokerId }, `Broker ${brokerId} is no longer among the living.`);
  }
  for (const brokerId of now.difference(before)) {
    intake.tell('broker', 'back', { brokerId }, `Broker ${brokerId} is among the living.`);
  }
}

function ingestTopic(intake: Intake, state: TopicState, isFirst: boolean, moves: LeaderMoves): void {
  const { history, keeping } = intake;
  const topicRow = currentTopicRow(intake, state, isFirst);
  const entry = history.topics[topicRow]!;
  const before = entry.partitionRows.length;
  for (const partition of state.partitions) {
    const known = keeping.partitionRow(topicRow, partition.partition);
    const row = known >= 0 ? known : keeping.addPartition(topicRow, partition.partition);
    if (partition.stateUnread !== true) ingestPartition(intake, row, state.topic, partition, moves);
  }
  const added = entry.partitionRows.length - before;
  if (before > 0 && added > 0) {
    const subject = { topic: state.topic, ...(state.topicId !== null && { topicId: state.topicId }) };
    const more = added === 1 ? 'one more partition' : `${added} more partitions`;
    intake.tell('topic', 'partitions-added', subject, `Topic ${state.topic} has ${more}: keys move.`);
  }
  const { partitions } = entry.read;
  const now = entry.partitionRows.length;
  if (partitions !== null && now > partitions) entry.change = { ...entry.change, partitionsBefore: partitions };
  entry.read.partitions = now;
}

/** The row of the topic of this name as it is now: one with another topic ID is another topic (KIP-516). */
function currentTopicRow(intake: Intake, { topic, topicId }: TopicState, isFirst: boolean): number {
  const { history, keeping } = intake;
  const known = history.topicRows.get(topic);
  const subject = { topic, ...(topicId !== null && { topicId }) };
  if (known === undefined) {
    if (!isFirst) intake.tell('topic', 'created', subject, `Topic ${topic} was created.`);
    return keeping.addTopic(topic, topicId);
  }
  const entry = history.topics[known]!;
  if (entry.topicId === null || topicId === null || entry.topicId === topicId) {
    entry.topicId ??= topicId;
    return known;
  }
  intake.gone.topics.push({ topic, topicId: entry.topicId });
  intake.tell('topic', 're-created', subject, `Topic ${topic} was deleted and created anew.`);
  keeping.removeTopic(known);
  return keeping.addTopic(topic, topicId);
}

function ingestPartition(intake: Intake, row: number, topic: string, state: PartitionState, moves: LeaderMoves): void {
  const { numbers, codes } = intake.history.partitions;
  const before = numbers.leader[row]!;
  const wasRead = !Number.isNaN(numbers.replicas[row]!);
  if (wasRead && state.leader !== null && !Number.isNaN(before) && before !== state.leader) {
    moves.add(before, state.leader, topic, state.partition);
  }
  numbers.leader[row] = state.leader ?? Number.NaN;
  numbers.leaderEpoch[row] = state.leaderEpoch ?? Number.NaN;
  numbers.replicas[row] = state.replicas.length;
  numbers.inSyncReplicas[row] = state.inSyncReplicas.length;
  numbers.addingReplicas[row] = state.addingReplicas.length;
  if (codes.offline[row] === 1 && state.leader !== null) numbers.ledSince[row] = intake.history.clusterReadAt;
  codes.offline[row] = state.leader === null ? 1 : 0;
  intake.history.replicaIds[row] = state.replicas;
  intake.history.inSyncReplicaIds[row] = state.inSyncReplicas;
}

/** A topic that a complete read does not hold, and no failure covers, is gone. */
function dropAbsentTopics(intake: Intake, { topics }: ClusterState): void {
  const { history, keeping, seesAll } = intake;
  if (!seesAll || history.topicRows.size === topics.length) return;
  const present = new Set(topics.map(({ topic }) => topic));
  const coverage = intake.coverage('cluster');
  for (const [topic, row] of [...history.topicRows]) {
    if (present.has(topic) || coverage.covers({ topic })) continue;
    const { topicId } = history.topics[row]!;
    intake.gone.topics.push({ topic, topicId });
    const subject = { topic, ...(topicId !== null && { topicId }) };
    intake.tell('topic', 'deleted', subject, `Topic ${topic} was deleted.`);
    keeping.removeTopic(row);
  }
}

/** A broker that dies moves thousands of leaders: they are told together. */
class LeaderMoves {
  readonly #moves = new Map<string, { from: number; to: number; count: number; topic: string; partition: number }>();

  add(from: number, to: number, topic: string, partition: number): void {
    const key = `${from} ${to}`;
    const known = this.#moves.get(key);
    if (known === undefined) this.#moves.set(key, { from, to, count: 1, topic, partition });
    else known.count++;
  }

  tell(intake: Intake): void {
    for (const { from, to, count, topic, partition } of this.#moves.values()) {
      const subject = count === 1 ? { topic, partition } : { brokerId: from };
      const what = count === 1 ? `The leader of ${topic} partition ${partition}` : `The leaders of ${count} partitions`;
      intake.tell('leader', 'leader-moved', subject, `${what} moved from broker ${from} to ${to}.`);
    }
  }
}
