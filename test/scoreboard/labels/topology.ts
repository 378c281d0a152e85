/** Topics and partitions, as labels look at them. */
import type { PartitionState, SimulatedTopic } from '../simulated-topic.ts';
import type { Moment, Subject } from './label.ts';

/** Calls for each topic that exists. */
export function eachTopic({ cluster }: Moment, look: (topic: SimulatedTopic) => void): void {
  for (const topic of cluster.topics) if (!topic.isDeleted) look(topic);
}

export function eachPartition(moment: Moment, look: (state: PartitionState) => void): void {
  eachTopic(moment, ({ partitions }) => partitions.forEach(look));
}

export function topicSubject({ topic }: SimulatedTopic): Subject {
  return { topic };
}

export function partitionSubject({ topic, partition }: PartitionState): Subject {
  return { topic: topic.topic, partition };
}

/** Replicas but for those that a reassignment is adding. */
export function ownReplicas({ replicas, addingReplicas }: PartitionState): readonly number[] {
  return replicas.filter((id) => !addingReplicas.includes(id));
}
