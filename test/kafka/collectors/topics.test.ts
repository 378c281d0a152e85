import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BrokerPool } from '../../../src/kafka/wire/broker-pool.ts';
import { Router } from '../../../src/kafka/wire/router.ts';
import type { ClusterState, Snapshot, TopicState } from '../../../src/model/snapshot.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { Cycles, offsetOf, read, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

function watching(short: string): Cycles {
  return new Cycles(wirePort(kafka.bootstrapServers), `${kafka.name(short)}*`);
}

function stateOf(snapshot: Snapshot, topic: string): TopicState | undefined {
  return read(snapshot, 'cluster').topics.find((each) => each.topic === topic);
}

function unreadTopics(snapshot: Snapshot): string[] {
  return (snapshot.reads.cluster?.failures ?? []).flatMap(({ topics }) => topics?.map(({ topic }) => topic) ?? []);
}

test('brokers, leaders, replicas and the topic ID, and that we see everything', async () => {
  const topic = await kafka.createTopic('state', { partitions: 4 });
  await using cycles = watching('state');
  const snapshot = await cycles.next();
  const cluster = read(snapshot, 'cluster');
  const brokerIds = cluster.brokers.map(({ brokerId }) => brokerId).sort();
  assert.equal(snapshot.completeness, 'full');
  assert.ok(cluster.clusterId);
  const state = stateOf(snapshot, topic);
  assert.match(state?.topicId ?? '', /^[\w-]{22}$/);
  assert.deepEqual(
    state?.partitions.map(({ partition }) => partition),
    [0, 1, 2, 3],
  );
  for (const partition of state?.partitions ?? []) {
    assert.deepEqual([...partition.replicas].sort(), brokerIds);
    assert.deepEqual([...partition.inSyncReplicas].sort(), brokerIds);
    assert.ok(brokerIds.includes(partition.leader ?? -1));
    assert.deepEqual(partition.addingReplicas, []);
  }
});

test('a large cluster, asked in pages, is the same as from one answer of Metadata', async () => {
  await kafka.createTopic('pages', { partitions: 7 });
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'tidemark-test' };
  const bounds = { connectTimeoutMs: 10_000, requestTimeoutMs: 20_000 };
  await using pool = new BrokerPool({ ...connection, ...bounds }, systemClock);
  const router = new Router(pool, { partitionsInMetadata: 0, partitionsAPage: 3 });
  const { signal } = new AbortController();
  // Others come and go on a shared cluster.
  const ours = ({ topics }: ClusterState) =>
    topics.filter(({ topic }) => topic.startsWith(kafka.prefix)).toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
  const whole = await router.read(signal);
  const paged = await router.read(signal);
  assert.ok(ours(whole.state).length > 0);
  assert.deepEqual(ours(paged.state), ours(whole.state));
  assert.deepEqual(paged.state.brokers.length, 3);
  assert.ok((pool.traffic.byApi.get('DescribeTopicPartitions')?.requests ?? 0) >= 3);
});

test('a deleted topic is unread in one cycle and gone in the next; made anew, it is another topic', async () => {
  const topic = await kafka.createTopic('again');
  const other = await kafka.createTopic('again-not');
  await using cycles = watching('again');
  const before = stateOf(await cycles.next(), topic)?.topicId;
  assert.ok(before);
  await kafka.deleteTopic(topic);
  const first = await until('Metadata does not list it any more', async () => {
    const snapshot = await cycles.next();
    return stateOf(snapshot, topic) ? undefined : snapshot;
  });
  assert.deepEqual(unreadTopics(first), [topic]);
  assert.deepEqual(
    first.reads['end-offsets']?.failures.flatMap(({ topics }) => topics),
    [{ topic }],
    'its offsets are not gone before it is',
  );
  const second = await until('every broker knows that it is gone', async () => {
    const snapshot = await cycles.next();
    return unreadTopics(snapshot).length === 0 ? snapshot : undefined;
  });
  assert.equal(stateOf(second, topic), undefined);
  assert.deepEqual(second.reads['end-offsets']?.failures, []);
  assert.ok(stateOf(second, other));
  await kafka.createTopic('again');
  const after = stateOf(await cycles.next(), topic)?.topicId;
  assert.ok(after);
  assert.notEqual(after, before);
});

test('settings of topics and brokers, in our units', async () => {
  const config = {
    'retention.ms': '90000',
    'retention.bytes': '4194304',
    'cleanup.policy': 'compact,delete',
    'min.insync.replicas': '2',
    'segment.ms': '5000',
    'message.timestamp.type': 'LogAppendTime',
  };
  const topic = await kafka.createTopic('settings', { config });
  await using cycles = watching('settings');
  const snapshot = await cycles.next();
  const found = read(snapshot, 'topic-configs').find((each) => each.topic === topic)?.config;
  assert.deepEqual(found, {
    retentionMs: 90_000,
    retentionBytes: 4_194_304,
    cleanupPolicy: ['compact', 'delete'],
    minInSyncReplicas: 2,
    segmentMs: 5_000,
    segmentBytes: 1_073_741_824,
    uncleanLeaderElection: false,
    timestampType: 'LogAppendTime',
    remoteStorageEnable: false,
    deleteRetentionMs: 86_400_000,
  });
  assert.deepEqual(read(snapshot, 'broker-configs'), {
    offsetsRetentionMs: 10_080 * 60_000,
    retentionCheckIntervalMs: 2_000,
    transactionMaxTimeoutMs: 900_000,
  });
});

test('the leader’s size of each partition once, and the space of every broker’s directory', async () => {
  const topic = await kafka.createTopic('sizes', { partitions: 2 });
  await kafka.produce(topic, 100, { partition: 1, valueBytes: 1_000 });
  await using cycles = watching('sizes');
  const { sizes, logDirs } = read(await cycles.next(), 'log-dirs');
  const its = sizes.filter((each) => each.topic === topic);
  assert.equal(its.length, 1);
  assert.deepEqual([...its[0]!.partitions].sort(), [0, 1]);
  const asOffsets = its.map(({ partitions, sizeBytes }) => ({ topic, partitions, offsets: sizeBytes }));
  assert.equal(offsetOf(asOffsets, topic, 0), 0);
  const bytes = offsetOf(asOffsets, topic, 1) ?? 0;
  assert.ok(bytes >= 100_000 && bytes < 200_000, `${bytes} bytes of 100 records of 1,000`);
  assert.equal(logDirs.length, 3);
  for (const { totalBytes, usableBytes, error } of logDirs) {
    assert.ok((totalBytes ?? 0) > (usableBytes ?? 0));
    assert.equal(error, null);
  }
});
