import {
  type AclOperation,
  aclOperations,
  type Broker,
  type ClusterState,
  type Facets,
  type GroupCommits,
  type GroupMember,
  type GroupMembership,
  type LogDirs,
  type PartitionState,
  type Permissions,
  type Quorum,
  type TimeAnswer,
  type TopicConfig,
  type TopicEndOffsets,
  type TopicOffsets,
} from './snapshot.ts';
import type { TraceBroker, TraceGroup, TraceLine, TracePartition, TraceTopic } from './trace-schema.ts';

/* What the sections of a trace line say, facet by facet. */

/**
 * In a line that tidemark wrote, what Metadata listed carries `host`, `topicId` and `leader`: other collectors may have put more into the
 * section. In any other line the section lists what there is.
 */
export function clusterStateOf({ clusterId, brokers, topics = [], collectors }: TraceLine): ClusterState {
  const isListed = (field: unknown) => collectors === undefined || field !== undefined;
  return {
    clusterId: clusterId ?? null,
    brokers: (brokers ?? []).filter(({ host }) => isListed(host)).map(livingBroker),
    ...(brokers === undefined && { brokersUnread: true }),
    topics: topics
      .filter(({ topicId }) => isListed(topicId))
      .map(({ topic, topicId, partitions = [] }) => ({
        topic,
        topicId: topicId ?? null,
        partitions: partitions.filter(({ leader }) => isListed(leader)).map(partitionStateOf),
      })),
  };
}

function livingBroker({ brokerId, host, port, rack }: TraceBroker): Broker {
  return { brokerId, host: host ?? '', port: port ?? 0, rack: rack ?? null };
}

function partitionStateOf(partition: TracePartition): PartitionState {
  const { leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas } = partition;
  const unread = leader === undefined || replicas === undefined || inSyncReplicas === undefined;
  return {
    partition: partition.partition,
    leader: leader ?? null,
    leaderEpoch: leaderEpoch ?? null,
    replicas: replicas ?? [],
    inSyncReplicas: inSyncReplicas ?? [],
    addingReplicas: addingReplicas ?? [],
    ...(unread && { stateUnread: true }),
  };
}

const topicConfigKeys = [
  'retentionMs',
  'retentionBytes',
  'cleanupPolicy',
  'minInSyncReplicas',
  'segmentMs',
  'segmentBytes',
  'uncleanLeaderElection',
  'timestampType',
  'remoteStorageEnable',
  'deleteRetentionMs',
] as const satisfies readonly (keyof TopicConfig)[];

export function topicConfigsOf(topics: readonly TraceTopic[]): Facets['topic-configs'] {
  return topics.flatMap(({ topic, config }) => {
    if (!config) return [];
    const known = topicConfigKeys.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]] as const]));
    return [{ topic, config: Object.fromEntries(known) as TopicConfig }];
  });
}

export function logDirsOf(brokers: readonly TraceBroker[], topics: readonly TraceTopic[]): LogDirs {
  const logDirs = brokers.flatMap(({ brokerId, logDirs }) =>
    (logDirs ?? []).map(({ path, totalBytes, usableBytes, error }) => ({
      brokerId,
      path,
      totalBytes: totalBytes ?? null,
      usableBytes: usableBytes ?? null,
      error: error ?? null,
    })),
  );
  const sizes = topics.flatMap((topic) => {
    const { partitions, offsets } = columnOf(topic, 'sizeBytes');
    return partitions.length === 0 ? [] : [{ topic: topic.topic, partitions, sizeBytes: offsets }];
  });
  return { logDirs, sizes };
}

export function logStartOffsetsOf(topics: readonly TraceTopic[]): TopicOffsets[] {
  return topics.flatMap((topic) => {
    const column = columnOf(topic, 'logStartOffset');
    return column.partitions.length === 0 ? [] : [{ topic: topic.topic, ...column }];
  });
}

/** The partitions that carry the field, and its values. */
function columnOf({ partitions: all }: TraceTopic, field: 'logStartOffset' | 'sizeBytes') {
  const partitions: number[] = [];
  const offsets: number[] = [];
  for (const partition of all ?? []) {
    const value = partition[field];
    if (value === undefined || value === null) continue;
    partitions.push(partition.partition);
    offsets.push(value);
  }
  return { partitions, offsets };
}

