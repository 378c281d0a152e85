import fc from 'fast-check';
import {
  aclOperations,
  type ClusterState,
  type Facet,
  type Facets,
  type Failure,
  type GroupMember,
  type GroupMembership,
  type LogDirs,
  type PartitionState,
  type Read,
  type Snapshot,
  type TopicConfig,
} from '../../../src/model/snapshot.ts';

/* Snapshots as the collectors make them, for properties of what stores or sends them. */

const int = (max = 2 ** 31 - 1) => fc.integer({ min: 0, max });
const offset = fc.maxSafeNat();
const partition = int(99_999);
const timeMs = fc.integer({ min: 0, max: 8.64e15 });
const name = fc.oneof(fc.constantFrom('orders', 'billing', '__proto__', 'a.b-c', 'ü'), fc.string({ maxLength: 9 }));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const few = { maxLength: 3 };

/** Entries that differ in the named field. */
function several<T, K extends keyof T>(arbitrary: fc.Arbitrary<T>, key: K, minLength = 0): fc.Arbitrary<T[]> {
  return fc.uniqueArray(arbitrary, { selector: (entry) => entry[key], minLength, ...few });
}

/** Parallel arrays as TopicOffsets has them; at least one partition, since an empty entry says nothing. */
function columns<C extends string>(values: Record<C, fc.Arbitrary<number>>) {
  const entry = fc.record({ partition, ...values }) as fc.Arbitrary<Record<C | 'partition', number>>;
  return several(entry, 'partition', 1).map((entries) => {
    const lists = Object.keys(values).map((key) => [key, entries.map((each) => each[key as C])]);
    const partitions = entries.map(({ partition }) => partition);
    return { partitions, ...(Object.fromEntries(lists) as Record<C, number[]>) };
  });
}

function byTopic<T>(entry: fc.Arbitrary<T>): fc.Arbitrary<(T & { topic: string })[]> {
  return several(fc.tuple(name, entry), 0).map((pairs) => pairs.map(([topic, value]) => ({ topic, ...value })));
}

const partitionState: fc.Arbitrary<PartitionState> = fc.record({
  partition,
  leader: orNull(int()),
  leaderEpoch: orNull(int()),
  replicas: fc.array(int(), few),
  inSyncReplicas: fc.array(int(), few),
  addingReplicas: fc.array(int(), few),
});

const clusterState: fc.Arbitrary<ClusterState> = fc.record({
  clusterId: orNull(fc.string()),
  brokers: several(
    fc.record({ brokerId: int(9), host: fc.string(), port: int(65_535), rack: orNull(fc.string()) }),
    'brokerId',
  ),
  topics: byTopic(fc.record({ topicId: orNull(fc.string()), partitions: several(partitionState, 'partition') })),
});

const topicConfig: fc.Arbitrary<TopicConfig> = fc.record(
  {
    retentionMs: fc.constantFrom(-1, 604_800_000, 2 ** 63),
    retentionBytes: fc.constantFrom(-1, 4_194_304),
    cleanupPolicy: fc.subarray(['delete', 'compact']),
    minInSyncReplicas: int(5),
    segmentMs: int(),
    segmentBytes: int(),
    uncleanLeaderElection: fc.boolean(),
    timestampType: fc.constantFrom('CreateTime', 'LogAppendTime'),
    remoteStorageEnable: fc.boolean(),
    deleteRetentionMs: int(),
  },
  { requiredKeys: [] },
);

const logDirs: fc.Arbitrary<LogDirs> = fc.record({
  logDirs: several(
    fc.record({
      brokerId: int(9),
      path: fc.string(),
      totalBytes: orNull(offset),
      usableBytes: orNull(offset),
      error: orNull(fc.string()),
    }),
    'path',
  ),
  sizes: byTopic(columns({ sizeBytes: offset })),
});

const member: fc.Arbitrary<GroupMember> = fc.record({
  memberId: fc.string(),
  groupInstanceId: orNull(fc.string()),
  clientId: fc.string(),
  clientHost: fc.string(),
  generationId: orNull(int()),
  subscribedTopics: orNull(fc.array(name, few)),
  assignment: orNull(fc.array(fc.record({ topic: name, partitions: fc.array(partition, few) }), few)),
});

