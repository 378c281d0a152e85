import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import { deadLetterSource, isDeadLetterName } from '../../../../src/evaluators/judging/dead-letters.ts';

const { names: defaults } = defaultFindingSettings()['dead-letter-growing'];

for (const topic of [
  ...['orders.dlq', 'orders-dlq', 'orders_dlq', 'orders.DLT', 'orders-dlt', 'dlq-orders', 'DLQ.orders'],
  ...['orders.deadletter', 'dead-letter-queue-orders', 'my_dead_letter_topic', 'orders.DeadLetters'],
]) {
  test(`${topic} is named like a dead letter topic`, () => assert.ok(isDeadLetterName(topic, defaults)));
}

for (const topic of ['orders', 'orders-retry', 'orders-retry-1000', 'adlt', 'dlqueue', 'letters', 'dead-orders']) {
  test(`${topic} is not`, () => assert.ok(!isDeadLetterName(topic, defaults)));
}

test('a list of its own takes the place of the defaults', () => {
  assert.ok(isDeadLetterName('orders-Poison', ['*-poison']));
  assert.ok(!isDeadLetterName('orders-dlq', ['*-poison']));
});

function cluster(groups: readonly string[], readers: Readonly<Record<string, readonly string[]>>) {
  return {
    hasGroup: (groupId: string) => groups.includes(groupId),
    readersOf: (topic: string) => readers[topic] ?? null,
  };
}

const groups = ['billing', 'connect-jdbc-sink', 'order-service', 'audit'];
const topics = { orders: ['billing', 'audit'], 'orders.eu': ['billing'], idle: [], 'orders.billing.dlq': ['repair'] };
const names = cluster(groups, topics);

for (const [name, topic, from] of [
  ['orders.billing.dlq', 'orders', ['billing']],
  ['billing-dlq', null, ['billing']],
  ['dlq-jdbc-sink', null, ['connect-jdbc-sink']],
  ['order-service_orders.eu_dlq', 'orders.eu', ['order-service']],
  ['orders-dlt', 'orders', ['billing', 'audit']],
  ['idle.dlq', 'idle', []],
  ['payments.dlq', null, []],
] as const) {
  test(`${name} tells of topic ${topic} and groups ${from.join(', ') || 'none'}`, () => {
    assert.deepEqual(deadLetterSource(name, defaults, names), { topic, groups: from });
  });
}
