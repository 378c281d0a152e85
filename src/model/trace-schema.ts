import { type Static, type TSchema, Type } from 'typebox';

/**
 * The trace format: a recorded cluster as JSON lines, one snapshot a line. Only `cluster` and `atMs` are required; what is left
 * out was not read. Keys that are not named here are ignored, so that a newer recorder's lines can be read.
 */

/** Kafka's int64 as far as a double is exact. */
const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Settings and sizes: any int64, -1 = no limit. */
const Long = Type.Number({ minimum: -1, maximum: 2 ** 63 });
const Int32 = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
/** Kafka numbers partitions from 0 without gaps, so rows are kept by number: no topic has a hundred thousand. */
const Partition = Type.Integer({ minimum: 0, maximum: 99_999 });
/** Up to the last moment that a JavaScript date can name. */
const TimeMs = Type.Number({ minimum: 0, maximum: 8.64e15 });
const Name = Type.String({ maxLength: 32_767 });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

const TraceLogDir = Type.Object({
  path: Type.String(),
  totalBytes: optional(orNull(Long)),
  usableBytes: optional(orNull(Long)),
  error: optional(orNull(Type.String())),
});

const TraceBroker = Type.Object({
  brokerId: Int32,
  /** Left out where only the log dirs of the broker were read. */
  host: optional(Type.String()),
  port: optional(Int32),
  rack: optional(orNull(Type.String())),
  logDirs: optional(Type.Array(TraceLogDir)),
});

const TraceTopicConfig = Type.Object({
  retentionMs: optional(Long),
  retentionBytes: optional(Long),
  cleanupPolicy: optional(Type.Array(Type.String())),
  minInSyncReplicas: optional(Int32),
  segmentMs: optional(Long),
  segmentBytes: optional(Long),
  uncleanLeaderElection: optional(Type.Boolean()),
  timestampType: optional(Type.String()),
  remoteStorageEnable: optional(Type.Boolean()),
  deleteRetentionMs: optional(Long),
});

const TracePartition = Type.Object({
  partition: Partition,
  leader: optional(orNull(Int32)),
  leaderEpoch: optional(orNull(Int32)),
  replicas: optional(Type.Array(Int32)),
  inSyncReplicas: optional(Type.Array(Int32)),
  addingReplicas: optional(Type.Array(Int32)),
  logStartOffset: optional(orNull(Offset)),
  lastStableOffset: optional(orNull(Offset)),
  highWatermark: optional(orNull(Offset)),
  sizeBytes: optional(orNull(Long)),
  offsetsForTimes: optional(orNull(Type.Array(Type.Object({ timestampMs: TimeMs, offset: orNull(Offset) })))),
});

const TraceTopic = Type.Object({
  topic: Name,
  topicId: optional(orNull(Type.String())),
  config: optional(orNull(TraceTopicConfig)),
  partitions: optional(Type.Array(TracePartition)),
});

const TraceTopicPartitions = Type.Object({ topic: Name, partitions: Type.Array(Partition) });

const TraceMember = Type.Object({
  memberId: Type.String(),
  groupInstanceId: optional(orNull(Type.String())),
  clientId: optional(Type.String()),
  clientHost: optional(Type.String()),
  generationId: optional(orNull(Type.Integer({ minimum: -1, maximum: 2 ** 31 - 1 }))),
  subscribedTopics: optional(orNull(Type.Array(Name))),
  assignment: optional(orNull(Type.Array(TraceTopicPartitions))),
});

const TraceCommit = Type.Object({ topic: Name, partition: Partition, committedOffset: orNull(Offset) });

const TraceGroup = Type.Object({
  groupId: Name,
  type: optional(Type.Enum(['classic', 'consumer', 'share', 'streams', 'unknown'])),
  protocolType: optional(orNull(Type.String())),
  protocolName: optional(orNull(Type.String())),
  /** Left out where the group's membership was not read. */
  state: optional(orNull(Type.String())),
  coordinatorId: optional(orNull(Int32)),
  epoch: optional(orNull(Int32)),
  members: optional(orNull(Type.Array(TraceMember))),
  committed: optional(orNull(Type.Array(TraceCommit))),
});

const TraceFailure = Type.Object({
  collector: Type.String(),
  code: Type.String(),
  message: optional(Type.String()),
  brokerId: optional(Int32),
  groupIds: optional(Type.Array(Name)),
  topics: optional(Type.Array(Type.Object({ topic: Name, partitions: optional(Type.Array(Partition)) }))),
});

const TraceQuorum = Type.Object({
  leaderId: optional(orNull(Int32)),
  leaderEpoch: optional(orNull(Int32)),
  voters: optional(
    Type.Array(
      Type.Object({
        brokerId: Int32,
        lag: optional(orNull(Offset)),
        lastFetchMs: optional(orNull(TimeMs)),
        lastCaughtUpMs: optional(orNull(TimeMs)),
      }),
    ),
  ),
});

/** Names of operations as `describe`, `describeConfigs`; others than those that tidemark knows are passed over. */
const Operations = Type.Array(Type.String());

const TracePermissions = Type.Object({
  principal: optional(orNull(Type.String())),
  cluster: optional(Operations),
  topics: optional(Type.Array(Type.Object({ operations: Operations, names: Type.Array(Name) }))),
});

export const TraceLine = Type.Object({
  cluster: Type.String({ minLength: 1 }),
  atMs: TimeMs,
  recorder: optional(Type.String()),
  monotonicMs: optional(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  completeness: optional(Type.Enum(['full', 'filtered'])),
  clusterId: optional(orNull(Type.String())),
  clusterConfig: optional(
    orNull(
      Type.Object({
        offsetsRetentionMs: optional(Long),
        retentionCheckIntervalMs: optional(Long),
        transactionMaxTimeoutMs: optional(Long),
      }),
    ),
  ),
  quorum: optional(orNull(TraceQuorum)),
  permissions: optional(orNull(TracePermissions)),
  brokers: optional(Type.Array(TraceBroker)),
  topics: optional(Type.Array(TraceTopic)),
  groups: optional(Type.Array(TraceGroup)),
  read: optional(
    Type.Record(
      Type.String(),
      Type.Object({
        observedAtMs: optional(TimeMs),
        brokers: optional(Type.Record(Type.String({ pattern: '^\\d{1,10}$' }), TimeMs)),
      }),
    ),
  ),
  failures: optional(Type.Array(TraceFailure)),
  /** tidemark's own: the collectors that read something. Without it, the sections that are there tell. */
  collectors: optional(Type.Array(Type.String())),
});
export type TraceLine = Static<typeof TraceLine>;
export type TraceTopic = Static<typeof TraceTopic>;
export type TracePartition = Static<typeof TracePartition>;
export type TraceGroup = Static<typeof TraceGroup>;
export type TraceBroker = Static<typeof TraceBroker>;