const membership: fc.Arbitrary<GroupMembership> = fc.record({
  groupId: name,
  type: fc.constantFrom('classic', 'consumer', 'share', 'streams', 'unknown'),
  protocolType: orNull(fc.string()),
  protocolName: orNull(fc.string()),
  state: fc.constantFrom('Stable', 'Empty', 'PreparingRebalance', 'Reconciling'),
  coordinatorId: orNull(int()),
  epoch: orNull(int()),
  members: orNull(fc.array(member, few)),
});

const facets: { [F in Facet]: fc.Arbitrary<Facets[F]> } = {
  cluster: clusterState,
  'topic-configs': byTopic(fc.record({ config: topicConfig })),
  'broker-configs': fc.record(
    { offsetsRetentionMs: int(), retentionCheckIntervalMs: int(), transactionMaxTimeoutMs: int() },
    { requiredKeys: [] },
  ),
  'log-dirs': logDirs,
  'log-start-offsets': byTopic(columns({ offsets: offset })),
  'group-membership': several(membership, 'groupId'),
  'committed-offsets': several(fc.record({ groupId: name, topics: byTopic(columns({ offsets: offset })) }), 'groupId'),
  'end-offsets': byTopic(
    columns({ highWatermarks: offset, lastStableOffsets: fc.oneof(offset, fc.constant(Number.NaN)) }),
  ),
  'offsets-for-times': fc.array(
    fc.record({ topic: name, partition: int(3), timestampMs: timeMs, offset: orNull(offset) }),
    few,
  ),
  quorum: fc.record({
    leaderId: orNull(int(9)),
    leaderEpoch: orNull(int()),
    voters: several(
      fc.record({
        brokerId: int(9),
        lag: orNull(offset),
        lastFetchMs: orNull(timeMs),
        lastCaughtUpMs: orNull(timeMs),
      }),
      'brokerId',
    ),
  }),
  permissions: fc.record({
    principal: orNull(fc.string()),
    cluster: fc.subarray([...aclOperations]),
    topics: fc.array(fc.record({ operations: fc.subarray([...aclOperations]), names: fc.array(name, few) }), few),
  }),
};

const scope: fc.Arbitrary<Omit<Failure, 'collector'>> = fc.record(
  {
    code: fc.constantFrom('upstream.timeout', 'upstream.denied'),
    message: fc.string(),
    brokerId: int(9),
    groupIds: fc.array(name, few),
    topics: fc.array(
      fc.record({ topic: name, partitions: fc.array(partition, few) }, { requiredKeys: ['topic'] }),
      few,
    ),
  },
  { requiredKeys: ['code', 'brokerId'] },
);

/** A collector's answer, or its failure, or nothing where it was not due. */
function outcome(facet: Facet): fc.Arbitrary<{ facet: Facet; read?: Read<unknown>; failure?: Failure }> {
  const read: fc.Arbitrary<Read<unknown>> = fc.record(
    {
      value: facets[facet] as fc.Arbitrary<unknown>,
      observedAtMs: timeMs,
      brokers: fc.dictionary(int(9).map(String), timeMs, { maxKeys: 3 }),
      failures: fc.array(scope, few).map((scopes) => scopes.map((each) => ({ ...each, collector: facet }))),
    },
    { requiredKeys: ['value', 'observedAtMs', 'failures'] },
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ facet: fc.constant(facet), read }) },
    fc.record({ facet: fc.constant(facet), failure: fc.constant({ collector: facet, code: 'upstream.timeout' }) }),
    fc.constant({ facet }),
  );
}

export const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    head: fc.record(
      {
        cluster: fc.string({ minLength: 1 }),
        atMs: timeMs,
        recorder: fc.string(),
        monotonicMs: offset,
        completeness: fc.constantFrom<Snapshot['completeness']>('full', 'filtered'),
      },
      { requiredKeys: ['cluster', 'atMs', 'completeness'] },
    ),
    outcomes: fc.tuple(...(Object.keys(facets) as Facet[]).map(outcome)),
  })
  .map(({ head, outcomes }) => ({
    ...head,
    reads: Object.fromEntries(outcomes.flatMap(({ facet, read }) => (read ? [[facet, read]] : []))),
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
  }));

/** The same snapshot, for comparison: order says nothing in what a trace sorts by topic, and JSON knows no prototypes. */
export function normalised(snapshot: Snapshot): unknown {
  return sorted(JSON.parse(JSON.stringify(snapshot, (_, value) => (Number.isNaN(value) ? 'NaN' : value))));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(sorted);
    const isTable = entries.every((entry) => typeof entry === 'object' && entry !== null);
    return isTable ? entries.map((entry) => JSON.stringify(entry)).sort() : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]);
}
