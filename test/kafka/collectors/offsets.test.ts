import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { KafkaPort } from '../../../src/kafka/port.ts';
import { moveLeader, placeReplicas } from '../../support/leaders.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { Cycles, committedOf, endsOf, offsetOf, read, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

/** A port at which something happens right after certain questions were answered: what a race would do, every time. */
function acting(
  port: KafkaPort,
  after: { [Q in 'logStartOffsets' | 'committedOffsets']: () => Promise<void> },
): KafkaPort {
  return new Proxy(port, {
    get(target, question, receiver) {
      const method: unknown = Reflect.get(target, question, receiver);
      if (question !== 'logStartOffsets' && question !== 'committedOffsets') return method;
      return async (...args: unknown[]) => {
        const answer: unknown = await (method as (...args: unknown[]) => Promise<unknown>)(...args);
        await after[question]();
        return answer;
      };
    },
  });
}

test('log start, then commit, then ends: neither a purge nor a producer in between makes a group look wrong', async () => {
  const topic = await kafka.createTopic('race');
  const groupId = kafka.name('race');
  await kafka.produce(topic, 10);
  await kafka.commit(groupId, { [topic]: { 0: 5 } });
  let offset = 10;
  const port = acting(wirePort(kafka.bootstrapServers), {
    logStartOffsets: async () => {
      // As Kafka Streams does it: commit, then purge up to the commit.
      await kafka.commit(groupId, { [topic]: { 0: offset } });
      await kafka.deleteRecords(topic, 0, offset);
    },
    committedOffsets: async () => {
      await kafka.produce(topic, 10);
      offset += 10;
      await kafka.commit(groupId, { [topic]: { 0: offset } });
    },
  });
  await using cycles = new Cycles(port, `${kafka.prefix}race`);
  const seen: (number | undefined)[][] = [];
  for (let cycle = 0; cycle < 2; cycle++) {
    const snapshot = await cycles.next();
    const logStart = offsetOf(read(snapshot, 'log-start-offsets'), topic);
    const { lastStableOffset, highWatermark } = endsOf(snapshot, topic);
    seen.push([logStart, committedOf(snapshot, groupId, topic), lastStableOffset, highWatermark]);
  }
  assert.deepEqual(seen, [
    [0, 10, 20, 20],
    [10, 20, 30, 30],
  ]);
});

test('an open transaction holds the last stable offset back; its end is a marker, which takes an offset', async () => {
  const topic = await kafka.createTopic('transactions');
  await kafka.produce(topic, 2);
  const producer = await kafka.transactionalProducer(kafka.name('transactions'));
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), `${kafka.prefix}transactions`);
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
    assert.deepEqual(endsOf(await cycles.next(), topic), { lastStableOffset: 2, highWatermark: 5 });
    await transaction.commit();
    await until('the marker is written', async () => endsOf(await cycles.next(), topic).lastStableOffset === 6);
    assert.equal(endsOf(await cycles.next(), topic).highWatermark, 6);
  } finally {
    await producer.disconnect();
  }
});

test('the first offset at or after a moment, several moments of one partition at once; none after the last record', async () => {
  const topic = await kafka.createTopic('times', { partitions: 2 });
  const baseMs = Date.now() - 60_000;
  for (const second of [0, 10, 20]) await kafka.produce(topic, 5, { timestampMs: baseMs + second * 1_000 });
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), `${kafka.prefix}times`);
  const probe = (partition: number, second: number) => ({ topic, partition, timestampMs: baseMs + second * 1_000 });
  const probes = [probe(0, -5), probe(0, 0), probe(0, 1), probe(0, 20), probe(0, 21), probe(1, 0)];
  const answers = read(await cycles.next(probes), 'offsets-for-times');
  const offsets = probes.map(
    ({ partition, timestampMs }) =>
      answers.find((each) => each.partition === partition && each.timestampMs === timestampMs)?.offset,
  );
  assert.deepEqual(offsets, [0, 0, 5, 10, null, null]);
});

