import type { TopicPartition, TopicReader, TopicRow } from '../../src/evaluators/rows/topic-row.ts';
import { hour, minute, policy } from './rule-rows.ts';

/** Topic rows as rules read them, of a healthy cluster of three brokers; a test names only what it is about. */

export function topicPartition(over: Partial<TopicPartition> = {}): TopicPartition {
  return {
    partition: 0,
    offline: false,
    leader: 1,
    addingReplicas: 0,
    replicas: [1, 2, 3],
    inSyncReplicas: [1, 2, 3],
    offsetsAreStale: false,
    highWatermark: 1000,
    lastStableOffset: 1000,
    produceRate: 20,
    openTransactionMs: null,
    openedUnseen: false,
    endMoved: 0,
    ...over,
  };
}

export function topicReader(over: Partial<TopicReader> = {}): TopicReader {
  return {
    groupId: 'billing',
    partition: 0,
    ownership: 'owned',
    outlook: 'keeps-up',
    everMoved: true,
    timeLagSeconds: 2,
    unreadRecords: 40,
    unreadBytes: 4000,
    ...over,
  };
}

export function topicRow(over: Partial<TopicRow> = {}): TopicRow {
  return {
    topic: 'orders',
    topicId: 'id-of-orders',
    policy: policy(),
    staleCollector: null,
    config: {
      retentionMs: 24 * hour,
      retentionBytes: -1,
      cleanupPolicy: ['delete'],
      minInSyncReplicas: 2,
      uncleanLeaderElection: false,
    },
    change: null,
    transactionMaxTimeoutMs: 15 * minute,
    brokers: 3,
    producedRecords: 5000,
    grewMsAgo: 0,
    partitions: [topicPartition(), topicPartition({ partition: 1 })],
    readers: [topicReader()],
    names: { hasGroup: () => false, readersOf: () => null },
    ...over,
  };
}
