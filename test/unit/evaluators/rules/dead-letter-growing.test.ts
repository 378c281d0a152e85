import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import { deadLetterGrowing } from '../../../../src/evaluators/rules/dead-letter-growing.ts';
import { makeReport } from '../../../support/report-fixture.ts';
import { minute, second } from '../../../support/rule-rows.ts';
import { topicPartition, topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const dlq = { topic: 'orders-dlq', producedRecords: 12, grewMsAgo: 30 * second };

testRule(deadLetterGrowing, topicRow, [
  ['a record came half a minute ago', dlq, 'raise warning'],
  ['the last came ten minutes ago', { ...dlq, grewMsAgo: 10 * minute }, 'raise warning'],
  ['the last came longer ago', { ...dlq, grewMsAgo: 10 * minute + 1 }, 'clear recovered'],
  ['it never grew while it was watched, full as it may be', { ...dlq, grewMsAgo: null }, 'clear recovered'],
  [
    'it was not read for long',
    { ...dlq, grewMsAgo: 11 * minute, partitions: [topicPartition({ offsetsAreStale: true })] },
    'unknown stale',
  ],
  ['a topic of another name grows', { ...dlq, topic: 'orders' }, 'clear config-changed'],
  ['Metadata is old', { ...dlq, staleCollector: 'cluster' }, 'unknown stale'],
]);

test('dead-letter-growing: suspects topics that are named so and grew of late, and no others', () => {
  const thresholds = defaultFindingSettings()['dead-letter-growing'];
  const isSuspect = (topic: string, producedAtMs: number) => {
    const tables = makeReport({ topics: [{ topic, producedAtMs, partitions: [{}] }] });
    return deadLetterGrowing.suspect?.(tables, 0, 60 * minute, thresholds);
  };
  assert.equal(isSuspect('orders.DLT', 50 * minute), true);
  assert.equal(isSuspect('orders.DLT', 50 * minute - 1), false);
  assert.equal(isSuspect('orders.DLT', Number.NaN), false);
  assert.equal(isSuspect('orders-retry', 60 * minute), false);
});

const names = {
  hasGroup: (groupId: string) => groupId === 'billing',
  readersOf: (topic: string) => ({ orders: ['billing', 'audit'], 'billing-dlq': ['repair'] })[topic] ?? null,
};

for (const [topic, sentence] of [
  [
    'orders.billing-dlq',
    'orders.billing-dlq grows: 12 records since tidemark watches it, the last 30 s ago, and nobody reads it; by its name from billing, reading orders',
  ],
  [
    'billing-dlq',
    'billing-dlq grows: 12 records since tidemark watches it, the last 30 s ago; by its name from billing',
  ],
  [
    'orders-dlq',
    'orders-dlq grows: 12 records since tidemark watches it, the last 30 s ago, and nobody reads it; by its name from one of the 2 readers of orders',
  ],
  ['dlq-x', 'dlq-x grows: 12 records since tidemark watches it, the last 30 s ago, and nobody reads it'],
] as const) {
  test(`dead-letter-growing: says what the name of ${topic} tells`, () => {
    const { evidence } = raisedBy(deadLetterGrowing, topicRow({ ...dlq, topic, names }));
    assert.equal(deadLetterGrowing.summary(evidence as never, { topic }), sentence);
  });
}
