/** What the collectors would read of a simulated cluster, facet by facet; `silent` is a broker that does not answer. */
import type {
  BrokerConfig,
  ClusterState,
  Facet,
  Failure,
  GroupCommits,
  GroupMember,
  GroupMembership,
  LogDirs,
  Permissions,
  Quorum,
  TimeAnswer,
  TimeProbe,
  TopicConfig,
  TopicEndOffsets,
  TopicOffsets,
} from '../../src/model/snapshot.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { Member, SimulatedGroup } from './simulated-group.ts';
import { lastStableOffset, type PartitionState, type SimulatedTopic } from './simulated-topic.ts';

export function clusterState({ brokers, topics }: SimulatedCluster): ClusterState {
  return {
    clusterId: 'simulated',
    brokers: [...brokers].map((brokerId) => ({ brokerId, host: `b${brokerId}`, port: 9092, rack: null })),
    topics: existing(topics).map(({ topic, topicId, partitions }) => ({
      ...{ topic, topicId },
      partitions: partitions.map(({ partition, leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas }) => ({
        ...{ partition, leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas },
      })),
    })),
  };
}

export function topicConfigs({ topics }: SimulatedCluster): { topic: string; config: TopicConfig }[] {
  return existing(topics).map(({ topic, config }) => ({ topic, config: { ...config } }));
}

export function brokerConfigs({ plan }: SimulatedCluster): BrokerConfig {
  return {
    offsetsRetentionMs: plan.offsetsRetentionMs,
    retentionCheckIntervalMs: plan.checkIntervalMs,
    transactionMaxTimeoutMs: plan.transactionMaxTimeoutMs,
  };
}

/** `wallMs`: now, by the clock that the voters' fetches are told by. */
export function quorum({ quorum: { leaderId, leaderEpoch, voters } }: SimulatedCluster, wallMs: number): Quorum {
  return {
    ...{ leaderId, leaderEpoch },
    voters: voters.map(({ brokerId, lag, silentSinceMs }) => ({
      ...{ brokerId, lag, lastFetchMs: silentSinceMs ?? wallMs },
      lastCaughtUpMs: lag === 0 ? (silentSinceMs ?? wallMs) : null,
    })),
  };
}

export function permissions({ allowed, topics }: SimulatedCluster): Permissions {
  const names = existing(topics).map(({ topic }) => topic);
  return { principal: 'User:tidemark', cluster: allowed.cluster, topics: [{ operations: allowed.topics, names }] };
}

export function logDirs({ disks, topics, brokers }: SimulatedCluster, silent: number | null): LogDirs {
  return {
    logDirs: disks
      .filter(({ brokerId }) => brokers.has(brokerId) && brokerId !== silent)
      .map(({ brokerId, path, totalBytes, otherBytes, error }) => {
        const usableBytes =
          totalBytes === null ? null : Math.max(0, totalBytes - otherBytes - logBytes(topics, brokerId));
        return { brokerId, path, totalBytes, usableBytes, error };
      }),
    sizes: perTopic(topics, silent, ({ topic, partitions }) => ({
      ...{ topic: topic.topic, partitions: partitions.map(({ partition }) => partition) },
      sizeBytes: partitions.map(({ log }) => log.sizeBytes),
    })),
  };
}

export function logStartOffsets({ topics }: SimulatedCluster, silent: number | null): TopicOffsets[] {
  return perTopic(topics, silent, ({ topic, partitions }) => ({
    ...{ topic: topic.topic, partitions: partitions.map(({ partition }) => partition) },
    offsets: partitions.map(({ log }) => log.logStart),
  }));
}

export function endOffsets({ topics }: SimulatedCluster, silent: number | null): TopicEndOffsets[] {
  return perTopic(topics, silent, ({ topic, partitions }) => ({
    ...{ topic: topic.topic, partitions: partitions.map(({ partition }) => partition) },
    highWatermarks: partitions.map(({ log }) => log.endOffset),
    lastStableOffsets: partitions.map(lastStableOffset),
  }));
}

