import type { AclOperation, Facet } from '../../src/model/snapshot.ts';
import { type ClusterPlan, minuteMs, watchStartMs } from './plan.ts';
import type { Random } from './random.ts';
import { SimulatedGroup } from './simulated-group.ts';
import { brokerIds, type PartitionState, SimulatedTopic } from './simulated-topic.ts';

interface Action {
  atMs: number;
  act: () => void;
}

/** A log directory of a broker: how big its volume is, and what lies on it beside the simulated logs. */
export interface Disk {
  brokerId: number;
  path: string;
  /** null: the broker does not tell (before Kafka 3.3). */
  totalBytes: number | null;
  otherBytes: number;
  /** Kafka's error name where the directory is offline. */
  error: string | null;
}

/** A voter of the metadata quorum: how far it is behind its leader, and since when it does not fetch (null: it does). */
export interface Voter {
  brokerId: number;
  lag: number;
  silentSinceMs: number | null;
}

/** Steps of the past that nobody watches are longer: so many in all. */
const stepsOfPast = 1500;
const tickMs = 5000;
const diskBytes = 1e15;

/**
 * Topics, groups and three brokers, as processes in simulated time. Counts stand for records; between two events everything
 * goes on at its rate. Random is only what the seed gives.
 */
export class SimulatedCluster {
  readonly plan: ClusterPlan;
  /** The first is the one that the case is about. */
  readonly topics: readonly SimulatedTopic[];
  /** The first is the one that the case is about. */
  readonly groups: readonly SimulatedGroup[];
  readonly brokers = new Set<number>(brokerIds);
  readonly disks: readonly Disk[] = brokerIds.map((brokerId) => ({
    ...{ brokerId, path: 'd0', totalBytes: diskBytes, otherBytes: diskBytes / 4, error: null },
  }));
  readonly quorum = {
    leaderId: 1,
    leaderEpoch: 1,
    voters: brokerIds.map((brokerId): Voter => ({ brokerId, lag: 0, silentSinceMs: null })),
  };
  /** What Kafka lets the monitor do with the cluster, and with each topic. */
  readonly allowed: { cluster: AclOperation[]; topics: AclOperation[] } = {
    cluster: ['describe', 'describeConfigs'],
    topics: ['describe', 'describeConfigs'],
  };
  /** False: no broker answers the monitor. */
  reachable = true;
  /** Brokers that live and do not answer the monitor. */
  readonly frozen = new Set<number>();
  /** Collectors whose requests nobody answers. */
  readonly failing = new Set<Facet>();
  nowMs: number;
  readonly #random: Random;
  readonly #actions: Action[] = [];
  #nextCheckMs: number;
  #noiseUntilMs = 0;
  #noise = 1;

  constructor(plan: ClusterPlan, random: Random) {
    this.plan = plan;
    this.#random = random;
    this.nowMs = watchStartMs - plan.pastMs;
    this.#nextCheckMs = this.nowMs + random.between(0, plan.checkIntervalMs);
    this.topics = [plan.topic, ...plan.besides.topics].map((topic) => new SimulatedTopic(topic, random, this.nowMs));
    this.groups = [plan.group, ...plan.besides.groups].map(
      (group, index) => new SimulatedGroup(group, this.topics, random, brokerIds[index % brokerIds.length]!),
    );
    this.#livePast();
  }

  /** The topic that the case is about. */
  get topic(): SimulatedTopic {
    return this.topics[0]!;
  }

  /** The group that the case is about. */
  get group(): SimulatedGroup {
    return this.groups[0]!;
  }

  /** All partitions of all topics. */
  get partitions(): readonly PartitionState[] {
    return this.topics.flatMap(({ partitions }) => partitions);
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
      if (state.leader === brokerId) elect(state, others[0] ?? null);
    }
  }

  /** It comes back, and has caught up with its leaders after so long. */
  startBroker(brokerId: number, catchesUpAfterMs: number): void {
    this.brokers.add(brokerId);
    for (const state of this.partitions) {
      if (state.leader === null && state.inSyncReplicas.includes(brokerId)) elect(state, brokerId);
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
    if (next !== undefined) elect(state, next);
  }

  /** An unclean election: the new leader lacks the last records. */
  truncate(state: PartitionState, records: number): void {
    state.log.truncate(Math.max(state.log.logStart, state.log.endOffset - records));
    state.leaderEpoch++;
  }

  /** The topic goes, and the commits of its readers with it. */
  deleteTopic(topic: SimulatedTopic): void {
    topic.isDeleted = true;
    for (const group of this.groups) group.followRecreated(topic);
  }

  /** It is made anew under its name: another topic ID, empty logs. */
  recreateTopic(topic: SimulatedTopic): void {
    topic.recreate(this.nowMs);
    for (const group of this.groups) group.followRecreated(topic);
  }

  #livePast(): void {
    const { pastMs } = this.plan;
    const stepMs = Math.max(tickMs, pastMs / stepsOfPast);
    const late = this.groups.filter(({ plan }) => plan.behindMs > 0);
    for (const group of late) {
      group.standing = true;
      this.at(-Math.min(group.plan.behindMs, pastMs), () => group.jumpToEnd());
    }
    this.advanceTo(watchStartMs, stepMs);
    for (const group of late) group.standing = false;
    for (const group of this.groups) group.forgetPast();
  }

  #flow(elapsedMs: number): void {
    const noise = this.#noiseNow();
    for (const topic of this.topics) topic.flow(this.nowMs, this.sinceStartMs, elapsedMs, noise, this.#random);
    for (const group of this.groups) group.flow(this.nowMs, this.sinceStartMs, elapsedMs);
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
    for (const group of this.groups) group.expireOffsets(this.nowMs, this.plan.offsetsRetentionMs);
    for (const topic of this.topics) {
      topic.checkRetention(this.nowMs, (state) => {
        for (const group of this.groups) group.deletedUpTo(state, this.nowMs);
      });
    }
  }

  /** When retention is checked next, and every interval after. */
  get nextCheckMs(): number {
    return this.#nextCheckMs;
  }
}

/** null: the partition is offline. */
function elect(state: PartitionState, leader: number | null): void {
  state.leader = leader;
  state.leaderEpoch++;
}
