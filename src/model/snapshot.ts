/**
 * What one cycle read of one cluster, and what the collectors carry from cycle to cycle.
 *
 * A facet that is missing from a snapshot was not read in this cycle: the engine goes on with its last value and its age.
 * Offsets are record offsets (Kafka int64, exact in a double up to 2^53), times are milliseconds since the epoch, sizes are bytes.
 */

export interface Broker {
  brokerId: number;
  host: string;
  port: number;
  rack: string | null;
}

export interface PartitionState {
  partition: number;
  /** Broker ID of the leader; null where the partition is offline. */
  leader: number | null;
  leaderEpoch: number | null;
  replicas: readonly number[];
  inSyncReplicas: readonly number[];
  /** Replicas that a running reassignment is adding (KIP-455); they count in `replicas` too. */
  addingReplicas: readonly number[];
  /** Set where only that the partition exists was read (a trace may leave the rest out): the fields above then say nothing. */
  stateUnread?: true;
}

export interface TopicState {
  topic: string;
  /** KIP-516 topic ID; null on brokers that have none (then the name is the identity). */
  topicId: string | null;
  partitions: readonly PartitionState[];
}

export interface ClusterState {
  /** Kafka's own cluster ID; null where it could not be read (a trace may leave it out). */
  clusterId: string | null;
  /** The living brokers. Metadata lists no others. */
  brokers: readonly Broker[];
  /** Set where a trace lists topics and leaves the brokers out: `brokers` is then empty and says nothing. */
  brokersUnread?: true;
  topics: readonly TopicState[];
}

/** Topic settings that decide retention and availability. A field that is missing was not read. -1 as Kafka has it: no limit. */
export interface TopicConfig {
  retentionMs?: number;
  retentionBytes?: number;
  cleanupPolicy?: readonly string[];
  minInSyncReplicas?: number;
  segmentMs?: number;
  segmentBytes?: number;
  uncleanLeaderElection?: boolean;
  timestampType?: string;
  remoteStorageEnable?: boolean;
  deleteRetentionMs?: number;
}

export interface BrokerConfig {
  offsetsRetentionMs?: number;
  retentionCheckIntervalMs?: number;
  transactionMaxTimeoutMs?: number;
}

/** Offsets of one topic, as parallel arrays: `offsets[i]` belongs to partition `partitions[i]`. Only what was read is in it. */
export interface TopicOffsets {
  topic: string;
  partitions: readonly number[];
  offsets: readonly number[];
}

/** End offsets of one topic, as parallel arrays; NaN where one of the two was not read. */
export interface TopicEndOffsets {
  topic: string;
  partitions: readonly number[];
  highWatermarks: readonly number[];
  lastStableOffsets: readonly number[];
}

/** Committed offsets of one group, by topic. A partition without a commit is not in it. */
export interface GroupCommits {
  groupId: string;
  topics: readonly TopicOffsets[];
}

export interface TopicPartitions {
  topic: string;
  partitions: readonly number[];
}

export interface GroupMember {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  /** Generation that the member's subscription was written in (subscription version 2 and later); null where it carries none. */
  generationId: number | null;
  /** Null where Kafka does not tell (not a consumer protocol, or not Stable). */
  subscribedTopics: readonly string[] | null;
  assignment: readonly TopicPartitions[] | null;
}

/** `classic` (JoinGroup), `consumer` (KIP-848), `share` (KIP-932), `streams` (KIP-1071); `unknown` as ListGroups of an old broker has it. */
export type GroupType = 'classic' | 'consumer' | 'share' | 'streams' | 'unknown';

export interface GroupMembership {
  groupId: string;
  type: GroupType;
  protocolType: string | null;
  /** The assignor, as the group calls it: `range`, `cooperative-sticky`, `uniform`, ... */
  protocolName: string | null;
  /** Kafka's own word: Stable, Empty, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Dead. */
  state: string;
  coordinatorId: number | null;
  /** KIP-848 group epoch; null for classic groups. */
  epoch: number | null;
  /** Null where members were not described (an Empty group is not asked). */
  members: readonly GroupMember[] | null;
}

/** The first offset of a partition whose record timestamp is at or after `timestampMs`; null: none is (ListOffsets answered -1). */
export interface TimeAnswer {
  topic: string;
  partition: number;
  timestampMs: number;
  offset: number | null;
}

export interface LogDir {
  brokerId: number;
  path: string;
  /** KIP-827 totals; null before Kafka 3.3. */
  totalBytes: number | null;
  usableBytes: number | null;
  /** Kafka's error name where the directory is offline. */
  error: string | null;
}

export interface LogDirs {
  logDirs: readonly LogDir[];
  /** Size of the leader's log, by topic, as parallel arrays. */
  sizes: readonly { topic: string; partitions: readonly number[]; sizeBytes: readonly number[] }[];
}

/** One voter of the metadata quorum (KIP-595): a controller, which need not be a broker. */
export interface QuorumVoter {
  /** The node's ID. */
  brokerId: number;
  /** Records of the metadata log that it lacks; null where the leader has not heard of it in its epoch. */
  lag: number | null;
  /** When the leader saw it fetch last, and when it last had all of the log, by the leader's clock (KIP-836); null: not in this epoch. */
  lastFetchMs: number | null;
  lastCaughtUpMs: number | null;
}

