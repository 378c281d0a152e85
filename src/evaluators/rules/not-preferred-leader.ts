import { Type } from 'typebox';
import { partitionList, spokenPartitions } from '../judging/partition-list.ts';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';

export const notPreferredLeader = defineRule({
  code: 'not-preferred-leader',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object(
    hysteresis({
      raiseAfter: '15m',
      because: 'Kafka gives leadership back by itself every five minutes (leader.imbalance.check.interval.seconds)',
    }),
  ),
  doc: {
    meaning:
      'Partitions are led by another replica than the first one, although that one is in sync: load is not spread as it was planned.',
    source: 'Metadata: the first of the replicas is the preferred leader. Partitions under reassignment are left out.',
    advice:
      'Is auto.leader.rebalance.enable off? kafka-leader-election.sh --election-type preferred moves leadership back, with a short pause for producers and consumers of those partitions.',
  },
  suspect({ topics, partitions: { replicaIds, inSyncReplicaIds, leader, addingReplicas } }, row) {
    for (const one of topics.partitionRows[row]!) {
      const preferred = replicaIds[one]![0];
      if (Number.isNaN(leader[one]!) || preferred === leader[one] || addingReplicas[one]! > 0) continue;
      if (preferred !== undefined && inSyncReplicaIds[one]!.includes(preferred)) return true;
    }
    return false;
  },
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const led = row.partitions.filter(({ offline, leader, replicas: [preferred], inSyncReplicas, addingReplicas }) => {
      if (offline || preferred === undefined || addingReplicas > 0) return false;
      return leader !== preferred && inSyncReplicas.includes(preferred);
    });
    if (led.length === 0) return clear();
    const preferred = new Set(led.map(({ replicas }) => replicas[0]!));
    return {
      is: 'raise',
      evidence: { ...partitionList(led), preferredLeaders: [...preferred].sort((a, b) => a - b) },
    };
  },
  summary: ({ preferredLeaders, ...list }, { topic }) =>
    `${topic} ${spokenPartitions(list)} not led by the preferred replica (broker ${preferredLeaders.join(', ')})`,
});
