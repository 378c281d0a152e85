import { SimulatedLog } from '../support/simulated-log.ts';
import type { Rate, TopicPlan } from './plan.ts';
import type { Random } from './random.ts';

export interface PartitionState {
  readonly topic: SimulatedTopic;
  readonly partition: number;
  log: SimulatedLog;
  produce: Rate;
  leader: number | null;
  replicas: readonly number[];
  inSyncReplicas: readonly number[];
  /** Those of `replicas` that a reassignment is adding. */
  addingReplicas: readonly number[];
  leaderEpoch: number;
  /** The last offset is the end of a transaction: nothing to read there. */
  endsWithMarker: boolean;
  /** Offset of the first record of a transaction that is not ended; null: none is open. */
  openTransactionOffset: number | null;
}

export const brokerIds = [1, 2, 3] as const;

/** One topic: what is written to its partitions, and what retention leaves of it. */
export class SimulatedTopic {
  readonly plan: TopicPlan;
  readonly topic: string;
  /** Whoever changes it reconfigures the topic. */
  readonly config: TopicPlan['config'];
  topicId: string;
  partitions: readonly PartitionState[];
  isDeleted = false;
  readonly #firstBroker: number;
  #incarnation = 1;
  #nextMarkerMs = 0;

  constructor(plan: TopicPlan, random: Random, nowMs: number) {
    this.plan = plan;
    this.topic = plan.topic;
    this.topicId = `${plan.topic}-id`;
    this.config = plan.config;
    this.#firstBroker = random.integer(0, 2);
    this.partitions = plan.produce.map((produce, partition) => this.#newPartition(partition, produce, nowMs));
  }

  flow(nowMs: number, sinceStartMs: number, elapsedMs: number, noise: number, random: Random): void {
    if (this.isDeleted) return;
    const endsTransaction = this.plan.transactionEveryMs > 0 && nowMs >= this.#nextMarkerMs;
    if (endsTransaction) this.#nextMarkerMs = nowMs + this.plan.transactionEveryMs;
    for (const state of this.partitions) {
      const records = random.poisson((produceRate(state, sinceStartMs) * noise * elapsedMs) / 1000);
      if (records > 0) {
        state.log.write(records, nowMs, nowMs - this.plan.timestampDelayMs);
        state.endsWithMarker = false;
      }
      if (!endsTransaction || state.endsWithMarker || state.log.endOffset === 0) continue;
      state.log.write(1, nowMs);
      state.endsWithMarker = true;
    }
  }

  /** Gives every partition that has a leader its check; tells of each whose log start may have moved. */
  checkRetention(nowMs: number, checked: (state: PartitionState) => void): void {
    if (this.isDeleted) return;
    for (const state of this.partitions) {
      if (state.leader === null) continue;
      state.log.deleteExpired(nowMs);
      checked(state);
    }
  }

  /** New ones are empty; keys move to them. */
  addPartitions(produce: readonly Rate[], nowMs: number): void {
    const before = this.partitions.length;
    const added = produce.map((rate, index) => this.#newPartition(before + index, rate, nowMs));
    this.partitions = [...this.partitions, ...added];
  }

  /** Deleted and made anew under its name: another topic ID, empty logs. */
  recreate(nowMs: number): void {
    this.topicId = `${this.topic}-id-${++this.#incarnation}`;
    this.isDeleted = false;
    this.partitions = this.partitions.map(({ partition, produce }) => this.#newPartition(partition, produce, nowMs));
  }

  #newPartition(partition: number, produce: Rate, nowMs: number): PartitionState {
    const replicas = brokerIds
      .map((_, index) => brokerIds[(this.#firstBroker + partition + index) % brokerIds.length]!)
      .slice(0, this.plan.replicationFactor);
    return {
      ...{ topic: this, partition, produce, replicas, inSyncReplicas: replicas, addingReplicas: [] },
      ...{ leader: replicas[0]!, leaderEpoch: 1, endsWithMarker: false, openTransactionOffset: null },
      log: new SimulatedLog(this.config, this.plan.recordBytes, nowMs),
    };
  }
}

/** What is produced a second to one partition, by its plan. */
export function produceRate({ produce, leader, topic }: PartitionState, sinceStartMs: number): number {
  return leader === null || topic.isDeleted ? 0 : produce(sinceStartMs);
}

/** What a read_committed reader may read up to. */
export function lastStableOffset({ log, openTransactionOffset }: PartitionState): number {
  return openTransactionOffset === null ? log.endOffset : Math.min(openTransactionOffset, log.endOffset);
}