/** The metadata quorum of a KRaft cluster, as its leader tells it. */
export interface Quorum {
  /** Null where a trace leaves it out. */
  leaderId: number | null;
  leaderEpoch: number | null;
  voters: readonly QuorumVoter[];
}

/** Operations of Kafka's AclOperation that a resource can be described with, in the order of their codes. */
export const aclOperations = [
  'read',
  'write',
  'create',
  'delete',
  'alter',
  'describe',
  'clusterAction',
  'describeConfigs',
  'alterConfigs',
  'idempotentWrite',
  'createTokens',
  'describeTokens',
  'twoPhaseCommit',
] as const;
export type AclOperation = (typeof aclOperations)[number];

/** What Kafka lets us do (KIP-430). A topic that it hides is not in it. */
export interface Permissions {
  /** As whom Kafka knows us, as in `User:ANONYMOUS`; null: the adapter does not know. */
  principal: string | null;
  cluster: readonly AclOperation[];
  /** Topics with the same operations together: mostly it is one entry. None allowed: Kafka denied the topic by name. */
  topics: readonly { operations: readonly AclOperation[]; names: readonly string[] }[];
}

/** What a snapshot may hold, by the collector that reads it. */
export interface Facets {
  cluster: ClusterState;
  'topic-configs': readonly { topic: string; config: TopicConfig }[];
  'broker-configs': BrokerConfig;
  'log-dirs': LogDirs;
  'log-start-offsets': readonly TopicOffsets[];
  'group-membership': readonly GroupMembership[];
  'committed-offsets': readonly GroupCommits[];
  'end-offsets': readonly TopicEndOffsets[];
  'offsets-for-times': readonly TimeAnswer[];
  quorum: Quorum;
  permissions: Permissions;
}
export type Facet = keyof Facets;

/**
 * Something that could not be read, and what it covers. A scope's fields combine by AND; no scope field = all that the collector reads.
 * `brokerId` alone covers the partitions that the broker leads and the groups that it coordinates (every group where none is known);
 * `topics` without `groupIds` means those topics in all groups.
 */
export interface Failure {
  collector: Facet;
  /** A code of the error catalogue (errors.ts). */
  code: string;
  /** One sentence for a human; never a secret. */
  message?: string;
  brokerId?: number;
  groupIds?: readonly string[];
  topics?: readonly { topic: string; partitions?: readonly number[] }[];
}

/** One collector's answer. Partial is normal: `value` holds what was read, `failures` what was not. */
export interface Read<T> {
  value: T;
  observedAtMs: number;
  /** Read time by broker where it differs from observedAtMs: rates use the time of the broker that answered. */
  brokers?: Readonly<Record<number, number>>;
  failures: readonly Failure[];
}

export type FacetReads = { readonly [F in Facet]?: Read<Facets[F]> };

/** How one collector fared in this cycle, as data. */
export interface CollectorRun {
  collector: Facet;
  startedAtMs: number;
  durationMs: number;
  /** ok: all was read; partial: some; failed: nothing. */
  outcome: 'ok' | 'partial' | 'failed';
  everyMs: number;
}

export interface Snapshot {
  /** Name of the cluster as the user calls it (default: Kafka's cluster ID). */
  cluster: string;
  atMs: number;
  /** Identity of the process that recorded; monotonicMs compares only within one recorder. */
  recorder?: string;
  monotonicMs?: number;
  /** filtered: tidemark may not see everything (no CLUSTER Describe), so nothing absent counts as gone. */
  completeness: 'full' | 'filtered';
  reads: FacetReads;
  /** Failures of collectors that read nothing at all in this cycle (their facet is absent from `reads`); partial ones are in their Read. */
  failures: readonly Failure[];
  /** Absent in a trace. */
  runs?: readonly CollectorRun[];
}

/** A question of the engine for the next cycle: the first offset of this partition at or after this time. */
export interface TimeProbe {
  topic: string;
  partition: number;
  timestampMs: number;
}

/** A group that discovery knows. It stays known until Kafka itself says that it is gone. */
export interface KnownGroup {
  groupId: string;
  type: GroupType;
  protocolType: string | null;
  state: string;
  /** The broker that listed it last: fallback where the coordinator cannot be derived. */
  listedBy: number | null;
  /** Complete listings in a row that did not hold it. */
  missingListings: number;
}

/** What the collectors carry from cycle to cycle; restored from the store at start. */
export interface Discovery {
  groups: ReadonlyMap<string, KnownGroup>;
  /** Cycles in a row in which Metadata, asked by name, said UNKNOWN_TOPIC_OR_PARTITION, by topic. */
  missingTopics: ReadonlyMap<string, number>;
  /** Those of them that Kafka would not tell us of: they may well be there. Found anew in each cycle. */
  deniedTopics?: ReadonlySet<string>;
}

/** What earlier phases and cycles found, handed to each collector. `snapshot.reads` holds the phases of this cycle that have ended. */
export interface Known {
  reads: FacetReads;
  /** The last cluster state that was read, now or earlier. */
  cluster: ClusterState | null;
  discovery: Discovery;
  timeProbes: readonly TimeProbe[];
}
