/** What a simulated cluster is made of, as data: drawn at random by the cases, lived through by the simulation. */
import type { GroupType, TopicConfig } from '../../src/model/snapshot.ts';

/** Records a second at a moment (ms since the watch began; before it: negative). */
export type Rate = (sinceStartMs: number) => number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** When the watch of every case begins, by the true clock. */
export const watchStartMs = 1_700_000_000_000;

export interface TopicPlan {
  topic: string;
  config: Required<Pick<TopicConfig, 'retentionMs' | 'retentionBytes' | 'segmentMs' | 'segmentBytes'>> & TopicConfig;
  /** One for each partition. */
  produce: readonly Rate[];
  recordBytes: number;
  /** How much older than its arrival a record's timestamp is. */
  timestampDelayMs: number;
  /** A transactional producer ends a transaction so often; each end takes an offset that nobody can read. 0: none. */
  transactionEveryMs: number;
  replicationFactor: number;
}

/** What a group can read of each partition of a topic, records/s. */
export interface Subscription {
  topic: string;
  consume: readonly Rate[];
}

export interface GroupPlan {
  groupId: string;
  type: Extract<GroupType, 'classic' | 'consumer'>;
  /** Assignor, as the group calls it. */
  protocolName: string;
  /** 0: it assigns itself its partitions, and commits. */
  members: number;
  /** So many members run on one host. */
  membersPerHost: number;
  /** Members have a group.instance.id. */
  isStatic: boolean;
  readsCommitted: boolean;
  subscriptions: readonly Subscription[];
  commitEveryMs: number;
  /** How far it was behind when the watch began, as a time; 0: it kept up. */
  behindMs: number;
  /** Commits after so many records instead of by time; 0: by time. */
  batchRecords: number;
}

export interface ClusterPlan {
  /** What the case is about. */
  topic: TopicPlan;
  group: GroupPlan;
  /** What else is in the cluster, and well. */
  besides: { topics: readonly TopicPlan[]; groups: readonly GroupPlan[] };
  checkIntervalMs: number;
  offsetsRetentionMs: number;
  transactionMaxTimeoutMs: number;
  /** Spread of the rates from minute to minute: standard deviation of their logarithm. */
  noise: number;
  /** How much of the past exists when the watch begins, ms. */
  pastMs: number;
}
