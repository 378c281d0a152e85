/** Findings of topics by the real binary on a real cluster: transactions that do not end, dead letters, changed topics. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import type { Finding, Transition } from '../../src/model/finding.ts';
import type { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { until } from '../support/until.ts';

// Short, but longer than a member stands still because its machine is busy.
const standing = { standsFor: '5s', unlearnedFor: '10s' };
const findings = {
  // transaction.max.timeout.ms is 15 min: this is 4.5 s of it.
  'open-transaction': { timeouts: 0.005 },
  'blocked-by-transaction': standing,
  stalled: standing,
  'stuck-partition': standing,
  'dead-letter-growing': { growsWithin: '3s' },
};
const settling = { withinMs: 120_000 };

let kafka: KafkaClients;
let admin: Admin;
let daemon: Daemon;
/** A dead letter topic that held three records when the daemon came. */
let deadLetters: string;

before(async () => {
  kafka = await testKafka();
  deadLetters = await kafka.createTopic(`orders.${kafka.name('billing')}.dlq`);
  await kafka.produce(deadLetters, 3);
  const { bootstrapServers } = kafka;
  admin = new Admin({ clientId: 'topic-findings', bootstrapBrokers: bootstrapServers.split(',') });
  const scope = { include: [`${kafka.prefix}*`] };
  daemon = await Daemon.start({
    bootstrapServers,
    settings: { ...scaledSettings, groups: scope, topics: scope, findings },
  });
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await admin?.close();
  await kafka?.[Symbol.asyncDispose]();
});

async function openFindings(code: string): Promise<readonly Finding[]> {
  return (await daemon.api<{ findings: Finding[] }>(`/findings?code=${code}`)).findings;
}

async function finding(code: string, of: { topic?: string; groupId?: string }): Promise<Finding | undefined> {
  const open = await openFindings(code);
  return open.find(({ topic, groupId }) => topic === of.topic && groupId === of.groupId);
}

async function transitions(groupId: string): Promise<Transition[]> {
  const told = await daemon.api<{ transitions: Transition[] }>('/events?limit=1000');
  return told.transitions.filter((one) => one.groupId === groupId);
}

interface TopicAnswer {
  retentionMs: number | null;
  partitionList: { highWatermark: number | null }[];
}

async function topicAnswer(topic: string): Promise<TopicAnswer> {
  return await daemon.api<TopicAnswer>(`/topics/${topic}`);
}

async function watchesOffsetsOf(topic: string): Promise<boolean> {
  return (await topicAnswer(topic)).partitionList.every(({ highWatermark }) => highWatermark !== null);
}

test('a transaction that nobody ends: open-transaction, and who reads committed records is blocked by it', async () => {
  const topic = await kafka.createTopic('orders', { partitions: 2 });
  const groupId = kafka.name('billing');
  await using member = await kafka.join(groupId, [topic], { config: { 'isolation.level': 'read_committed' } });
  const writeOn = async () => {
    for (const partition of [0, 1]) await kafka.produce(topic, 5, { partition });
  };
  await until(
    'the group reads',
    async () => {
      await writeOn();
      return member.consumed > 20;
    },
    settling,
  );
  const producer = await kafka.transactionalProducer(kafka.name('hangs'));
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ partition: 0, value: 'never committed' }] });
    await writeOn();
    const open = await until(
      'the transaction is found',
      async () => {
        await writeOn();
        return finding('open-transaction', { topic });
      },
      settling,
    );
    assert.equal(open.severity, 'warning');
    assert.deepEqual(open.evidence.partitions, [0]);
    assert.ok((open.evidence.unstableRecords as number) > 5);
    const blocked = await until(
      'the group is blocked, and why',
      async () => {
        await writeOn();
        const found = await finding('blocked-by-transaction', { groupId });
        return found?.cause && found;
      },
      settling,
    );
    assert.deepEqual(blocked.cause, { code: 'open-transaction', id: open.id });
    assert.deepEqual(blocked.evidence.partitions, [{ topic, partition: 0 }]);
    const metrics = await daemon.get('/metrics');
    assert.match(metrics, new RegExp(`tidemark_topic_open_transaction_age_seconds\\{[^}]*topic="${topic}"\\} \\d`));
    await transaction.abort();
  } finally {
    await producer.disconnect();
  }
  await until(
    'both are over',
    async () => {
      await writeOn();
      return !(await finding('open-transaction', { topic })) && !(await finding('blocked-by-transaction', { groupId }));
    },
    settling,
  );
  const codes = new Set(
    (await transitions(groupId)).filter(({ severity }) => severity !== 'info').map(({ code }) => code),
  );
  assert.deepEqual([...codes], ['blocked-by-transaction'], 'neither stalled nor stuck');
});

test('a dead letter topic that nobody reads grows, and its name tells where from', async () => {
  const groupId = kafka.name('billing');
  const topic = deadLetters;
  await until('the topic is watched', () => watchesOffsetsOf(topic), settling);
  assert.equal(await finding('dead-letter-growing', { topic }), undefined, 'what lay there before is no growth');
  await kafka.produce(topic, 1);
  const { evidence, severity } = await until('it grows', () => finding('dead-letter-growing', { topic }), settling);
  assert.equal(severity, 'warning');
  assert.deepEqual(
    { groups: evidence.sourceGroups, topic: evidence.sourceTopic, readers: evidence.readers },
    { groups: [groupId], topic: kafka.name('orders'), readers: [] },
  );
  await until('nothing more came', async () => !(await finding('dead-letter-growing', { topic })), settling);
});

test('partitions are added, and retention is cut below what a group has left unread', async () => {
  const topic = await kafka.createTopic('events', { config: { 'retention.ms': '3600000' } });
  const groupId = kafka.name('slow');
  const { promise: hangs, resolve: goOn } = Promise.withResolvers<void>();
  await kafka.produce(topic, 50);
  await kafka.commit(groupId, { [topic]: { 0: 1 } });
  await using _member = await kafka.join(groupId, [topic], { onRecord: () => hangs });
  try {
    await until(
      'records have waited for some seconds',
      async () => {
        await kafka.produce(topic, 1);
        const { series } = await daemon.api<{ series: { timeLagSeconds: number | null }[] }>(`/groups/${groupId}`);
        return series.some(({ timeLagSeconds }) => (timeLagSeconds ?? 0) > 3);
      },
      settling,
    );
    await until('its retention is known', async () => (await topicAnswer(topic)).retentionMs === 3_600_000, settling);
    // Kafka deletes a segment by its newest record: none goes before the daemon has seen the cut, however late it looks.
    await kafka.produce(topic, 1, { timestampMs: Date.now() + 1_800_000 });
    await admin.createPartitions({ topics: [{ name: topic, count: 3, assignments: null }] });
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: topic,
          configs: [{ name: 'retention.ms', configOperation: IncrementalAlterConfigOperationTypes.SET, value: '2000' }],
        },
      ],
    });
    const added = await until('partitions were added', () => finding('partitions-added', { topic }), settling);
    assert.deepEqual(added.evidence, { partitionsBefore: 1, partitions: 3 });
    const shortened = await until('retention was cut', () => finding('retention-shortened', { topic }), settling);
    assert.equal(shortened.severity, 'warning');
    assert.equal(shortened.evidence.retentionMsBefore, 3_600_000);
    assert.equal(shortened.evidence.retentionMs, 2000);
    assert.deepEqual(
      (shortened.evidence.losers as { groupId: string }[]).map((one) => one.groupId),
      [groupId],
    );
  } finally {
    goOn();
  }
});