export function answersForTimes(
  { topics }: SimulatedCluster,
  probes: readonly TimeProbe[],
  silent: number | null,
): TimeAnswer[] {
  return probes.flatMap(({ topic, partition, timestampMs }) => {
    const state = existing(topics).find((one) => one.topic === topic)?.partitions[partition];
    if (state === undefined || !answers(state, silent)) return [];
    return [{ topic, partition, timestampMs, offset: state.log.offsetAt(timestampMs) }];
  });
}

export function commitsOf({ groupId, readers }: SimulatedGroup, topics: readonly SimulatedTopic[]): GroupCommits {
  const committed = topics.map((topic) => ({
    topic: topic.topic,
    readers: readers.filter(({ hasCommit, state }) => hasCommit && state.topic === topic),
  }));
  return {
    groupId,
    topics: committed
      .filter((each) => each.readers.length > 0)
      .map((each) => ({
        topic: each.topic,
        partitions: each.readers.map(({ state }) => state.partition),
        offsets: each.readers.map((reader) => reader.committed),
      })),
  };
}

export function membershipOf(group: SimulatedGroup): GroupMembership {
  const { groupId, plan, state, members, epoch, coordinatorId } = group;
  const { type, protocolName } = plan;
  const isTold = state === 'Stable' || type === 'consumer';
  return {
    ...{ groupId, type, protocolType: 'consumer', protocolName, state, coordinatorId },
    epoch: type === 'consumer' ? epoch : null,
    members: state === 'Empty' ? null : members.map((member, index) => memberOf(group, member, index, isTold)),
  };
}

/** What of a collector could not be read: the silent broker's part, and partitions without a leader. */
export function partitionFailures({ topics }: SimulatedCluster, collector: Facet, silent: number | null): Failure[] {
  const unled = existing(topics)
    .map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.filter(({ leader }) => leader === null).map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);
  return [
    ...(silent === null ? [] : [timeout(collector, silent)]),
    ...(unled.length === 0 ? [] : [{ collector, topics: unled, code: 'upstream.no-leader' }]),
  ];
}

export function timeout(collector: Facet, brokerId: number): Failure {
  return { collector, brokerId, code: 'upstream.timeout', message: `Broker ${brokerId} did not answer in time.` };
}

function memberOf(group: SimulatedGroup, member: Member, index: number, isTold: boolean): GroupMember {
  if (!isTold) return { ...member, subscribedTopics: null, assignment: null };
  const own = group.readers.filter(({ owner }) => owner === index);
  const topics = [...new Set(own.map(({ state }) => state.topic.topic))];
  const assignment = topics.map((topic) => ({
    topic,
    partitions: own.filter(({ state }) => state.topic.topic === topic).map(({ state }) => state.partition),
  }));
  return { ...member, subscribedTopics: [...group.subscribed], assignment };
}

function existing(topics: readonly SimulatedTopic[]): SimulatedTopic[] {
  return topics.filter(({ isDeleted }) => !isDeleted);
}

function answers({ leader }: PartitionState, silent: number | null): boolean {
  return leader !== null && leader !== silent;
}

/** Of each topic the partitions whose leader answers; topics without such are left out. */
function perTopic<T>(
  topics: readonly SimulatedTopic[],
  silent: number | null,
  make: (read: { topic: SimulatedTopic; partitions: PartitionState[] }) => T,
): T[] {
  return existing(topics)
    .map((topic) => ({ topic, partitions: topic.partitions.filter((state) => answers(state, silent)) }))
    .filter(({ partitions }) => partitions.length > 0)
    .map(make);
}

function logBytes(topics: readonly SimulatedTopic[], brokerId: number): number {
  let bytes = 0;
  for (const { partitions } of existing(topics)) {
    for (const { replicas, log } of partitions) if (replicas.includes(brokerId)) bytes += log.sizeBytes;
  }
  return bytes;
}
