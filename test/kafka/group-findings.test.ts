/** Findings of groups by the real binary on a real cluster: members that hang, come and go, and topics that nobody reads any more. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import type { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { Told } from '../support/told.ts';
import { until } from '../support/until.ts';

const sloLagSeconds = 3;
const settling = { withinMs: 120_000 };

let kafka: KafkaClients;
let admin: Admin;
let daemon: Daemon;
let told: Told;

before(async () => {
  kafka = await testKafka();
  const { bootstrapServers, prefix } = kafka;
  admin = new Admin({ clientId: 'group-findings', bootstrapBrokers: bootstrapServers.split(',') });
  const scope = { include: [`${prefix}*`] };
  const settings = {
    ...scaledSettings,
    measures: { ...scaledSettings.measures, windowMin: '10s', abandonedWatch: '5s' },
    groups: scope,
    topics: scope,
    policies: [{ match: { group: `${prefix}promised` }, team: 'payments', sloLagSeconds, sloSeverity: 'critical' }],
    findings: {
      stalled: { standsFor: '2s', unlearnedFor: '4s' },
      'stuck-rebalance': { rebalancesFor: '3s' },
      'unassigned-partitions': { raiseAfter: '3s' },
      'partition-skew': { raiseAfter: '2s' },
    },
  };
  daemon = await Daemon.start({ bootstrapServers, settings });
  told = new Told(daemon);
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await admin?.close();
  await kafka?.[Symbol.asyncDispose]();
});

test('a member hangs: stalled, late for its owner, and a rebalance waits for it; it all ends when it goes on', async () => {
  const topic = await kafka.createTopic('orders', { partitions: 3 });
  const groupId = kafka.name('promised');
  let hangs: Promise<void> | undefined;
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  await using member = await kafka.join(groupId, [topic], { onRecord: async () => hangs });
  await until(
    'it reads',
    async () => {
      await kafka.produce(topic, 5);
      return member.consumed > 50;
    },
    settling,
  );
  try {
    hangs = promise;
    await kafka.produce(topic, 1000);
    const stalled = await told.raised({ code: 'stalled', groupId });
    assert.equal(stalled.severity, 'warning');
    const late = await told.raised({ code: 'slo-breached', groupId });
    assert.deepEqual([late.severity, late.team, late.evidence.sloLagSeconds], ['critical', 'payments', sloLagSeconds]);

    await using _second = await kafka.join(groupId, [topic], { awaitsAssignment: false });
    const stuck = await told.raised({ code: 'stuck-rebalance', groupId });
    assert.deepEqual([stuck.severity, stuck.evidence.state], ['warning', 'PreparingRebalance']);
    hangs = undefined;
    goOn();
    assert.equal((await told.cleared(stuck)).reason, 'recovered');
    for (const finding of [stalled, late]) assert.equal((await told.cleared(finding)).reason, 'recovered');
  } finally {
    goOn();
  }
});

test('more members than partitions, then partitions that no member knows of', async () => {
  const topic = await kafka.createTopic('narrow');
  const groupId = kafka.name('wide');
  // As slow to see new partitions as the defaults of most clients.
  const config = { 'topic.metadata.refresh.interval.ms': 600_000 };
  await using _first = await kafka.join(groupId, [topic], { config });
  await using second = await kafka.join(groupId, [topic], { config, awaitsAssignment: false });
  const idle = await told.raised({ code: 'idle-members', groupId });
  assert.deepEqual([idle.severity, idle.evidence.idleMembers, idle.evidence.ceiling], ['info', 1, 'partitions']);

  await admin.createPartitions({ topics: [{ name: topic, count: 3, assignments: null }] });
  const unassigned = await told.raised({ code: 'unassigned-partitions', groupId });
  assert.deepEqual([unassigned.severity, unassigned.evidence.unassigned], ['warning', [{ topic, partitions: [1, 2] }]]);
  await second[Symbol.asyncDispose]();
  for (const finding of [idle, unassigned]) assert.equal((await told.cleared(finding)).reason, 'recovered');
});

test('commits that nobody stands behind: a group without a reader, and a topic that its group has left', async () => {
  const [read, left] = [await kafka.createTopic('read'), await kafka.createTopic('left')];
  await kafka.produce(left, 10);
  const [abandonedGroup, moved] = [kafka.name('forgotten'), kafka.name('moved')];
  await kafka.commit(abandonedGroup, { [left]: { 0: 4 } });
  await kafka.commit(moved, { [read]: { 0: 0 }, [left]: { 0: 3 } });
  {
    await using _member = await kafka.join(moved, [read]);
    const dropped = await told.raised({ code: 'dropped-topic', groupId: moved, topic: left });
    assert.deepEqual([dropped.severity, dropped.evidence.unreadRecords], ['info', 7]);
    const abandoned = await told.raised({ code: 'abandoned-group', groupId: abandonedGroup });
    assert.deepEqual([abandoned.severity, abandoned.evidence.unreadRecords], ['info', 6]);
    await using _other = await kafka.join(moved, [left], { awaitsAssignment: false });
    await using _reader = await kafka.join(abandonedGroup, [left]);
    for (const finding of [dropped, abandoned]) assert.equal((await told.cleared(finding)).reason, 'recovered');
  }
  for (const groupId of [abandonedGroup, moved]) assert.deepEqual(await told.alarmsAbout(groupId), []);
});

test('one partition gets nearly everything: partition-skew, until all get the same', async () => {
  const topic = await kafka.createTopic('skewed', { partitions: 3 });
  const skewed = await told.raised({ code: 'partition-skew', topic }, () => kafka.produce(topic, 10));
  assert.deepEqual([skewed.severity, skewed.evidence.partition, skewed.evidence.partitions], ['info', 0, 3]);
  const end = await told.cleared(skewed, async () => {
    for (const partition of [0, 1, 2]) await kafka.produce(topic, 10, { partition });
  });
  assert.equal(end.reason, 'recovered');
});
