import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cluster } from '../../../src/collectors/cluster.ts';
import { createScope } from '../../../src/collectors/scope.ts';
import { missingTopicFailures } from '../../../src/collectors/watched.ts';
import { TidemarkError } from '../../../src/model/errors.ts';
import { answer, clusterOf, FakeKafka, inputWith, never, topicOf } from './fake-kafka.ts';

/** A Kafka in which `orders` was, and is not listed any more. */
function withoutOrders(denied: readonly string[]): FakeKafka {
  const kafka = new FakeKafka();
  kafka.clusterState = async () => answer(clusterOf(topicOf('bills')));
  kafka.unknownTopics = async () => answer(denied);
  return kafka;
}
const before = clusterOf(topicOf('bills'), topicOf('orders'));

test('a topic is gone when Kafka denies it by name in two cycles, and unread until then', async () => {
  const kafka = withoutOrders(['orders']);
  const first = await cluster.collect(kafka, inputWith({ cluster: before }), never);
  assert.deepEqual(
    first.failures.map(({ topics }) => topics),
    [[{ topic: 'orders' }]],
  );
  const discovery = first.discovery;
  assert.ok(discovery);
  const second = await cluster.collect(kafka, inputWith({ cluster: first.value, discovery }), never);
  assert.deepEqual(second.failures, []);
  assert.equal(second.discovery?.missingTopics.size, 0);
});

test('a topic that is listed again begins anew', async () => {
  const missingTopics = new Map([['orders', 1]]);
  const kafka = new FakeKafka();
  kafka.clusterState = async () => answer(before);
  const known = inputWith({ discovery: { groups: new Map(), missingTopics } });
  const { discovery, failures } = await cluster.collect(kafka, known, never);
  assert.equal(discovery?.missingTopics.size, 0);
  assert.deepEqual(failures, []);
});

test('what we may not describe is not gone, however often it is not listed', async () => {
  const kafka = withoutOrders([]);
  kafka.unknownTopics = async () => answer([], [{ code: 'upstream.denied', topics: [{ topic: 'orders' }] }]);
  let known = inputWith({ cluster: before });
  for (let cycle = 0; cycle < 4; cycle++) {
    const { value, discovery, failures } = await cluster.collect(kafka, known, never);
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['upstream.denied'],
      'a matter of permissions, and of nothing else',
    );
    assert.ok(discovery);
    assert.ok(discovery.missingTopics.has('orders'));
    assert.deepEqual(
      missingTopicFailures(discovery).map(({ code, topics }) => [code, topics]),
      [['upstream.denied', [{ topic: 'orders' }]]],
    );
    known = inputWith({ cluster: value, discovery });
  }
});

test('without CLUSTER Describe the snapshot is filtered', async () => {
  const kafka = new FakeKafka();
  assert.equal((await cluster.collect(kafka, inputWith(), never)).completeness, 'full');
  kafka.clusterAccess = async () => ({ clusterId: 'c1', maySeeEverything: false });
  assert.equal((await cluster.collect(kafka, inputWith(), never)).completeness, 'filtered');
});

test('where access and reassignments cannot be read, topics still are, and the failures cover none of them', async () => {
  const kafka = new FakeKafka();
  const denied = async () => {
    throw new TidemarkError('upstream.denied', 'no');
  };
  kafka.clusterAccess = denied;
  kafka.reassignments = denied;
  kafka.clusterState = async () => answer(before);
  const { value, failures, completeness } = await cluster.collect(kafka, inputWith(), never);
  assert.equal(value.topics.length, 2);
  assert.deepEqual(
    failures.map(({ topics }) => topics),
    [[], []],
  );
  assert.equal(completeness, undefined);
});

test('replicas that a reassignment adds are named', async () => {
  const kafka = new FakeKafka();
  kafka.clusterState = async () => answer(clusterOf(topicOf('orders', { replicas: [1, 2] }), topicOf('bills')));
  kafka.reassignments = async () => answer([{ topic: 'orders', partition: 0, addingReplicas: [2] }]);
  const { value } = await cluster.collect(kafka, inputWith(), never);
  assert.deepEqual(
    value.topics.map(({ partitions }) => partitions[0]?.addingReplicas),
    [[2], []],
  );
});

test('topics out of scope are left out, Kafka’s own stay: their availability is the cluster’s', async () => {
  const kafka = new FakeKafka();
  kafka.clusterState = async () =>
    answer(clusterOf(topicOf('orders'), topicOf('audit'), topicOf('__consumer_offsets')));
  const scope = createScope({ groups: { include: ['*'], exclude: [] }, topics: { include: ['orders'], exclude: [] } });
  const { value } = await cluster.collect(kafka, inputWith({ scope, cluster: before }), never);
  assert.deepEqual(
    value.topics.map(({ topic }) => topic),
    ['orders', '__consumer_offsets'],
  );
});
