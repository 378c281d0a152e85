import type { CollectorInput } from '../../../src/collectors/collector.ts';
import { createScope } from '../../../src/collectors/scope.ts';
import type { Answer, ClusterAccess, GroupListing, GroupRef, KafkaPort, ListedGroup } from '../../../src/kafka/port.ts';
import type {
  ClusterState,
  Facet,
  GroupCommits,
  GroupMembership,
  KnownGroup,
  PartitionState,
  TopicState,
} from '../../../src/model/snapshot.ts';

/** An answer that broker 1 gave in full. */
export function answer<T>(value: T, failures: Answer<T>['failures'] = []): Answer<T> {
  return { value, brokers: { 1: 1_000 }, failures };
}

/** A Kafka that answers what a test puts in place of these methods. */
export class FakeKafka implements KafkaPort {
  supports: ReadonlySet<Facet> = new Set<Facet>([
    'cluster',
    'topic-configs',
    'broker-configs',
    'log-dirs',
    'log-start-offsets',
    'group-membership',
    'committed-offsets',
    'end-offsets',
    'offsets-for-times',
    'quorum',
    'permissions',
  ]);
  traffic = new Map();
  clusterAccess = async (): Promise<ClusterAccess> => ({ clusterId: 'c1', maySeeEverything: true });
  clusterState = async (): Promise<Answer<ClusterState>> => answer({ clusterId: 'c1', brokers: [], topics: [] });
  unknownTopics = async (_topics: readonly string[]): Promise<Answer<readonly string[]>> => answer([]);
  reassignments: KafkaPort['reassignments'] = async () => answer([]);
  topicConfigs: KafkaPort['topicConfigs'] = async () => answer([]);
  brokerConfig: KafkaPort['brokerConfig'] = async () => answer({});
  logDirs: KafkaPort['logDirs'] = async () => answer({ logDirs: [], sizes: [] });
  quorum: KafkaPort['quorum'] = async () => answer({ leaderId: 1, leaderEpoch: 1, voters: [] });
  permissions: KafkaPort['permissions'] = async () => answer({ principal: null, cluster: ['describe'], topics: [] });
  logStartOffsets: KafkaPort['logStartOffsets'] = async () => answer([]);
  endOffsets: KafkaPort['endOffsets'] = async () => answer([]);
  offsetsForTimes: KafkaPort['offsetsForTimes'] = async () => answer([]);
  listGroups = async (): Promise<Answer<GroupListing>> => answer({ groups: [], complete: true });
  describeClassicGroups = async (_groups: readonly GroupRef[]): Promise<Answer<readonly GroupMembership[]>> =>
    answer([]);
  describeConsumerGroups = async (_groups: readonly GroupRef[]): Promise<Answer<readonly GroupMembership[]>> =>
    answer([]);
  committedOffsets = async (_groups: readonly GroupRef[]): Promise<Answer<readonly GroupCommits[]>> => answer([]);
  [Symbol.asyncDispose] = async (): Promise<void> => {};
}

/** What a collector knows in a cluster that we see all of, before anything was read. */
export function inputWith(known: Partial<CollectorInput> = {}): CollectorInput {
  return {
    reads: {},
    cluster: null,
    discovery: { groups: new Map(), missingTopics: new Map() },
    timeProbes: [],
    scope: createScope({
      groups: { include: ['*'], exclude: [] },
      topics: { include: ['*'], exclude: [] },
    }),
    completeness: 'full',
    ...known,
  };
}

export function clusterOf(...topics: TopicState[]): ClusterState {
  return { clusterId: 'c1', brokers: [], topics };
}

/** A topic with a single partition, led by broker 1. */
export function topicOf(topic: string, partition: Partial<PartitionState> = {}): TopicState {
  const alone = { partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSyncReplicas: [1], addingReplicas: [] };
  return { topic, topicId: null, partitions: [{ ...alone, ...partition }] };
}

export function listedGroup(groupId: string, its: Partial<ListedGroup> = {}): ListedGroup {
  return { groupId, type: 'classic', protocolType: 'consumer', state: 'Stable', listedBy: 1, ...its };
}

export function knownGroup(groupId: string, its: Partial<KnownGroup> = {}): KnownGroup {
  return { ...listedGroup(groupId), missingListings: 0, ...its };
}

export function membershipOf(groupId: string, its: Partial<GroupMembership> = {}): GroupMembership {
  return {
    groupId,
    type: 'classic',
    protocolType: 'consumer',
    protocolName: 'range',
    state: 'Stable',
    coordinatorId: 1,
    epoch: null,
    members: [],
    ...its,
  };
}

/** The groups by their IDs, as Discovery has them. */
export function groupsById(...groups: KnownGroup[]): ReadonlyMap<string, KnownGroup> {
  return new Map(groups.map((group) => [group.groupId, group]));
}

export const never = new AbortController().signal;
