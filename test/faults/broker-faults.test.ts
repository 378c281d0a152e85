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
  series: { partition: number; age: string; committedOffset: number }[];
}
interface Findings {
  findings: { id: string; partition?: number; held: boolean }[];
}
interface Partitions {
  partitionList: { partition: number; leader: number | null }[];
}

/** Brokers take their time until they have fenced one that is silent, or taken one back. */
const settling = { withinMs: 120_000 };

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

async function offline(): Promise<Findings['findings']> {
  return (await daemon.api<Findings>('/findings?code=offline-partition')).findings;
}

async function group(groupId: string): Promise<Group> {
  return await daemon.api<Group>(`/groups/${encodeURIComponent(groupId)}`);
}

/** A group that has committed on this partition, and can go on while this broker is silent. */
async function groupCoordinatedElsewhere(brokerId: number, partition: number): Promise<string> {
  for (let number = 0; ; number++) {
    const groupId = kafka.name(`reader-of-${partition}-beside-${brokerId}-${number}`);
    await commit(groupId, { [partition]: 10 });
    const { coordinatorId } = await until('the group is seen', () => group(groupId), settling);
    if (coordinatorId !== brokerId) return groupId;
  }
}

/** The broker that was asked in a cycle may lag behind and know of no leader yet. */
async function leaderOf(partition: number): Promise<number> {
  const leader = async () => {
    const { partitionList } = await daemon.api<Partitions>(`/topics/${encodeURIComponent(topic)}`);
    return partitionList.find((each) => each.partition === partition)?.leader;
  };
  return await until(`partition ${partition} has a leader`, leader, settling);
}

/** Commits as soon as a coordinator takes it: after a fault that is not at once. */
async function commit(groupId: string, offsets: Record<number, number>, clients = kafka): Promise<void> {
  const taken = () => clients.commit(groupId, { [topic]: offsets }).then(() => true);
  await until('a coordinator takes the commit', taken, settling);
}

async function cleared(): Promise<Transition[]> {
  const { transitions } = await daemon.api<{ transitions: Transition[] }>('/events?limit=1000');
  return transitions.filter((each) => each.code === 'lost-data' && each.type === 'cleared');
}

// Each broker in turn: one of them is the active controller, one the coordinator of the losing group.
for (const partition of [0, 1, 2]) {
  test(`the frozen broker of partition ${partition} costs its own partitions only: the others are read on, its findings held`, async () => {
    const broker = cluster.broker(await leaderOf(partition));
    const ids = (await lost()).map(({ id }) => id).sort();
    const [one, another] = [0, 1, 2].filter((each) => each !== partition) as [number, number];
    const others = await groupCoordinatedElsewhere(broker.brokerId, one);
    broker.freeze();
    // The client would wait for the frozen one for minutes.
    const living = cluster.brokers.filter((each) => each !== broker).map(({ address }) => address);
    await using livingClients = new KafkaClients(living.join(','));
    try {
      await until(
        'the finding of the frozen broker is held, and only that',
        async () => {
          const held = (await lost()).filter((finding) => finding.held).map((finding) => finding.partition);
          return held.length === 1 && held[0] === partition;
        },
        settling,
      );
      await commit(others, { [one]: 12, [another]: 13 }, livingClients);
      await until(
        'commits on the other brokers are read',
        async () => {
          const { series } = await group(others);
          return series.some((each) => each.partition === one && each.committedOffset === 12 && each.age === 'current');
        },
        settling,
      );
      await daemon.get('/healthz');
    } finally {
      broker.thaw();
    }
    await until('the thawed broker is read again', async () => (await lost()).every(({ held }) => !held), settling);
    assert.deepEqual((await lost()).map(({ id }) => id).sort(), ids, 'the same findings as before');
    assert.deepEqual(await cleared(), [], 'nothing was cleared by absence');
    await cluster.untilAllServe();
  });
}

test('a killed broker: its groups move to another coordinator and are read on', async () => {
  const moved = kafka.name('moves');
  await commit(moved, { 0: 10, 1: 10, 2: 10 });
  const { coordinatorId } = await until('the group is seen', () => group(moved), settling);
  assert.ok(coordinatorId !== null, 'the coordinator is known');
  const broker = cluster.broker(coordinatorId);
  // A partition that another broker leads, so that a commit on it stays readable.
  const leaders = await Promise.all([0, 1, 2].map(leaderOf));
  const survivor = leaders.findIndex((leader) => leader !== coordinatorId);
  await broker.kill();
  await until(
    'another broker coordinates the group',
    async () => {
      const now = await group(moved);
      return now.coordinatorId !== null && now.coordinatorId !== coordinatorId;
    },
    settling,
  );
  await commit(moved, { [survivor]: 11 });
  await until(
    'a commit at the new coordinator is read',
    async () => {
      const { series } = await group(moved);
      return series.some((each) => each.partition === survivor && each.committedOffset === 11);
    },
    settling,
  );
  await until('partitions without a leader are named', async () => (await offline()).length > 0, settling);
  assert.deepEqual(await cleared(), [], 'nothing was cleared by absence');
  broker.start();
  await cluster.untilAllServe();
  await until('nothing is offline any more', async () => (await offline()).length === 0, settling);
});
