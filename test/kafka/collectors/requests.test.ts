/** How Kafka is asked: in chunks, not more than needed, and at the pace that it allows. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { alterClientQuotasV1, ClientQuotaEntityTypes, ClientQuotaKeys } from '@platformatic/kafka';
import type { KafkaPort } from '../../../src/kafka/port.ts';
import { Routing } from '../../../src/kafka/wire/routing.ts';
import { createWirePort } from '../../../src/kafka/wire/wire-port.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { connected } from '../../support/wire.ts';
import { Cycles, committedOf, membershipOf, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

const { signal } = new AbortController();

function requestsOf(port: KafkaPort, api: string): number {
  return port.traffic.get(api)?.requests ?? 0;
}

/** Share of the time of a broker's request threads that a client may take, in percent (KIP-124); null: no limit. */
async function limitRequests(clientId: string, percent: number | null): Promise<void> {
  await using connection = await connected(kafka.bootstrapServers.split(',')[0]!);
  const key = ClientQuotaKeys.REQUEST_PERCENTAGE;
  const op = percent === null ? { key, remove: true as const } : { key, value: percent, remove: false as const };
  const entities = [{ entityType: ClientQuotaEntityTypes.CLIENT_ID, entityName: clientId }];
  await alterClientQuotasV1.api.async(connection, [{ entities, ops: [op] }], false);
}

test('a broker that asks for a pause gets it: the next question waits, and nothing fails', async () => {
  const topic = await kafka.createTopic('throttled', { partitions: 3 });
  const groupId = kafka.name('throttled');
  await kafka.produce(topic, 5);
  await kafka.commit(groupId, { [topic]: { 0: 2 } });
  const clientId = kafka.name('throttled');
  const bounds = { connectTimeoutMs: 10_000, requestTimeoutMs: 20_000 };
  const port = createWirePort(
    { bootstrapServers: kafka.bootstrapServers.split(','), clientId, ...bounds },
    systemClock,
  );
  await using cycles = new Cycles(port, topic);
  await cycles.next();
  await limitRequests(clientId, 0.01);
  try {
    await until('a question waits, for the last answer asked for a pause', async () => {
      await port.clusterAccess(signal);
      const sent = requestsOf(port, 'DescribeCluster');
      const next = port.clusterAccess(signal);
      // Whatever would be sent at once is on its way by now.
      await setImmediate();
      const waits = requestsOf(port, 'DescribeCluster') === sent;
      await next;
      return waits;
    });
    const snapshot = await cycles.next();
    assert.deepEqual(snapshot.failures, []);
    for (const [facet, { failures }] of Object.entries(snapshot.reads)) assert.deepEqual(failures, [], facet);
    assert.deepEqual([committedOf(snapshot, groupId, topic), membershipOf(snapshot, groupId)?.state], [2, 'Empty']);
  } finally {
    await limitRequests(clientId, null);
  }
});

test('many groups and topics are asked for in chunks, each at its coordinator', async () => {
  await using port = wirePort(kafka.bootstrapServers);
  const routing = new Routing((await port.clusterState(signal)).value);
  // Kafka answers for groups that it does not know: no offsets, and Dead.
  const groups = Array.from({ length: 3_500 }, (_, i) => ({ groupId: kafka.name(`none-${i}`), listedBy: null }));
  const perBroker = [...Map.groupBy(groups, ({ groupId }) => routing.coordinator(groupId)).values()];
  const chunked = (most: number) => perBroker.reduce((sum, { length }) => sum + Math.ceil(length / most), 0);
  const commits = await port.committedOffsets(groups, signal);
  assert.deepEqual([commits.failures, commits.value.length], [[], 3_500]);
  assert.equal(requestsOf(port, 'OffsetFetch'), chunked(500));
  const members = await port.describeClassicGroups(groups, signal);
  assert.deepEqual([members.failures, members.value.length], [[], 3_500]);
  assert.ok(members.value.every(({ state }) => state === 'Dead'));
  assert.equal(requestsOf(port, 'DescribeGroups'), chunked(100));
  const topic = await kafka.createTopic('chunks');
  const topics = [...Array.from({ length: 1_000 }, (_, i) => kafka.name(`none-${i}`)), topic];
  const configs = await port.topicConfigs(topics, ['retention.ms'], signal);
  assert.deepEqual(
    configs.value.map(({ values }) => Object.keys(values)),
    [['retention.ms']],
  );
  assert.equal(configs.failures.length, 1_000);
  assert.equal(requestsOf(port, 'DescribeConfigs'), 3);
});

test('a group that is listed as Empty is not described', async () => {
  const topic = await kafka.createTopic('empty');
  const groupId = kafka.name('empty');
  await kafka.commit(groupId, { [topic]: { 0: 1 } });
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), topic);
  const snapshot = await cycles.next();
  assert.equal(membershipOf(snapshot, groupId)?.state, 'Empty');
  assert.ok(requestsOf(cycles.kafka, 'ListGroups') > 0);
  assert.equal(requestsOf(cycles.kafka, 'DescribeGroups'), 0);
});

test('a commit within an open transaction is not waited for: what was committed before is read', async () => {
  const topic = await kafka.createTopic('pending');
  const groupId = kafka.name('pending');
  await kafka.commit(groupId, { [topic]: { 0: 5 } });
  const producer = await kafka.transactionalProducer(kafka.name('pending'));
  const consumer = kafka.kafka.consumer({ 'group.id': groupId });
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), topic);
  await consumer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.sendOffsets({ consumer, topics: [{ topic, partitions: [{ partition: 0, offset: '7' }] }] });
    const open = await cycles.next();
    assert.deepEqual([committedOf(open, groupId, topic), open.reads['committed-offsets']?.failures], [5, []]);
    await transaction.commit();
    await until('it is committed', async () => committedOf(await cycles.next(), groupId, topic) === 7);
  } finally {
    await consumer.disconnect();
    await producer.disconnect();
  }
});
