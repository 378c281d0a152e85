import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const brokerMissing = defineRule({
  code: 'broker-missing',
  subject: 'broker',
  severity: 'warning',
  thresholds: Type.Object(
    hysteresis({ raiseAfter: '3m', because: 'a broker that restarts is away for a minute or two; that is no news' }),
  ),
  doc: {
    meaning:
      'A broker that holds replicas does not live: its partitions have one copy less. Critical where that stops writes with acks=all, or leaves partitions without a leader.',
    source: 'Metadata: an ID in some replica list that is not among the living brokers.',
    advice:
      'Is the process down, its host, or the network between the brokers? Start it again: it catches up by itself. If it is gone for good, move its replicas away with kafka-reassign-partitions.',
  },
  suspect: ({ brokers }, row) => !brokers[row]!.up,
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.up) return clear();
    const { partitions, underMinIsr, offline, examples } = row.lacked;
    return {
      is: 'raise',
      severity: underMinIsr + offline > 0 ? 'critical' : 'warning',
      evidence: {
        replicas: row.replicas,
        partitions,
        underMinIsr,
        offline,
        examples,
        livingBrokers: row.livingBrokers,
      },
    };
  },
  summary({ replicas, underMinIsr, offline, livingBrokers }, { brokerId }) {
    const worse = [
      ...(underMinIsr > 0 ? [`${countOf(underMinIsr, 'partition')} under min.insync.replicas`] : []),
      ...(offline > 0 ? [`${countOf(offline, 'partition')} without a leader`] : []),
    ];
    const effect = worse.length === 0 ? '' : `, which leaves ${worse.join(' and ')}`;
    return `Broker ${brokerId} does not live and holds ${countOf(replicas, 'replica')}${effect} (${countOf(livingBrokers, 'broker')} living)`;
  },
});
