import { TidemarkError } from '../model/errors.ts';
import type { ClusterState, Discovery, TopicPartitions } from '../model/snapshot.ts';
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

/** A topic that Metadata left out once may be back in the next cycle: until it counts as gone, it is unread. */
export function missingTopicFailures(discovery: Discovery): Collected<never>['failures'] {
  if (discovery.missingTopics.size === 0) return [];
  return [
    {
      code: 'upstream.stale',
      message: 'Metadata does not list these topics now; they are gone when it says so twice',
      topics: [...discovery.missingTopics.keys()].map((topic) => ({ topic })),
    },
  ];
}
