import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';

export const offlinePartition = defineRule({
  code: 'offline-partition',
  subject: 'partition',
  severity: 'critical',
  thresholds: Type.Object(hysteresis({ because: 'an election leaves a partition without a leader for a moment' })),
  doc: {
    meaning: 'The partition has no leader: nobody can write to it or read from it.',
    source: 'Metadata: leader -1, or LEADER_NOT_AVAILABLE.',
    advice: 'Bring back a broker that holds an in-sync replica. An unclean election loses records.',
  },
  suspect: ({ partitions }, row) => partitions.offline[row] === 1,
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (!row.offline) return clear();
    return { is: 'raise', evidence: { replicas: row.replicas, inSyncReplicas: row.inSyncReplicas } };
  },
  summary({ replicas, inSyncReplicas }, { topic, partition }) {
    const last = inSyncReplicas.length === 0 ? '' : `, in sync was last ${inSyncReplicas.join(', ')}`;
    return `${topic} p${partition} has no leader: nobody can read or write it (replicas on ${replicas.join(', ')}${last})`;
  },
});
