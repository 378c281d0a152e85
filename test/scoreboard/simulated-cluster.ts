import type { TopicConfig } from '../../src/model/snapshot.ts';
import { SimulatedLog } from '../support/simulated-log.ts';
import type { Random } from './random.ts';
import { SimulatedGroup } from './simulated-group.ts';

/** Records a second at a moment (ms since the watch began; before it: negative). */
export type Rate = (sinceStartMs: number) => number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** When the watch of every case begins, by the true clock. */
export const watchStartMs = 1_700_000_000_000;

export interface ClusterPlan {
  topicConfig: Required<Pick<TopicConfig, 'retentionMs' | 'retentionBytes' | 'segmentMs' | 'segmentBytes'>> &
    TopicConfig;
  checkIntervalMs: number;
  /** One for each partition. */
  produce: readonly Rate[];
  recordBytes: number;
  /** How much older than its arrival a record's timestamp is. */
  timestampDelayMs: number;
  /** A transactional producer ends a transaction so often; each end takes an offset that nobody can read. 0: none. */
  transactionEveryMs: number;
  /** Spread of the rates from minute to minute: standard deviation of their logarithm. */
  noise: number;
  replicationFactor: number;
  /** How much of the past exists when the watch begins, ms. */
  pastMs: number;
  group: {
    groupId: string;
    type: 'classic' | 'consumer';
    members: number;
    /** What it can read of each partition. */
    consume: readonly Rate[];
    commitEveryMs: number;
    /** How far it was behind when the watch began, as a time; 0: it kept up. */
    behindMs: number;
    /** Commits after so many records instead of by time; 0: by time. */
    batchRecords: number;
  };
}

export interface PartitionState {
  readonly partition: number;
  readonly log: SimulatedLog;
  readonly produce: Rate;
  leader: number | null;
  replicas: readonly number[];
  inSyncReplicas: readonly number[];
  /** Those of `replicas` that a reassignment is adding. */
  addingReplicas: readonly number[];
  leaderEpoch: number;
  /** The last offset is the end of a transaction: nothing to read there. */
  endsWithMarker: boolean;
}

interface Action {
  atMs: number;
  act: () => void;
}

/** Steps of the past that nobody watches are longer: so many in all. */
const stepsOfPast = 1500;
const tickMs = 5000;

/**
 * One topic, one group, three brokers, as processes in simulated time. Counts stand for records; between two events everything
 * goes on at its rate. Random is only what the seed gives.
 */
export class SimulatedCluster {
  readonly plan: ClusterPlan;
  readonly partitions: readonly PartitionState[];
  readonly group: SimulatedGroup;
  readonly brokers = new Set([1, 2, 3]);
  /** False: no broker answers the monitor. */
  reachable = true;
  /** Brokers that live and do not answer the monitor. */
  readonly frozen = new Set<number>();
  nowMs: number;
  readonly #random: Random;
  readonly #actions: Action[] = [];
  #nextCheckMs: number;
  #noiseUntilMs = 0;
  #noise = 1;
  #nextMarkerMs = 0;

  constructor(plan: ClusterPlan, random: Random) {
    this.plan = plan;
    this.#random = random;
    this.nowMs = watchStartMs - plan.pastMs;
    this.#nextCheckMs = this.nowMs + random.between(0, plan.checkIntervalMs);
    const first = random.integer(0, 2);
    this.partitions = plan.produce.map((produce, partition) => {
      const replicas = [0, 1, 2].map((n) => 1 + ((first + partition + n) % 3)).slice(0, plan.replicationFactor);
      return {
        ...{
          partition,
          produce,
          replicas,
          inSyncReplicas: replicas,
          leader: replicas[0]!,
          leaderEpoch: 1,
          addingReplicas: [],
        },
        log: new SimulatedLog(plan.topicConfig, plan.recordBytes, this.nowMs),
        endsWithMarker: false,
      };
    });
    this.group = new SimulatedGroup(plan.group, this.partitions, random);
    this.#livePast();
  }

  /** ms since the watch began */
  get sinceStartMs(): number {
    return this.nowMs - watchStartMs;
  }

  /** Lets something happen at a moment of the watch. */
  at(sinceStartMs: number, act: () => void): void {
    this.#actions.push({ atMs: watchStartMs + sinceStartMs, act });
    this.#actions.sort((a, b) => a.atMs - b.atMs);
  }

  /** What is produced a second to one partition, by its plan. */
  produceRate({ produce, leader }: PartitionState): number {
    return leader === null ? 0 : produce(this.sinceStartMs);
  }

