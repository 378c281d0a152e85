import { Type } from 'typebox';
import { partitionList, spokenPartitions } from '../judging/partition-list.ts';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';

export const singleReplica = defineRule({
  code: 'single-replica',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object(hysteresis({ because: 'a topic that lives for one poll only needs no copies' })),
  doc: {
    meaning:
      'Partitions have one replica: when its broker is away they are offline, and when its disk is lost so are the records.',
    source: 'Metadata. Where the cluster has one broker there is no choice, and nothing is said.',
    advice:
      'Raise the replication factor with kafka-reassign-partitions.sh, or, where losing the topic does no harm, mute single-replica for it by a policy.',
  },
  suspect({ topics, partitions, brokers }, row) {
    if (brokers.length < 2) return false;
    for (const one of topics.partitionRows[row]!) {
      if (partitions.replicas[one]! - partitions.addingReplicas[one]! === 1) return true;
    }
    return false;
  },
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const single = row.partitions.filter(({ replicas, addingReplicas }) => replicas.length - addingReplicas === 1);
    if (row.brokers < 2 || single.length === 0) return clear();
    return { is: 'raise', evidence: { ...partitionList(single), brokers: row.brokers } };
  },
  summary: ({ brokers, ...list }, { topic }) =>
    `${topic} ${spokenPartitions(list)} without a second replica, on a cluster of ${brokers} brokers`,
});
