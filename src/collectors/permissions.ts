import type { Collector } from './collector.ts';
import { hasWatchedOffsets, knownCluster } from './watched.ts';

/**
 * What Kafka lets us do with the cluster and with each topic that is or was known. Groups are not asked: of them tidemark needs
 * Describe alone, and each answer about their offsets tells by name who denies it.
 */
export const permissions: Collector<'permissions'> = {
  facet: 'permissions',
  every: '10m',
  timeout: '10s',
  doc: 'what Kafka allows tidemark to read of the cluster and of each topic',
  async collect(kafka, known, signal) {
    const topics = [...knownCluster(known).topics.map(({ topic }) => topic), ...known.discovery.missingTopics.keys()];
    const watched = topics.filter((topic) => hasWatchedOffsets(topic, known.scope));
    return await kafka.permissions(watched, signal);
  },
};
