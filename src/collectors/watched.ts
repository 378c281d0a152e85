import { TidemarkError } from '../model/errors.ts';
import type { ClusterState, Discovery, Snapshot, TopicPartitions } from '../model/snapshot.ts';
import type { Collected, CollectorInput } from './collector.ts';
import type { Scope } from './scope.ts';

/** Kafka's own topics (its class Topic): they belong to the cluster's availability, but nobody lags on them. */
const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
]);

/** Topics whose state is read. */
export function isPartOfCluster(topic: string, scope: Scope): boolean {
  return internalTopics.has(topic) || scope.hasTopic(topic);
}

/** Whether the group and the topic that something is about are watched, where it is about them. */
export function isWatched({ groupId, topic }: { groupId?: string; topic?: string }, scope: Scope): boolean {
  return (groupId === undefined || scope.hasGroup(groupId)) && (topic === undefined || isPartOfCluster(topic, scope));
}

/** The stored past of what is watched now: what the settings have left out since must not come back to life. */
export function withinScope(snapshot: Snapshot, scope: Scope): Snapshot {
  const { cluster, 'committed-offsets': commits, ...reads } = snapshot.reads;
  const topics = cluster?.value.topics.filter(({ topic }) => isPartOfCluster(topic, scope));
  const groups = commits?.value.filter(({ groupId }) => scope.hasGroup(groupId));
  return {
    ...snapshot,
    reads: {
      ...reads,
      ...(cluster !== undefined && { cluster: { ...cluster, value: { ...cluster.value, topics: topics! } } }),
      ...(commits !== undefined && { 'committed-offsets': { ...commits, value: groups! } }),
    },
  };
}

/** Topics whose offsets are read. */
export function hasWatchedOffsets(topic: string, scope: Scope): boolean {
  return !internalTopics.has(topic) && scope.hasTopic(topic);
}

/**
 * The cluster as it was read last.
 * @throws TidemarkError upstream.unreachable where it never was
 */
export function knownCluster(known: CollectorInput): ClusterState {
  if (known.cluster) return known.cluster;
  throw new TidemarkError(
    'upstream.unreachable',
    'nothing can be asked before the cluster was reached for the first time',
  );
}

/** Every partition whose offsets are read. */
export function watchedPartitions(known: CollectorInput): TopicPartitions[] {
  return knownCluster(known)
    .topics.filter(({ topic }) => hasWatchedOffsets(topic, known.scope))
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.map(({ partition }) => partition) }));
}

/**
 * A topic that Metadata left out once may be back in the next cycle: until it counts as gone, it is unread. One that Kafka hides
 * from us stays so, and is a matter of permissions.
 */
export function missingTopicFailures({ missingTopics, deniedTopics }: Discovery): Collected<never>['failures'] {
  const [denied, absent] = split([...missingTopics.keys()], (topic) => deniedTopics?.has(topic) ?? false);
  const failure = (code: string, message: string, topics: readonly string[]) =>
    topics.length === 0 ? [] : [{ code, message, topics: topics.map((topic) => ({ topic })) }];
  return [
    ...failure('upstream.denied', 'Kafka does not let us see these topics', denied),
    ...failure(
      'upstream.stale',
      'Metadata does not list these topics now; they are gone when it says so twice',
      absent,
    ),
  ];
}

function split(topics: readonly string[], isFirst: (topic: string) => boolean): [string[], string[]] {
  return [topics.filter(isFirst), topics.filter((topic) => !isFirst(topic))];
}
