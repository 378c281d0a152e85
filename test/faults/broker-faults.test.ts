import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Transition } from '../../src/model/finding.ts';
import { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { until } from '../support/until.ts';

interface Group {
  coordinatorId: number | null;
  series: { partition: number; age: string; committedOffset: number; leader?: number }[];
}
interface Findings {
  findings: { id: string; code: string; groupId?: string; partition?: number; brokerId?: number; held: boolean }[];
}
interface Partitions {
  partitions: { topic: string; partition: number; leader: number | null }[];
}

let cluster: KafkaCluster;
let kafka: KafkaClients;
let daemon: Daemon;
/** One partition on each broker, each without a second replica: who leads it is who can answer for it. */
let topic: string;
/** Every partition of it has lost records, so that it has a finding each. */
let loser: string;

before(async () => {
  cluster = await KafkaCluster.start();
  kafka = new KafkaClients(cluster.bootstrapServers);
  topic = await kafka.createTopic('spread', { partitions: 3, replicationFactor: 1 });
  loser = kafka.name('loser');
  for (const partition of [0, 1, 2]) await kafka.produce(topic, 20, { partition });
  await kafka.commit(loser, { [topic]: { 0: 5, 1: 5, 2: 5 } });
  daemon = await Daemon.start({ bootstrapServers: cluster.bootstrapServers, settings: scaledSettings });
  for (const partition of [0, 1, 2]) await kafka.deleteRecords(topic, partition, 10);
  await until('every partition has lost records', async () => (await lost()).length === 3);
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

async function lost(): Promise<Findings['findings']> {
  const { findings } = await daemon.api<Findings>(`/findings?code=lost-data&groupId=${loser}`);
  return findings;
}

async function group(groupId: string): Promise<Group> {
  return await daemon.api<Group>(`/groups/${encodeURIComponent(groupId)}`);
}

async function leaderOf(partition: number): Promise<number> {
  const { partitions } = await daemon.api<Partitions>(`/topics/${encodeURIComponent(topic)}`);
  const leader = partitions.find((each) => each.partition === partition)?.leader;
  assert.ok(typeof leader === 'number', `partition ${partition} has a leader`);
  return leader;
}

async function cleared(): Promise<Transition[]> {
  const { transitions } = await daemon.api<{ transitions: Transition[] }>('/events?limit=1000');
  return transitions.filter((each) => each.code === 'lost-data' && each.type === 'cleared');
}

test('a frozen broker costs its own partitions only: the others are read on, its findings held', async () => {
  const frozen = await leaderOf(0);
  const broker = cluster.brokers.find(({ brokerId }) => brokerId === frozen);
  assert.ok(broker);
  const ids = (await lost()).map(({ id }) => id).sort();
  const others = kafka.name('reader-of-the-others');
  broker.freeze();
  try {
    await until('the finding of the frozen broker is held, and only that', async () => {
      const held = (await lost()).filter((finding) => finding.held).map(({ partition }) => partition);
      return held.length === 1 && held[0] === 0;
    });
    await kafka.commit(others, { [topic]: { 1: 12, 2: 13 } });
    await until('commits on the other brokers are read', async () => {
      const { series } = await group(others);
      return series.some((each) => each.partition === 1 && each.committedOffset === 12 && each.age === 'current');
    });
  } finally {
    broker.thaw();
  }
  await until('the thawed broker is read again', async () => (await lost()).every((finding) => !finding.held));
  assert.deepEqual((await lost()).map(({ id }) => id).sort(), ids, 'the same findings as before');
  assert.deepEqual(await cleared(), [], 'nothing was cleared by absence');
});

test('a killed broker: its groups move to another coordinator and are read on', async () => {
  const moved = kafka.name('moves');
  await kafka.commit(moved, { [topic]: { 0: 10, 1: 10, 2: 10 } });
  const { coordinatorId } = await until('the group is seen', () => group(moved));
  const broker = cluster.brokers.find(({ brokerId }) => brokerId === coordinatorId);
  assert.ok(broker, 'the coordinator is known');
  // A partition that another broker leads, so that a commit on it stays readable.
  const partitions = await Promise.all(
    [0, 1, 2].map(async (partition) => ({ partition, leader: await leaderOf(partition) })),
  );
  const survivor = partitions.find(({ leader }) => leader !== coordinatorId)?.partition;
  assert.ok(survivor !== undefined);
  await broker.kill();
  await until('another broker coordinates the group', async () => {
    const now = await group(moved);
    return now.coordinatorId !== null && now.coordinatorId !== coordinatorId;
  });
  await kafka.commit(moved, { [topic]: { [survivor]: 11 } });
  await until('a commit at the new coordinator is read', async () => {
    const { series } = await group(moved);
    return series.some((each) => each.partition === survivor && each.committedOffset === 11);
  });
  await until('partitions without a leader are named', async () => {
    const { findings } = await daemon.api<Findings>('/findings?code=offline-partition');
    return findings.length > 0;
  });
  assert.deepEqual(await cleared(), [], 'nothing was cleared by absence');
  broker.start();
  await cluster.untilAllServe();
  await until('nothing is offline any more', async () => {
    const { findings } = await daemon.api<Findings>('/findings?code=offline-partition');
    return findings.length === 0;
  });
});