test('an error of one partition leaves the others of the same answer standing', async () => {
  const living = await kafka.createTopic('living', { partitions: 3 });
  const dying = await kafka.createTopic('dying', { partitions: 3 });
  await kafka.produce(living, 4);
  await using port = wirePort(kafka.bootstrapServers);
  const { signal } = new AbortController();
  const partitions = [0, 1, 2];
  const asked = [
    { topic: living, partitions },
    { topic: dying, partitions },
  ];
  // The port knows both from here on; one goes behind its back.
  const before = await port.logStartOffsets(asked, signal);
  assert.deepEqual([before.failures, before.value.length], [[], 2]);
  await kafka.deleteTopic(dying);
  await until('the deleted topic cannot be read, the other one can', async () => {
    const { value, failures } = await port.logStartOffsets(asked, signal);
    assert.deepEqual(offsetOf(value, living, 2), 0);
    const unread = failures.flatMap(({ topics }) => topics?.map(({ topic }) => topic) ?? []);
    return value.length === 1 && unread.length > 0 && unread.every((topic) => topic === dying);
  });
});

test('a leader that moved since Metadata was read is found within the same question', async () => {
  const topic = await kafka.createTopic('moving', { replicationFactor: 1 });
  await kafka.produce(topic, 7);
  await using port = wirePort(kafka.bootstrapServers);
  await using other = wirePort(kafka.bootstrapServers);
  const { signal } = new AbortController();
  const leader = async (): Promise<number | null | undefined> => {
    const { value } = await other.clusterState(signal);
    return value.topics.find((each) => each.topic === topic)?.partitions[0]?.leader;
  };
  await port.clusterState(signal);
  const from = await leader();
  const target = [1, 2, 3].find((brokerId) => brokerId !== from);
  assert.ok(target);
  await placeReplicas(kafka.bootstrapServers, topic, 0, [target]);
  await until('another broker leads', async () => (await leader()) === target);
  const { value, failures, brokers } = await port.endOffsets([{ topic, partitions: [0] }], signal);
  assert.deepEqual(failures, []);
  assert.deepEqual(value[0]?.highWatermarks, [7]);
  assert.ok(brokers[target]);
});

test('an answer is asked for in the leader’s epoch: one that has led again since is recognized, and asked anew', async () => {
  const topic = await kafka.createTopic('epochs');
  await kafka.produce(topic, 7);
  await using port = wirePort(kafka.bootstrapServers);
  const { signal } = new AbortController();
  const partitionOf = async (by: KafkaPort) => {
    const { value } = await by.clusterState(signal);
    return value.topics.find((each) => each.topic === topic)!.partitions[0]!;
  };
  const { leader, leaderEpoch, replicas } = await partitionOf(port);
  const [first = 0, second = 0, third = 0] = replicas;
  assert.equal(leader, first);
  await moveLeader(kafka.bootstrapServers, topic, 0, [second, first, third]);
  await moveLeader(kafka.bootstrapServers, topic, 0, [first, second, third]);
  const asked = () => port.traffic.get('Metadata')?.requests ?? 0;
  const before = asked();
  const { value, failures } = await port.endOffsets([{ topic, partitions: [0] }], signal);
  assert.deepEqual([value[0]?.highWatermarks, failures], [[7], []]);
  assert.equal(asked() - before, 1, 'the same leader as before, but FENCED_LEADER_EPOCH: refreshed once');
  await using other = wirePort(kafka.bootstrapServers);
  assert.equal((await partitionOf(other)).leaderEpoch, (leaderEpoch ?? 0) + 2);
});

test('by timestamp the broker goes by the running maximum: one record from the future stands for all after it', async () => {
  const topic = await kafka.createTopic('unordered');
  const baseMs = Date.now() - 60_000;
  for (const second of [0, 20, 10, 3_600, 30, 40])
    await kafka.produce(topic, 1, { timestampMs: baseMs + second * 1_000 });
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), `${kafka.prefix}unordered`);
  const probes = [5, 15, 25, 35, 3_599].map((second) => ({
    topic,
    partition: 0,
    timestampMs: baseMs + second * 1_000,
  }));
  const answers = read(await cycles.next(probes), 'offsets-for-times');
  const offsets = probes.map(({ timestampMs }) => answers.find((each) => each.timestampMs === timestampMs)?.offset);
  assert.deepEqual(offsets, [1, 1, 3, 3, 3]);
});
