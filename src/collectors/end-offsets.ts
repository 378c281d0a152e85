import type { Collector } from './collector.ts';
import { missingTopicFailures, watchedPartitions } from './watched.ts';

/** Where each log ends. Read after the commits, so that no race makes a lag negative. */
export const endOffsets: Collector<'end-offsets'> = {
  facet: 'end-offsets',
  every: '0s',
  timeout: '10s',
  doc: 'last stable offset and high watermark of each partition',
  async collect(kafka, known, signal) {
    const answer = await kafka.endOffsets(watchedPartitions(known), signal);
    return { ...answer, failures: [...answer.failures, ...missingTopicFailures(known.discovery)] };
  },
};
