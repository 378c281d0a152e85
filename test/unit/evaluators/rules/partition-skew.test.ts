import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import { partitionSkew } from '../../../../src/evaluators/rules/partition-skew.ts';
import { makeReport } from '../../../support/report-fixture.ts';
import { topicPartition, topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const rates = (...produceRates: (number | null)[]) => ({
  partitions: produceRates.map((produceRate, partition) => topicPartition({ partition, produceRate })),
});

const skewed: readonly (readonly number[])[] = [
  [10, 2, 2],
  [10, 9, 2, 1],
  [1, 0],
];
const even: readonly (readonly number[])[] = [[10, 2.1, 2.1], [10, 9, 9, 1], [0.9, 0], [100], [0, 0, 0]];

testRule(partitionSkew, topicRow, [
  ...skewed.map((some) => [`rates ${some}`, rates(...some), 'raise info'] as const),
  ...even.map((some) => [`rates ${some}`, rates(...some), 'clear recovered'] as const),
  ['one rate is not known yet', rates(10, 1, null), 'unknown insufficient-data'],
  [
    'one partition was not read for long',
    { partitions: [topicPartition(), topicPartition({ produceRate: null, offsetsAreStale: true })] },
    'unknown stale',
  ],
  ['Metadata is old', { ...rates(10, 1, 1), staleCollector: 'cluster' }, 'unknown stale'],
]);

test('partition-skew: suspects what it would raise, and nothing that is spread well', () => {
  const thresholds = defaultFindingSettings()['partition-skew'];
  const isSuspect = (produceRates: readonly number[]) => {
    const partitions = produceRates.map((produceRate) => ({ produceRate }));
    return partitionSkew.suspect?.(makeReport({ topics: [{ topic: 'orders', partitions }] }), 0, 0, thresholds);
  };
  for (const some of skewed) assert.equal(isSuspect(some), true, String(some));
  for (const some of even) assert.equal(isSuspect(some), false, String(some));
});

test('partition-skew: names the busiest partition and its share', () => {
  const { evidence } = raisedBy(partitionSkew, topicRow(rates(2, 26.04, 4)));
  assert.equal(
    partitionSkew.summary(evidence as never, { topic: 'orders' }),
    'p1 gets 81 % of what is written to the 3 partitions of orders: 26 records a second, the middle one of the others 2',
  );
});
