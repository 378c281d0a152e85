import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTransaction } from '../../../../src/evaluators/rules/open-transaction.ts';
import { minute, second } from '../../../support/rule-rows.ts';
import { topicPartition, topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const hanging = { openTransactionMs: 15 * minute + 1, lastStableOffset: 900, endMoved: 100 };
const on = (...partitions: Parameters<typeof topicPartition>[0][]) => ({
  partitions: partitions.map((over, partition) => topicPartition({ partition, ...over })),
});

testRule(openTransaction, topicRow, [
  ['no transaction is open', {}, 'clear recovered'],
  ['one is, for longer than Kafka allows', on({}, hanging), 'raise warning'],
  ['one is, for as long as Kafka allows', on({ ...hanging, openTransactionMs: 15 * minute }), 'clear recovered'],
  [
    'a shorter limit of the brokers',
    { ...on({ ...hanging, openTransactionMs: 61 * second }), transactionMaxTimeoutMs: minute },
    'raise warning',
  ],
  ['the brokers do not tell their limit: 15 min', { ...on(hanging), transactionMaxTimeoutMs: null }, 'raise warning'],
  [
    'the brokers do not tell their limit, and 15 min are not over',
    { ...on({ ...hanging, openTransactionMs: 15 * minute }), transactionMaxTimeoutMs: null },
    'clear recovered',
  ],
  ['nothing is written behind it', on({ ...hanging, endMoved: 0 }), 'unknown high-watermark-stands'],
  [
    'it was open when tidemark came, a moment ago',
    on({ ...hanging, openTransactionMs: minute, openedUnseen: true }),
    'unknown not-watched-long-enough',
  ],
  ['its partition was not read for long', on({ ...hanging, offsetsAreStale: true }), 'unknown stale'],
  ['another partition was not read for long, and had none open', on({ offsetsAreStale: true }, {}), 'clear recovered'],
  ['Metadata is old', { ...on(hanging), staleCollector: 'cluster' }, 'unknown stale'],
]);

test('open-transaction: names all partitions, and the numbers of the oldest transaction', () => {
  const row = topicRow(
    on(hanging, {}, { ...hanging, openTransactionMs: 20 * minute, lastStableOffset: 400, openedUnseen: true }),
  );
  const { evidence } = raisedBy(openTransaction, row);
  assert.deepEqual(evidence, {
    partitions: [0, 2],
    openSeconds: 1200,
    limitSeconds: 900,
    oldest: { partition: 2, lastStableOffset: 400, highWatermark: 1000, sinceFirstRead: true },
    unstableRecords: 700,
    config: { transactionMaxTimeoutMs: 15 * minute },
  });
  assert.equal(
    openTransaction.summary(evidence as never, { topic: 'orders' }),
    'A transaction on 2 partitions of orders has been open for at least 20 min: no reader of committed records sees the 700 records behind it',
  );
});
