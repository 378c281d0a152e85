import type { Collector } from './collector.ts';
import { hasWatchedOffsets, knownCluster } from './watched.ts';

/**
 * Each answer may cost the broker a read from disk or from remote storage. What the engine asks beyond this is left for a later
 * cycle: it puts first what it needs first.
 */
const probesACycle = 2_000;

/** Answers what the engine asked for: the first offset at or after a moment. */
export const offsetsForTimes: Collector<'offsets-for-times'> = {
  facet: 'offsets-for-times',
  every: '0s',
  timeout: '10s',
  doc: 'first offset at or after a moment, for the partitions where the engine wants to know',
  async collect(kafka, known, signal) {
    const topics = new Set(knownCluster(known).topics.map(({ topic }) => topic));
    const probes = known.timeProbes.filter(({ topic }) => topics.has(topic) && hasWatchedOffsets(topic, known.scope));
    return await kafka.offsetsForTimes(probes.slice(0, probesACycle), signal);
  },
};
