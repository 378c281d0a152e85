import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { TopicPartition } from '../rows/topic-row.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const openTransaction = defineRule({
  code: 'open-transaction',
  subject: 'topic',
  severity: 'warning',
  thresholds: Type.Object({
    timeouts: Type.Number({
      default: 1,
      exclusiveMinimum: 0,
      description:
        'times transaction.max.timeout.ms that one transaction must have been open: longer than Kafka lets any producer ask for',
    }),
    unreadTimeout: Duration('15m', 'transaction.max.timeout.ms where it cannot be read: the default of Kafka'),
    ...hysteresis({ because: 'the coordinator looks for timed-out transactions every ten seconds only' }),
  }),
  doc: {
    meaning:
      'A transaction has been open for longer than Kafka allows: the last stable offset stands while records go on coming, and whoever reads committed records only waits before it.',
    source: 'Last stable offset and high watermark of each partition; transaction.max.timeout.ms of the brokers.',
    advice:
      'Find the producer: kafka-transactions.sh find-hanging --topic and describe-producers name its producerId. Is it alive and slow, or did it die? A hanging transaction ends by kafka-transactions.sh abort, which throws its records away. Retention goes on deleting what nobody may read meanwhile.',
  },
  suspect({ topics, partitions }, row) {
    for (const one of topics.partitionRows[row]!) {
      if (partitions.highWatermark[one]! > partitions.endAtOpenTransaction[one]!) return true;
    }
    return false;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const { transactionMaxTimeoutMs } = row;
    const config = { transactionMaxTimeoutMs };
    const limitMs = thresholds.timeouts * (transactionMaxTimeoutMs ?? thresholds.unreadTimeout);
    const open = row.partitions.filter(({ openTransactionMs }) => openTransactionMs !== null);
    const current = open.filter(({ offsetsAreStale }) => !offsetsAreStale);
    const isTooOld = (one: TopicPartition) => one.openTransactionMs! > limitMs;
    const hanging = current.filter((one) => isTooOld(one) && one.endMoved > 0);
    const worst = hanging.toSorted((a, b) => b.openTransactionMs! - a.openTransactionMs!)[0];
    if (worst === undefined) {
      if (current.length < open.length) return unread('end-offsets');
      if (current.some(isTooOld)) return unknown('high-watermark-stands');
      return current.some(({ openedUnseen }) => openedUnseen)
        ? unknown('not-watched-long-enough')
        : clear('recovered', config);
    }
    return {
      is: 'raise',
      evidence: {
        partitions: hanging.map(({ partition }) => partition),
        openSeconds: Math.round(worst.openTransactionMs! / 1000),
        limitSeconds: Math.round(limitMs / 1000),
        oldest: {
          partition: worst.partition,
          lastStableOffset: worst.lastStableOffset,
          highWatermark: worst.highWatermark,
          sinceFirstRead: worst.openedUnseen,
        },
        unstableRecords: hanging.reduce((sum, one) => sum + unstable(one), 0),
        config,
      },
    };
  },
  summary({ partitions, openSeconds, oldest, unstableRecords }, { topic }) {
    const place =
      partitions.length === 1 ? `${topic} p${partitions[0]}` : `${countOf(partitions.length, 'partition')} of ${topic}`;
    const age = `${oldest.sinceFirstRead ? 'at least ' : ''}${spokenSeconds(openSeconds)}`;
    const behind = `${countOf(unstableRecords, 'record')} behind it`;
    return `A transaction on ${place} has been open for ${age}: no reader of committed records sees the ${behind}`;
  },
});

function unstable({ highWatermark, lastStableOffset }: TopicPartition): number {
  return (highWatermark ?? 0) - (lastStableOffset ?? highWatermark ?? 0);
}
