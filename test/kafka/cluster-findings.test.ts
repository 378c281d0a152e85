import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  AclOperations,
  AclPermissionTypes,
  createAclsV3,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import type { Advance } from '../../src/model/engine.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { MissingPermission } from '../../src/model/permissions.ts';
import { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { advance, seriesOf, testEngine } from '../support/engine-run.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { tidemark } from '../support/tidemark-command.ts';
import { Told } from '../support/told.ts';
import { until } from '../support/until.ts';
import { connected } from '../support/wire.ts';
import { Cycles, read, wirePort } from './collectors/cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

test('the metadata quorum: one leader that lacks nothing, and how far each other controller follows', async () => {
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), `${kafka.prefix}*`);
  const quorum = read(await cycles.next(), 'quorum');
  assert.deepEqual(quorum.voters.map(({ brokerId }) => brokerId).sort(), [1, 2, 3]);
  assert.ok((quorum.leaderEpoch ?? 0) > 0);
  const leader = quorum.voters.find(({ brokerId }) => brokerId === quorum.leaderId);
  assert.equal(leader?.lag, 0);
  await until('every voter has fetched lately', async () => {
    const { voters, leaderId } = read(await cycles.next(), 'quorum');
    const leaderNowMs = voters.find(({ brokerId }) => brokerId === leaderId)?.lastFetchMs ?? 0;
    return voters.every(({ lag, lastFetchMs }) => (lag ?? 1e9) < 1_000 && leaderNowMs - (lastFetchMs ?? 0) < 60_000);
  });
});

test('a healthy cluster has brokers with space, all permissions, and no finding about any of it', async () => {
  const topic = await kafka.createTopic('well');
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), `${kafka.prefix}*`);
  const engine = testEngine();
  advance(engine, await cycles.next());
  const { report } = advance(engine, await cycles.next());
  assert.equal(report.permissions?.principal, 'User:ANONYMOUS');
  assert.deepEqual(
    report.permissions?.topics.map(({ names }) => names),
    [[topic]],
  );
  for (const { logDirs, sizeBytes } of report.brokers) {
    assert.equal(sizeBytes, 0);
    assert.equal(logDirs.length, 1);
    assert.deepEqual([logDirs[0]?.age, logDirs[0]?.error, logDirs[0]?.fill], ['current', null, null]);
  }
  assert.deepEqual(report.findings.filter(alarming), []);
  assert.ok(!report.findings.some(({ code }) => code === 'permission-missing'));
});

type ResourceType = 'TOPIC' | 'GROUP' | 'CLUSTER';
type Operation = 'ALL' | 'DESCRIBE' | 'CLUSTER_ACTION';

