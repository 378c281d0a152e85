/** Coordinators that move, load, or are gone: what was known goes on being read, or is named as unread. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { offsetCommitV9 } from '@platformatic/kafka';
import { offsetsPartition, Routing } from '../../src/kafka/wire/routing.ts';
import type { Facet, Failure, Snapshot } from '../../src/model/snapshot.ts';
import { Cycles, read, wirePort } from '../kafka/collectors/cycles.ts';
import { KafkaClients } from '../support/clients.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { electLeader, moveLeader, placeReplicas } from '../support/leaders.ts';
import { until } from '../support/until.ts';
import { connectedToCoordinator } from '../support/wire.ts';

const offsetsTopic = '__consumer_offsets';

let cluster: KafkaCluster;
let kafka: KafkaClients;
let topic: string;
/** The partition of __consumer_offsets that the tests move, the only group that they know in it, and all others of theirs. */
let moved: { partition: number; groupId: string; replicas: readonly number[] };
let others: readonly string[];

before(async () => {
  cluster = await KafkaCluster.start();
  kafka = new KafkaClients(cluster.bootstrapServers);
  topic = await kafka.createTopic('orders');
  await using port = wirePort(cluster.bootstrapServers);
  const { value } = await port.clusterState(new AbortController().signal);
  const partitions = value.topics.find((each) => each.topic === offsetsTopic)!.partitions;
  const groupId = kafka.name('moved');
  const partition = offsetsPartition(groupId, partitions.length);
  moved = { partition, groupId, replicas: partitions[partition]!.replicas };
  const routing = new Routing(value);
  const names = Array.from({ length: 200 }, (_, i) => kafka.name(`other-${i}`));
  const elsewhere = names.filter((name) => offsetsPartition(name, partitions.length) !== partition);
  // Two at each broker.
  const byCoordinator = Map.groupBy(elsewhere, (name) => routing.coordinator(name));
  others = [...byCoordinator.values()].flatMap((its) => its.slice(0, 2)).sort();
  for (const name of [groupId, ...others]) await kafka.commit(name, { [topic]: { 0: 3 } });
});

after(async () => {
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

function watching(): Cycles {
  return new Cycles(wirePort(cluster.bootstrapServers), `${kafka.prefix}*`);
}

function failuresOf(snapshot: Snapshot, facet: Facet): readonly Failure[] {
  return snapshot.reads[facet]?.failures ?? [];
}

/** Groups that a collector of groups read, and those that a failure of it names. */
function groupsIn(snapshot: Snapshot, facet: 'group-membership' | 'committed-offsets') {
  const names: readonly { groupId: string }[] = read(snapshot, facet);
  return {
    read: names.map(({ groupId }) => groupId).sort(),
    unread: failuresOf(snapshot, facet)
      .flatMap(({ groupIds }) => groupIds ?? [])
      .sort(),
  };
}

async function untilAllIsRead(cycles: Cycles): Promise<void> {
  await until('every group is read', async () => {
    const snapshot = await cycles.next();
    for (const facet of ['group-membership', 'committed-offsets'] as const) {
      assert.deepEqual(groupsIn(snapshot, facet), { read: [moved.groupId, ...others].sort(), unread: [] });
      assert.deepEqual(failuresOf(snapshot, facet), []);
    }
    return true;
  });
}

/** The replicas of the moved partition in another order: the second of them is to lead. */
function nextReplicas(): readonly number[] {
  const [first = 0, ...rest] = moved.replicas;
  moved = { ...moved, replicas: [...rest, first] };
  return moved.replicas;
}

/** Writes so many offsets of a group that it takes a broker a while to load them: the same partition again and again. */
async function commitMany(groupId: string): Promise<void> {
  await using coordinator = await connectedToCoordinator(cluster.bootstrapServers, groupId);
  const commit = { partitionIndex: 0, committedOffset: 3n, committedLeaderEpoch: -1, committedMetadata: '' };
  const topics = [{ name: topic, partitions: Array.from({ length: 8_000 }, () => commit) }];
  const [noGeneration, noMember, noInstance] = [-1, '', null];
  for (let request = 0; request < 25; request++) {
    await offsetCommitV9.api.async(coordinator, groupId, noGeneration, noMember, noInstance, topics);
  }
}

test('a coordinator that moved since Metadata was read is found within the same question', async () => {
  await using cycles = watching();
  await untilAllIsRead(cycles);
  const { signal } = new AbortController();
  await using port = wirePort(cluster.bootstrapServers);
  await port.clusterState(signal);
  await moveLeader(cluster.bootstrapServers, offsetsTopic, moved.partition, nextReplicas());
  await untilAllIsRead(cycles);
  const group = { groupId: moved.groupId, listedBy: null };
  const { value, failures, brokers } = await port.committedOffsets([group], signal);
  assert.deepEqual(failures, []);
  assert.deepEqual(value, [{ groupId: moved.groupId, topics: [{ topic, partitions: [0], offsets: [3] }] }]);
  assert.ok(brokers[moved.replicas[0]!], 'its new coordinator has answered');
});

test('while a broker loads offsets its listing fails, and every known group is read on, or named as unread', async () => {
  await using cycles = watching();
  await untilAllIsRead(cycles);
  await commitMany(moved.groupId);
  const snapshot = await until(
    'a listing falls into the time of loading',
    async () => {
      await electLeader(cluster.bootstrapServers, offsetsTopic, moved.partition, nextReplicas());
      const next = await cycles.next();
      const isHit = ({ brokerId, code }: Failure) => brokerId === moved.replicas[0] && code === 'upstream.transient';
      return failuresOf(next, 'group-membership').some(isHit) ? next : undefined;
    },
    { withinMs: 180_000, everyMs: 1 },
  );
  for (const facet of ['group-membership', 'committed-offsets'] as const) {
    const { read: wasRead, unread } = groupsIn(snapshot, facet);
    assert.deepEqual(
      wasRead.filter((groupId) => groupId !== moved.groupId),
      others,
      facet,
    );
    assert.ok(wasRead.includes(moved.groupId) || unread.includes(moved.groupId), facet);
  }
  await untilAllIsRead(cycles);
});

test('a group whose coordinator is gone is unread, listing after listing, and read again when it is back', async () => {
  await using cycles = watching();
  const [lonely = 0] = moved.replicas;
  await placeReplicas(cluster.bootstrapServers, offsetsTopic, moved.partition, [lonely]);
  await untilAllIsRead(cycles);
  const broker = cluster.broker(lonely);
  // Its leaders move away first, so that only this partition loses its own.
  await broker.stop();
  const isAway = (snapshot: Snapshot) => !read(snapshot, 'cluster').brokers.some(({ brokerId }) => brokerId === lonely);
  await until('the others have taken over', async () => {
    const snapshot = await cycles.next();
    const { read: wasRead, unread } = groupsIn(snapshot, 'committed-offsets');
    assert.deepEqual([...wasRead, ...unread].sort(), [moved.groupId, ...others].sort());
    return isAway(snapshot) && unread.join() === moved.groupId;
  });
  // More listings than it takes to believe that a group is gone.
  for (let cycle = 0; cycle < 5; cycle++) {
    const snapshot = await cycles.next();
    for (const facet of ['group-membership', 'committed-offsets'] as const) {
      assert.deepEqual(groupsIn(snapshot, facet), { read: others, unread: [moved.groupId] }, facet);
    }
  }
  broker.start();
  await cluster.untilAllServe();
  await untilAllIsRead(cycles);
});
