import type {
  ClusterState,
  Facet,
  Failure,
  GroupCommits,
  GroupMembership,
  GroupType,
  LogDirs,
  Permissions,
  Quorum,
  TimeAnswer,
  TimeProbe,
  TopicEndOffsets,
  TopicOffsets,
  TopicPartitions,
} from '../model/snapshot.ts';

/** How to reach one cluster. */
export interface ClusterConnection {
  /** `host:port` of some brokers; the others are learned from them. */
  bootstrapServers: readonly string[];
  /** What brokers write into their request logs and quotas. */
  clientId: string;
  /** A connection that is not ready by then has failed. */
  connectTimeoutMs: number;
  /** A broker that has not answered by then costs its own partitions and groups in this cycle. */
  requestTimeoutMs: number;
}

/** What could not be read, before the collector puts its name to it. */
export type PortFailure = Omit<Failure, 'collector'>;

/**
 * A partial answer is normal: `value` holds what was read and `failures` what was not, with what each covers.
 * Only a question that no broker at all could be asked throws: TidemarkError `upstream.*`.
 */
export interface Answer<T> {
  value: T;
  /** When each broker answered (the last of its answers), by broker ID, milliseconds since the epoch. */
  brokers: Readonly<Record<number, number>>;
  failures: readonly PortFailure[];
}

/** Who we are talking to, and whether Kafka shows us all of it. */
export interface ClusterAccess {
  clusterId: string | null;
  /** CLUSTER Describe: without it ListGroups and Metadata silently leave out what we may not see. */
  maySeeEverything: boolean;
}

export interface Reassignment {
  topic: string;
  partition: number;
  addingReplicas: readonly number[];
}

/** Values of configuration keys by the key's name; null where Kafka hides or has none. */
export type ConfigValues = Readonly<Record<string, string | null>>;

export interface ListedGroup {
  groupId: string;
  type: GroupType;
  /** Empty where nobody has joined since the group began (offsets committed without membership). */
  protocolType: string;
  state: string;
  listedBy: number;
}

export interface GroupListing {
  groups: readonly ListedGroup[];
  /** Every broker answered without an error and every partition of `__consumer_offsets` has a leader. */
  complete: boolean;
}

/** A group to ask about, and the broker that listed it: the fallback where its coordinator cannot be derived. */
export interface GroupRef {
  groupId: string;
  listedBy: number | null;
}

/** Requests sent and bytes received of one Kafka API since the port was made. */
export interface ApiTraffic {
  requests: number;
  receivedBytes: number;
}

/**
 * All that tidemark asks a Kafka cluster, one method a question. Adapters find leaders and coordinators, chunk, retry what is
 * stale once, and honour throttling; collectors decide what the answers mean. When the signal fires, a method returns what it
 * has, and the rest as failures.
 */
export interface KafkaPort extends AsyncDisposable {
  /** The collectors whose questions this adapter can answer. */
  readonly supports: ReadonlySet<Facet>;
  /** By name of the Kafka API, as in `OffsetFetch`. */
  readonly traffic: ReadonlyMap<string, Readonly<ApiTraffic>>;

  clusterAccess(signal: AbortSignal): Promise<ClusterAccess>;
  /** Brokers, topics (internal ones too), partitions; also what the other questions are routed by. `addingReplicas` is left empty. */
  clusterState(signal: AbortSignal): Promise<Answer<ClusterState>>;
  /** Asks for topics by name; the value holds those that Kafka knows not. */
  unknownTopics(topics: readonly string[], signal: AbortSignal): Promise<Answer<readonly string[]>>;
  reassignments(signal: AbortSignal): Promise<Answer<readonly Reassignment[]>>;
  topicConfigs(
    topics: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<Answer<readonly { topic: string; values: ConfigValues }[]>>;
  /** Configuration of any one living broker. */
  brokerConfig(keys: readonly string[], signal: AbortSignal): Promise<Answer<ConfigValues>>;
  logDirs(signal: AbortSignal): Promise<Answer<LogDirs>>;
  /** The metadata quorum, by whichever broker answers. A cluster that still runs on ZooKeeper has none: upstream.unsupported. */
  quorum(signal: AbortSignal): Promise<Answer<Quorum>>;
  /** What Kafka lets us do with the cluster and with these topics (KIP-430). */
  permissions(topics: readonly string[], signal: AbortSignal): Promise<Answer<Permissions>>;

  logStartOffsets(
    partitions: readonly TopicPartitions[],
    signal: AbortSignal,
  ): Promise<Answer<readonly TopicOffsets[]>>;
  /** For each partition the last stable offset first, then the high watermark. */
  endOffsets(partitions: readonly TopicPartitions[], signal: AbortSignal): Promise<Answer<readonly TopicEndOffsets[]>>;
  offsetsForTimes(probes: readonly TimeProbe[], signal: AbortSignal): Promise<Answer<readonly TimeAnswer[]>>;

  listGroups(signal: AbortSignal): Promise<Answer<GroupListing>>;
  /** Groups of the classic protocol. One that its coordinator does not know comes back with state Dead. */
  describeClassicGroups(groups: readonly GroupRef[], signal: AbortSignal): Promise<Answer<readonly GroupMembership[]>>;
  /** KIP-848 groups. One that its coordinator does not know comes back with state Dead. */
  describeConsumerGroups(groups: readonly GroupRef[], signal: AbortSignal): Promise<Answer<readonly GroupMembership[]>>;
  /** All committed offsets of each group. A group that was read and has none is in the value with no topics. */
  committedOffsets(groups: readonly GroupRef[], signal: AbortSignal): Promise<Answer<readonly GroupCommits[]>>;
}
