import type { Collector } from './collector.ts';
import { missingTopicFailures, watchedPartitions } from './watched.ts';

/**
 * Where each log begins. Read before the commits: Kafka Streams deletes records up to its commit, and read the other way round
 * a healthy group would look as if it had lost them.
 */
export const logStartOffsets: Collector<'log-start-offsets'> = {
  facet: 'log-start-offsets',
  every: '0s',
  timeout: '10s',
  doc: 'first offset of each partition',
  async collect(kafka, known, signal) {
    const answer = await kafka.logStartOffsets(watchedPartitions(known), signal);
    return { ...answer, failures: [...answer.failures, ...missingTopicFailures(known.discovery)] };
  },
};