export function endOffsetsOf(topics: readonly TraceTopic[]): TopicEndOffsets[] {
  return topics.flatMap(({ topic, partitions: all }) => {
    const partitions: number[] = [];
    const highWatermarks: number[] = [];
    const lastStableOffsets: number[] = [];
    for (const { partition, highWatermark, lastStableOffset } of all ?? []) {
      if (typeof highWatermark !== 'number' && typeof lastStableOffset !== 'number') continue;
      partitions.push(partition);
      highWatermarks.push(highWatermark ?? Number.NaN);
      lastStableOffsets.push(lastStableOffset ?? Number.NaN);
    }
    return partitions.length === 0 ? [] : [{ topic, partitions, highWatermarks, lastStableOffsets }];
  });
}

export function timeAnswersOf(topics: readonly TraceTopic[]): TimeAnswer[] {
  return topics.flatMap(({ topic, partitions }) =>
    (partitions ?? []).flatMap(({ partition, offsetsForTimes }) =>
      (offsetsForTimes ?? []).map(({ timestampMs, offset }) => ({ topic, partition, timestampMs, offset })),
    ),
  );
}

/** Groups whose state was read. One that stands in the section for its commits alone is left to the failures. */
export function membershipsOf(groups: readonly TraceGroup[]): GroupMembership[] {
  return groups.flatMap((group) => {
    if (!group.state) return [];
    return [
      {
        groupId: group.groupId,
        type: group.type ?? 'unknown',
        protocolType: group.protocolType ?? null,
        protocolName: group.protocolName ?? null,
        state: group.state,
        coordinatorId: group.coordinatorId ?? null,
        epoch: group.epoch ?? null,
        members: group.members?.map(memberOf) ?? null,
      },
    ];
  });
}

function memberOf(member: NonNullable<TraceGroup['members']>[number]): GroupMember {
  const { generationId } = member;
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId ?? null,
    clientId: member.clientId ?? '',
    clientHost: member.clientHost ?? '',
    // librdkafka's range and roundrobin assignors write -1: they carry none.
    generationId: generationId === undefined || generationId === -1 ? null : generationId,
    subscribedTopics: member.subscribedTopics ?? null,
    assignment: member.assignment ?? null,
  };
}

export function commitsOf(groups: readonly TraceGroup[]): GroupCommits[] {
  return groups.flatMap(({ groupId, committed }) =>
    committed ? [{ groupId, topics: commitsByTopic(committed) }] : [],
  );
}

/** Entries of one topic mostly stand together: the topic is looked up only where it changes. */
function commitsByTopic(committed: NonNullable<TraceGroup['committed']>): TopicOffsets[] {
  const byTopic = new Map<string, { topic: string; partitions: number[]; offsets: number[] }>();
  let current: { topic: string; partitions: number[]; offsets: number[] } | undefined;
  for (const { topic, partition, committedOffset } of committed) {
    if (committedOffset === null) continue;
    if (current?.topic !== topic) {
      current = byTopic.get(topic) ?? { topic, partitions: [], offsets: [] };
      byTopic.set(topic, current);
    }
    current.partitions.push(partition);
    current.offsets.push(committedOffset);
  }
  return [...byTopic.values()];
}

export function quorumOf({ leaderId, leaderEpoch, voters = [] }: NonNullable<TraceLine['quorum']>): Quorum {
  return {
    leaderId: leaderId ?? null,
    leaderEpoch: leaderEpoch ?? null,
    voters: voters.map(({ brokerId, lag, lastFetchMs, lastCaughtUpMs }) => ({
      brokerId,
      lag: lag ?? null,
      lastFetchMs: lastFetchMs ?? null,
      lastCaughtUpMs: lastCaughtUpMs ?? null,
    })),
  };
}

export function permissionsOf({
  principal,
  cluster = [],
  topics = [],
}: NonNullable<TraceLine['permissions']>): Permissions {
  return {
    principal: principal ?? null,
    cluster: cluster.filter(isAclOperation),
    topics: topics.map(({ operations, names }) => ({ operations: operations.filter(isAclOperation), names })),
  };
}

function isAclOperation(name: string): name is AclOperation {
  return (aclOperations as readonly string[]).includes(name);
}
