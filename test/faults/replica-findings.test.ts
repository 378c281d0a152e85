/** Findings of brokers and replicas, by the real binary: two of three brokers die, one after the other, and come back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alterPartitionReassignmentsV1 } from '@platformatic/kafka';
import type { Finding } from '../../src/model/finding.ts';
import { KafkaClients, type Member } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { Told } from '../support/told.ts';
import { until } from '../support/until.ts';
import { connected } from '../support/wire.ts';

const soon = { raiseAfter: '1s' };
const settings = {
  ...scaledSettings,
  // Some groups here only commit: as abandoned ones they would have no findings.
  measures: { ...scaledSettings.measures, abandonedWatch: '1h' },
  findings: {
    'broker-missing': soon,
    'under-replicated': soon,
    'at-min-isr': soon,
    'not-preferred-leader': soon,
    'under-min-isr': { criticalAfter: '3s' },
    'quorum-unhealthy': { silentFor: '4s' },
    'log-truncated': { keepFor: '15s' },
    'offset-ahead-of-log': { newcomerFor: '1s' },
    'offsets-expiring': { expiresWithin: '45s', retentionShare: 0.75 },
  },
};
const clusterConfig = {
  // Leaders stay where elections put them.
  'auto.leader.rebalance.enable': 'false',
  'offsets.retention.minutes': '1',
  'offsets.retention.check.interval.ms': '2000',
};
const settling = { withinMs: 120_000 };

let cluster: KafkaCluster;
let kafka: KafkaClients;
let daemon: Daemon;
let told: Told;
/** Topics by what they are for; broker 1 leads `orders`, which broker 2 copies. */
let orders: string;
let guarded: string;
let lonely: string;
let moving: string;
let billing: Member;
const open = new Map<string, Finding>();

