import type { Collector } from './collector.ts';

/** Who leads the metadata log, and how far the other controllers follow (KIP-595, KIP-836). Needs CLUSTER Describe. */
export const quorum: Collector<'quorum'> = {
  facet: 'quorum',
  every: '0s',
  timeout: '10s',
  doc: 'the leader of the metadata quorum, and how far its voters are behind',
  async collect(kafka, _known, signal) {
    return await kafka.quorum(signal);
  },
};