/** Everybody is User:ANONYMOUS here, the broker itself too. A resource with any rule is closed but for what a rule allows. */
function allow(principal: string, operation: Operation, type: ResourceType, name: string) {
  return {
    resourceType: ResourceTypes[type],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal,
    host: '*',
    operation: AclOperations[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

/** Leaves everybody Describe on one topic and one group, and the broker what it needs to run. */
async function closeAllBut(cluster: KafkaCluster, topic: string, groupId: string): Promise<void> {
  const anybody = 'User:ANONYMOUS';
  await using connection = await connected(cluster.bootstrapServers);
  const { results } = await createAclsV3.api.async(connection, [
    allow('User:nobody', 'ALL', 'TOPIC', '*'),
    allow('User:nobody', 'ALL', 'GROUP', '*'),
    allow(anybody, 'DESCRIBE', 'TOPIC', topic),
    allow(anybody, 'DESCRIBE', 'GROUP', groupId),
    allow(anybody, 'CLUSTER_ACTION', 'CLUSTER', 'kafka-cluster'),
  ]);
  assert.ok(results.every(({ errorCode }) => errorCode === 0));
}

function lagOf({ report }: Advance, groupId: string, topic: string): number | undefined {
  return seriesOf(report, groupId, topic)?.lag;
}

function goneIn({ events }: Pick<Advance, 'events'>): string[] {
  return events.filter(({ what }) => what === 'deleted').map(({ summary }) => summary);
}

/** How full the disk of this machine is, is its own affair. */
const alarming = ({ severity, code }: Finding) => severity !== 'info' && code !== 'disk-filling';

test('who may see one topic and one group only is told what it may not read, and nothing is called gone', async () => {
  await using cluster = await KafkaCluster.start({
    brokers: 1,
    config: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  await using clients = new KafkaClients(cluster.bootstrapServers);
  const [open, closed] = [await clients.createTopic('open'), await clients.createTopic('closed')];
  const [openGroup, closedGroup] = [clients.name('open-group'), clients.name('closed-group')];
  for (const topic of [open, closed]) await clients.produce(topic, 25);
  for (const groupId of [openGroup, closedGroup])
    await clients.commit(groupId, { [open]: { 0: 4 }, [closed]: { 0: 9 } });

  const engine = testEngine();
  await using cycles = new Cycles(wirePort(cluster.bootstrapServers), `${clients.prefix}*`);
  const before = advance(engine, await cycles.next());
  assert.deepEqual([before.report.completeness, lagOf(before, closedGroup, closed)], ['full', 16]);

  await closeAllBut(cluster, open, openGroup);
  await until('the rules hold', async () => {
    const { report, events } = advance(engine, await cycles.next());
    assert.deepEqual(goneIn({ events }), []);
    return report.completeness === 'filtered';
  });
  // More cycles than it takes to believe that a topic or a group is gone, or that a collector fails.
  for (let cycle = 0; cycle < 5; cycle++) {
    const after = advance(engine, await cycles.next());
    assert.deepEqual(goneIn(after), []);
    assert.deepEqual(after.report.findings.filter(alarming), []);
    assert.equal(lagOf(after, openGroup, open), 21);
    assert.equal(lagOf(after, closedGroup, closed), 16, 'as it was read last');
  }
  const told = advance(engine, await cycles.next()).report.findings.find(({ code }) => code === 'permission-missing');
  const missing = told?.evidence.missing as MissingPermission[];
  assert.deepEqual(
    missing.map(({ resource, operation, names }) => [resource, operation, names]),
    [
      ['cluster', 'Describe', []],
      ['cluster', 'DescribeConfigs', []],
      ['topic', 'Describe', ['__consumer_offsets', closed]],
      ['topic', 'DescribeConfigs', ['__consumer_offsets', closed, open]],
      ['group', 'Describe', [closedGroup]],
    ],
  );
  assert.match(
    told?.summary ?? '',
    /lacks Describe on CLUSTER, .*Describe on 2 topics and .*, Describe on group .*closed-group and whatever else/,
  );
  const address = cluster.broker(1).address;
  const add = `kafka-acls.sh --bootstrap-server ${address} --add --allow-principal User:ANONYMOUS`;
  assert.deepEqual(told?.evidence.commands, [
    `${add} --operation Describe --operation DescribeConfigs --cluster`,
    `${add} --operation Describe --operation DescribeConfigs --topic '*'`,
    `${add} --operation Describe --group '*'`,
  ]);

  const check = await tidemark(['check', '--bootstrap-servers', cluster.bootstrapServers]);
  assert.equal(check.status, 1);
  assert.match(check.stdout, /without Describe on CLUSTER absence cannot be believed/);
  assert.ok(check.stdout.includes(`${add} --operation Describe --group '*'`));

  await using newcomer = new Cycles(wirePort(cluster.bootstrapServers), `${clients.prefix}*`);
  const fresh = testEngine();
  advance(fresh, await newcomer.next());
  const seen = advance(fresh, await newcomer.next());
  assert.equal(lagOf(seen, openGroup, open), 21);
  assert.equal(seen.report.counts.groups, 1);
  assert.ok(seen.report.findings.some(({ code }) => code === 'permission-missing'));
  assert.deepEqual(seen.report.findings.filter(alarming), []);
});

/** Thresholds under which a healthy little cluster has what a large one suffers from. */
const strict = {
  'broker-skew': { leaders: 3, replicas: 3, raiseAfter: '1s' },
  // Kafka's own topics count, too.
  'too-many-partitions': { replicas: 30 },
  // Whatever this machine's disk really holds is too much.
  'disk-filling': { warningRatio: 0, criticalRatio: 1, raiseAfter: '1s' },
};

test('lints and loads: told by the daemon where a topic or a disk has them, and ended with it', async () => {
  const lonely = await kafka.createTopic('lonely', { replicas: Array.from({ length: 30 }, () => [1]) });
  const risky = await kafka.createTopic('risky', { config: { 'unclean.leader.election.enable': 'true' } });
  const scope = { include: [`${kafka.prefix}*`] };
  const settings = { ...scaledSettings, groups: scope, topics: scope, findings: strict };
  await using daemon = await Daemon.start({ bootstrapServers: kafka.bootstrapServers, settings });
  const told = new Told(daemon);

  const single = await told.raised({ code: 'single-replica', topic: lonely, severity: 'info' });
  const unclean = await told.raised({ code: 'unclean-election-allowed', topic: risky, severity: 'info' });
  const skew = await told.raised({ code: 'broker-skew', brokerId: 1, severity: 'info' });
  const many = await told.raised({ code: 'too-many-partitions', brokerId: 1, severity: 'info' });
  const filling = await told.raised({ code: 'disk-filling', brokerId: 1, severity: 'warning' });
  for (const brokerId of [2, 3]) await told.raised({ code: 'disk-filling', brokerId });
  const { usedRatio, totalBytes, usableBytes } = filling.evidence as Record<string, number>;
  const [total, usable] = await Promise.all(['total', 'usable'].map((what) => diskBytes(daemon, what)));
  assert.deepEqual([totalBytes, usedRatio], [total, 1 - usableBytes! / totalBytes!]);
  assert.ok(Math.abs(usable! - usableBytes!) < 0.05 * totalBytes!);

  await kafka.deleteTopic(lonely);
  assert.equal((await told.cleared(single)).reason, 'topic-deleted');
  for (const finding of [skew, many]) assert.equal((await told.cleared(finding)).reason, 'recovered');
  await kafka.deleteTopic(risky);
  assert.equal((await told.cleared(unclean)).reason, 'topic-deleted');
});

async function diskBytes(daemon: Daemon, what: string): Promise<number> {
  const line = new RegExp(`^tidemark_log_dir_${what}_bytes\\{[^}]*broker="1"[^}]*\\} (.*)$`, 'm');
  return Number((await daemon.get('/metrics')).match(line)?.[1]);
}