before(async () => {
  cluster = await KafkaCluster.start({ config: clusterConfig });
  kafka = new KafkaClients(cluster.bootstrapServers);
  orders = await kafka.createTopic('orders', {
    replicas: [[1, 2]],
    config: { 'unclean.leader.election.enable': 'true' },
  });
  guarded = await kafka.createTopic('guarded', { replicas: [[1, 2, 3]], config: { 'min.insync.replicas': '3' } });
  lonely = await kafka.createTopic('lonely', { replicas: [[2]] });
  moving = await kafka.createTopic('moving', { replicas: [[2, 1]] });
  daemon = await Daemon.start({ bootstrapServers: cluster.bootstrapServers, settings });
  told = new Told(daemon);
  await kafka.produce(orders, 100);
  await kafka.produce(moving, 50);
  billing = await kafka.join(kafka.name('billing'), [orders]);
  await useOnce(kafka.name('seasonal'), moving);
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

/** Until the daemon has seen a group stand there. */
async function committedAt(group: string, topic: string, offset: number): Promise<void> {
  await until(
    `${group} is seen at ${offset}`,
    async () => {
      const { series } = await daemon.api<{ series: { topic: string; committedOffset: number | null }[] }>(
        `/groups/${kafka.name(group)}`,
      );
      return series.some((one) => one.topic === topic && one.committedOffset === offset);
    },
    settling,
  );
}

/** A member comes, is seen by the daemon, reads everything and leaves. */
async function useOnce(groupId: string, topic: string): Promise<void> {
  await using member = await kafka.join(groupId, [topic]);
  await until('it is seen', async () => (await daemon.api<{ state: string }>(`/groups/${groupId}`)).state === 'Stable');
  await until('it has read', () => member.consumed === 50, settling);
}

/** Remembers what is raised, to see its end later. */
async function raised(like: Parameters<Told['raised']>[0]): Promise<Finding> {
  const finding = await told.raised(like);
  open.set(finding.code, finding);
  return finding;
}

test('a broker dies: broker-missing explains what its replicas lack, and the quorum misses a voter', async () => {
  await cluster.broker(2).kill();
  const missing = await raised({ code: 'broker-missing', brokerId: 2, severity: 'critical' });
  assert.deepEqual([missing.evidence.underMinIsr, missing.evidence.offline, missing.cause], [1, 1, null]);
  const because = { code: 'broker-missing', id: missing.id };

  const underMinIsr = await raised({ code: 'under-min-isr', topic: guarded, partition: 0, severity: 'critical' });
  assert.deepEqual([underMinIsr.cause, underMinIsr.evidence.missing], [because, [2]]);
  const offline = await raised({ code: 'offline-partition', topic: lonely, partition: 0 });
  assert.deepEqual([offline.cause, offline.severity], [because, 'critical']);
  const underReplicated = await raised({ code: 'under-replicated', topic: guarded, partition: 0 });
  assert.deepEqual(underReplicated.cause, because);
  const atMinimum = await raised({ code: 'at-min-isr', topic: orders });
  assert.equal(atMinimum.severity, 'info');
  const quorum = await raised({ code: 'quorum-unhealthy' });
  const { silent } = quorum.evidence as { silent: { brokerId: number }[] };
  assert.deepEqual([quorum.severity, silent.map(({ brokerId }) => brokerId)], ['warning', [2]]);
});

test('an unclean election cuts the log off: log-truncated, and no group is blamed for where it stood', async () => {
  await kafka.produce(orders, 50);
  await until('billing has read what broker 2 lacks', () => billing.consumed === 150, settling);
  await kafka.commit(kafka.name('archive'), { [orders]: { 0: 150 } });
  for (const group of ['billing', 'archive']) await committedAt(group, orders, 150);

  await cluster.broker(1).kill();
  cluster.broker(2).start();
  const truncated = await raised({ code: 'log-truncated', topic: orders, partition: 0 });
  const { endOffsetBefore, endOffset, truncatedRecords, leader, uncleanLeaderElection } = truncated.evidence;
  assert.deepEqual([endOffsetBefore, endOffset, truncatedRecords, leader], [150, 100, 50, 2]);
  assert.deepEqual([truncated.severity, truncated.cause, uncleanLeaderElection], ['critical', null, true]);
  const ahead = await raised({ code: 'offset-ahead-of-log', groupId: kafka.name('archive') });
  assert.deepEqual(ahead.cause, { code: 'log-truncated', id: truncated.id });

  await kafka.produce(orders, 7);
  await kafka.commit(kafka.name('archive'), { [orders]: { 0: 107 } });
  await committedAt('billing', orders, 107);
  await told.cleared(ahead);
  const aboutGroups = (await told.transitions()).filter(
    ({ groupId, type }) => groupId !== undefined && type === 'raised',
  );
  for (const one of aboutGroups.filter(({ topic }) => topic === orders)) {
    assert.equal(one.code, 'offset-ahead-of-log');
    assert.deepEqual('cause' in one && one.cause, ahead.cause);
  }
});

test('the brokers are back: all of it ends, but for leaders that are not where they were planned', async () => {
  cluster.broker(1).start();
  await cluster.untilAllServe();
  const elsewhere = await raised({ code: 'not-preferred-leader', topic: moving });
  assert.equal(elsewhere.severity, 'info');
  await using connection = await connected(cluster.broker(3).address);
  await alterPartitionReassignmentsV1.api.async(connection, 10_000, true, [
    { name: moving, partitions: [{ partitionIndex: 0, replicas: [1, 2] }] },
  ]);
  for (const finding of open.values()) {
    const { reason } = await told.cleared(finding);
    assert.equal(reason, 'recovered', finding.code);
  }
  assert.deepEqual(await told.open({ code: 'broker-missing' }), []);
});

test('commits of a group that is not used any more will expire: told before they do', async () => {
  const groupId = kafka.name('seasonal');
  const expiring = await until(
    'it was told',
    async () => {
      const ofIt = (await told.transitions()).filter((one) => one.groupId === groupId && one.type === 'raised');
      return ofIt.find(({ code }) => code === 'offsets-expiring');
    },
    settling,
  );
  assert.ok(expiring.type === 'raised' && expiring.severity === 'warning');
  const { expiresInSeconds, partitions } = expiring.evidence as { expiresInSeconds: number; partitions: number };
  assert.ok(expiresInSeconds <= 45 && partitions === 1, `${expiresInSeconds}`);
});
