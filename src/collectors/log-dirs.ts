import type { Collector } from './collector.ts';
import { hasWatchedOffsets } from './watched.ts';

/** Sizes of the leaders' logs, which loss by size needs, and the space of each directory (KIP-827). */
export const logDirs: Collector<'log-dirs'> = {
  facet: 'log-dirs',
  every: '60s',
  timeout: '10s',
  doc: 'size of each partition, and space of each log directory',
  async collect(kafka, known, signal) {
    const answer = await kafka.logDirs(signal);
    const sizes = answer.value.sizes.filter(({ topic }) => hasWatchedOffsets(topic, known.scope));
    return { ...answer, value: { logDirs: answer.value.logDirs, sizes } };
  },
};
