import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const tooManyPartitions = defineRule({
  code: 'too-many-partitions',
  subject: 'broker',
  severity: 'info',
  thresholds: Type.Object({
    replicas: Type.Integer({
      default: 4000,
      minimum: 1,
      description: 'replicas on one broker: what the Kafka project has long named as the most that one should hold',
    }),
    ...hysteresis({ because: 'replicas come and go with topics, not by the minute' }),
  }),
  doc: {
    meaning:
      'A broker holds more replicas than one broker should: elections after its death take long, and each replica costs memory, files and requests.',
    source: 'Metadata: replicas of the topics that tidemark watches.',
    advice: 'Delete topics that nobody uses, give new ones fewer partitions, or add brokers and move replicas to them.',
  },
  suspect: ({ brokers }, row, _nowMs, thresholds) => brokers[row]!.replicas > thresholds.replicas,
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.replicas <= thresholds.replicas) return clear();
    return {
      is: 'raise',
      evidence: { replicas: row.replicas, leaders: row.leaders, limit: thresholds.replicas },
    };
  },
  summary({ replicas, limit }, { brokerId }) {
    return `Broker ${brokerId} holds ${countOf(replicas, 'replica')}, more than ${countOf(limit, 'replica')}`;
  },
});
