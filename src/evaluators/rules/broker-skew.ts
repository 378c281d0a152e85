import { type Static, Type } from 'typebox';
import type { BrokerRow } from '../rows/broker-rows.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenBytes } from '../wording.ts';

const thresholds = Type.Object({
  ratio: Type.Number({
    default: 1.5,
    minimum: 1,
    description: 'times the average of the living brokers: less is how Kafka itself spreads replicas',
  }),
  leaders: Type.Integer({ default: 50, minimum: 0, description: 'and so many leaders above it: few weigh nothing' }),
  replicas: Type.Integer({ default: 100, minimum: 0, description: 'and so many replicas above it' }),
  bytes: Type.Number({ default: 50e9, minimum: 0, description: 'and so many bytes above it' }),
  ...hysteresis({
    raiseAfter: '30m',
    because:
      'after a restart Kafka gives the leaders back within some minutes (leader.imbalance.check.interval.seconds)',
  }),
});

const measured = ['leaders', 'replicas', 'sizeBytes'] as const;
type Measured = (typeof measured)[number];

export const brokerSkew = defineRule({
  code: 'broker-skew',
  subject: 'broker',
  severity: 'info',
  thresholds,
  doc: {
    meaning: 'A broker leads, holds or stores far more than the others: it is the first to be too slow, or full.',
    source:
      'Metadata, and the sizes of the leaders’ logs, over the topics that tidemark watches. Nothing is said while a reassignment adds replicas.',
    advice:
      'Leaders: run kafka-leader-election --election-type preferred. Replicas and bytes: move some with kafka-reassign-partitions; look for one large topic first.',
  },
  suspect({ brokers }, row, _nowMs, limits) {
    const { up, leaders, replicas, sizeBytes } = brokers[row]!;
    return up && (leaders > limits.leaders || replicas > limits.replicas || (sizeBytes ?? 0) > limits.bytes);
  },
  judge(row, limits) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (!row.up) return unknown('broker-missing');
    const skewed = measured.filter((name) => isSkewed(row, name, limits));
    if (skewed.length === 0) return clear();
    // Asked last: it looks at every partition.
    if (row.isReassigning) return unknown('reassigning');
    const { leaders, replicas, sizeBytes, usual, livingBrokers } = row;
    return { is: 'raise', evidence: { skewed, leaders, replicas, sizeBytes, usual, livingBrokers } };
  },
  summary({ skewed, usual, ...own }, { brokerId }) {
    const parts = skewed.map((name) => `${worded(name, own[name])} where ${worded(name, usual[name])} are usual`);
    return `Broker ${brokerId} has ${parts.join(', and ')}`;
  },
});

function isSkewed(row: BrokerRow, name: Measured, limits: Static<typeof thresholds>): boolean {
  const own = row[name];
  const usual = row.usual[name];
  if (own === null || usual === null) return false;
  const margin = { leaders: limits.leaders, replicas: limits.replicas, sizeBytes: limits.bytes }[name];
  return own > limits.ratio * usual && own - usual > margin;
}

function worded(name: Measured, value: number | null): string {
  if (value === null) return 'unknown';
  if (name === 'sizeBytes') return spokenBytes(value);
  return countOf(value, name === 'leaders' ? 'leader' : 'replica');
}