  /** Lets time pass. */
  advanceTo(untilMs: number, stepMs = tickMs): void {
    while (this.nowMs < untilMs) {
      const nextActionMs = this.#actions[0]?.atMs ?? Number.POSITIVE_INFINITY;
      const to = Math.min(untilMs, this.nowMs + stepMs, this.#nextCheckMs, Math.max(nextActionMs, this.nowMs));
      const elapsedMs = to - this.nowMs;
      this.nowMs = to;
      if (elapsedMs > 0) this.#flow(elapsedMs);
      while (this.#actions[0] !== undefined && this.#actions[0].atMs <= to) this.#actions.shift()!.act();
      if (to >= this.#nextCheckMs) this.#checkRetention();
    }
  }

  /** A broker goes: its partitions get another leader from their in-sync replicas, or none. */
  stopBroker(brokerId: number): void {
    this.brokers.delete(brokerId);
    for (const state of this.partitions) {
      const others = state.inSyncReplicas.filter((id) => id !== brokerId);
      // The last one in sync stays in the list of a partition without a leader.
      if (others.length > 0) state.inSyncReplicas = others;
      if (state.leader === brokerId) this.#elect(state, others[0] ?? null);
    }
  }

  /** It comes back, and has caught up with its leaders after so long. */
  startBroker(brokerId: number, catchesUpAfterMs: number): void {
    this.brokers.add(brokerId);
    for (const state of this.partitions) {
      if (state.leader === null && state.inSyncReplicas.includes(brokerId)) this.#elect(state, brokerId);
    }
    this.at(this.sinceStartMs + catchesUpAfterMs, () => this.growInSync(brokerId));
  }

  shrinkInSync(brokerId: number): void {
    for (const state of this.partitions) {
      if (state.leader === brokerId || state.inSyncReplicas.length === 1) continue;
      state.inSyncReplicas = state.inSyncReplicas.filter((id) => id !== brokerId);
    }
  }

  growInSync(brokerId: number): void {
    for (const state of this.partitions) {
      if (!state.replicas.includes(brokerId) || !this.brokers.has(brokerId)) continue;
      state.inSyncReplicas = state.replicas.filter((id) => id === brokerId || state.inSyncReplicas.includes(id));
    }
  }

  moveLeader(state: PartitionState): void {
    const next = state.inSyncReplicas.find((id) => id !== state.leader);
    if (next !== undefined) this.#elect(state, next);
  }

  #elect(state: PartitionState, leader: number | null): void {
    state.leader = leader;
    state.leaderEpoch++;
  }

  #livePast(): void {
    const { pastMs, group } = this.plan;
    const stepMs = Math.max(tickMs, pastMs / stepsOfPast);
    this.group.standing = group.behindMs > 0;
    this.advanceTo(watchStartMs - Math.min(group.behindMs, pastMs), stepMs);
    if (group.behindMs > 0) this.group.jumpToEnd();
    this.advanceTo(watchStartMs, stepMs);
    this.group.standing = false;
    this.group.forgetPast();
  }

  #flow(elapsedMs: number): void {
    const noise = this.#noiseNow();
    const endsTransaction = this.plan.transactionEveryMs > 0 && this.nowMs >= this.#nextMarkerMs;
    if (endsTransaction) this.#nextMarkerMs = this.nowMs + this.plan.transactionEveryMs;
    for (const state of this.partitions) {
      const records = this.#random.poisson((this.produceRate(state) * noise * elapsedMs) / 1000);
      if (records > 0) {
        state.log.write(records, this.nowMs, this.nowMs - this.plan.timestampDelayMs);
        state.endsWithMarker = false;
      }
      if (!endsTransaction || state.endsWithMarker || state.log.endOffset === 0) continue;
      state.log.write(1, this.nowMs);
      state.endsWithMarker = true;
    }
    this.group.flow(this.nowMs, this.sinceStartMs, elapsedMs);
  }

  #noiseNow(): number {
    if (this.nowMs >= this.#noiseUntilMs) {
      // Of mean 1: what the plan says is the true rate.
      this.#noise = Math.exp(this.plan.noise * this.#random.normal() - this.plan.noise ** 2 / 2);
      this.#noiseUntilMs = this.nowMs + minuteMs;
    }
    return this.#noise;
  }

  #checkRetention(): void {
    this.#nextCheckMs += this.plan.checkIntervalMs;
    for (const { log, leader, partition } of this.partitions) {
      if (leader === null) continue;
      log.deleteExpired(this.nowMs);
      this.group.deletedUpTo(partition, log.logStart, this.nowMs);
    }
  }

  /** When retention is checked next, and every interval after. */
  get nextCheckMs(): number {
    return this.#nextCheckMs;
  }
}
