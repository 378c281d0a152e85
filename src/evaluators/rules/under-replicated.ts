import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';

export const underReplicated = defineRule({
  code: 'under-replicated',
  subject: 'partition',
  severity: 'warning',
  thresholds: Type.Object(
    hysteresis({ raiseAfter: '15m', because: 'a broker that restarts has to catch up; that is no news' }),
  ),
  doc: {
    meaning:
      'A replica does not keep up with its leader, or its broker is away: fewer copies exist than were asked for.',
    source: 'Metadata; replicas that a reassignment is adding are left out (KIP-455).',
    advice: 'Look at the broker that holds the missing replica: down, a failed disk, or replication throttled?',
  },
  suspect({ partitions }, row) {
    return partitions.inSyncReplicas[row]! < partitions.replicas[row]! - partitions.addingReplicas[row]!;
  },
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const { replicas, inSyncReplicas, addingReplicas } = row;
    if (replicas.length === 0) return unknown('replicas-unread');
    // Which ones are being added is not known here: only what cannot be one of them is missing.
    if (replicas.length - addingReplicas <= inSyncReplicas.length) return clear();
    const missing = replicas.filter((brokerId) => !inSyncReplicas.includes(brokerId));
    return { is: 'raise', evidence: { replicas, inSyncReplicas, addingReplicas, missing } };
  },
  summary({ replicas, inSyncReplicas, missing }, { topic, partition }) {
    const held = `${inSyncReplicas.length} of ${replicas.length} replicas`;
    return `${topic} p${partition} has ${held} in sync (missing: broker ${missing.join(', ')})`;
  },
});
