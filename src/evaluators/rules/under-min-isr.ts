import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const underMinIsr = defineRule({
  code: 'under-min-isr',
  subject: 'partition',
  severity: 'warning',
  thresholds: Type.Object({
    criticalAfter: Duration('3m', 'time after which it is critical: longer than a broker takes to restart'),
    ...hysteresis({ because: 'one poll may fall between two changes of the in-sync replicas' }),
  }),
  doc: {
    meaning: 'Fewer replicas are in sync than min.insync.replicas asks: producers with acks=all are refused.',
    source: 'Metadata, and min.insync.replicas of the topic.',
    advice: 'Look at the brokers that hold the missing replicas: down, or too slow to follow?',
  },
  // Whatever has fewer in sync than replicas may be under the minimum, which is no column; a minimum above the replicas is.
  suspect({ partitions, topics }, row) {
    const minInSyncReplicas = topics.config[partitions.topicRow[row]!]?.minInSyncReplicas;
    return minInSyncReplicas !== undefined && partitions.inSyncReplicas[row]! < minInSyncReplicas;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.minInSyncReplicas === null) return unknown('min-insync-replicas-unread');
    const config = { minInSyncReplicas: row.minInSyncReplicas };
    if (row.replicas.length === 0) return unknown('replicas-unread');
    if (row.inSyncReplicas.length >= row.minInSyncReplicas) return clear('recovered', config);
    const missing = row.replicas.filter((brokerId) => !row.inSyncReplicas.includes(brokerId));
    return {
      is: 'raise',
      escalates: { to: 'critical', afterMs: thresholds.criticalAfter },
      evidence: { inSyncReplicas: row.inSyncReplicas, replicas: row.replicas, missing, config },
    };
  },
  summary({ inSyncReplicas, config, missing }, { topic, partition }) {
    const fewer = `${topic} p${partition} has ${countOf(inSyncReplicas.length, 'in-sync replica')}, min.insync.replicas is ${config.minInSyncReplicas}`;
    return `${fewer}: producers with acks=all are refused${missing.length === 0 ? '' : ` (missing: broker ${missing.join(', ')})`}`;
  },
});
