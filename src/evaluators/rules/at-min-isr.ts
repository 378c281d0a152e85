import { Type } from 'typebox';
import { partitionList, spokenPartitions } from '../judging/partition-list.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';

export const atMinIsr = defineRule({
  code: 'at-min-isr',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object(
    hysteresis({ raiseAfter: '5m', because: 'while a broker restarts all that it holds may be at the minimum' }),
  ),
  doc: {
    meaning:
      'Partitions have just min.insync.replicas in sync and have lost one already: the next lost replica stops producers with acks=all.',
    source: 'Metadata, and min.insync.replicas of the topic; replicas that a reassignment is adding are left out.',
    advice: 'Bring the missing replica back before any other broker is restarted.',
  },
  suspect({ topics, partitions }, row) {
    const { replicas, inSyncReplicas, addingReplicas } = partitions;
    const minInSyncReplicas = topics.config[row]?.minInSyncReplicas;
    if (minInSyncReplicas === undefined) return false;
    for (const one of topics.partitionRows[row]!) {
      const isAtMin = inSyncReplicas[one] === minInSyncReplicas;
      if (isAtMin && inSyncReplicas[one]! < replicas[one]! - addingReplicas[one]!) return true;
    }
    return false;
  },
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const minInSyncReplicas = row.config?.minInSyncReplicas;
    if (minInSyncReplicas === undefined) return unknown('min-insync-replicas-unread');
    const config = { minInSyncReplicas };
    const atMin = row.partitions.filter(
      ({ replicas, inSyncReplicas, addingReplicas }) =>
        inSyncReplicas.length === minInSyncReplicas && inSyncReplicas.length < replicas.length - addingReplicas,
    );
    if (atMin.length === 0) return clear('recovered', config);
    const missing = new Set(
      atMin.flatMap(({ replicas, inSyncReplicas }) => replicas.filter((id) => !inSyncReplicas.includes(id))),
    );
    return {
      is: 'raise',
      evidence: { ...partitionList(atMin), missing: [...missing].sort((a, b) => a - b), config },
    };
  },
  summary({ missing, config, ...list }, { topic }) {
    const minimum = `min.insync.replicas (${config.minInSyncReplicas})`;
    return `${topic} ${spokenPartitions(list)} down to ${minimum} (missing: broker ${missing.join(', ')})`;
  },
});
