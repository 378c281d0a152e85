/** Findings of a cluster of one broker, by the real binary: nobody answers any more, and one of its log directories is gone. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { Told } from '../support/told.ts';
import { until } from '../support/until.ts';

/** Holds the log directories; the metadata has one of its own, for without it a broker ends at once. */
const folder = mkdtempSync(join(tmpdir(), 'tidemark-log-dirs-'));
const [metadata, kept, lost] = ['metadata', 'kept', 'lost'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const settings = {
  ...scaledSettings,
  measures: { ...scaledSettings.measures, abandonedWatch: '1h' },
  findings: { holdFindings: '8s', 'lost-data': { newcomerFor: '1s' } },
};

let cluster: KafkaCluster;
let kafka: KafkaClients;
let daemon: Daemon;
let told: Told;

before(async () => {
  cluster = await KafkaCluster.start({
    brokers: 1,
    config: { 'log.dirs': `${kept},${lost}`, 'metadata.log.dir': metadata },
  });
  kafka = new KafkaClients(cluster.bootstrapServers);
  daemon = await Daemon.start({ bootstrapServers: cluster.bootstrapServers, settings });
  told = new Told(daemon);
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  cluster.broker(1).start();
  await cluster.untilAllServe();
}

test('nobody answers: cluster-unreachable, and data-missing once what was found before can be held no longer', async () => {
  const topic = await kafka.createTopic('purged');
  const groupId = kafka.name('loser');
  await kafka.produce(topic, 20);
  await kafka.commit(groupId, { [topic]: { 0: 5 } });
  await until('the commit is read', async () => (await daemon.get(`/api/v1/groups/${groupId}`)).includes(':5,'));
  await kafka.deleteRecords(topic, 0, 10);
  const lostData = await told.raised({ code: 'lost-data', groupId });

  await cluster.broker(1).kill();
  const blind = await told.raised({ code: 'cluster-unreachable', severity: 'critical' });
  assert.equal((await told.cleared(lostData)).reason, 'hold-expired');
  const missing = await told.raised({ code: 'data-missing' });
  const failing = await told.raised({ code: 'collector-failing', collector: 'end-offsets' });
  for (const { severity, cause } of [missing, failing]) assert.deepEqual([severity, cause?.id], ['warning', blind.id]);

  await restart();
  for (const finding of [blind, missing, failing]) assert.equal((await told.cleared(finding)).reason, 'recovered');
});

test('a log directory that cannot be written any more is log-dir-offline until the broker has it back', async () => {
  const topic = await kafka.createTopic('orders', { partitions: 4 });
  for (const partition of [0, 1, 2, 3]) await kafka.produce(topic, 20, { partition });
  // The broker writes its checkpoints there every few seconds, and finds that it cannot.
  renameSync(lost, `${lost}-aside`);
  writeFileSync(lost, 'no directory');
  const offline = await told.raised({ code: 'log-dir-offline', brokerId: 1, logDir: lost, severity: 'critical' });

  await cluster.broker(1).kill();
  rmSync(lost);
  renameSync(`${lost}-aside`, lost);
  await restart();
  assert.equal((await told.cleared(offline)).reason, 'recovered');
});
