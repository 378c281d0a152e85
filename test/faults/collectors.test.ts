import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Routing } from '../../src/kafka/wire/routing.ts';
import type { Facet, Failure, Snapshot } from '../../src/model/snapshot.ts';
import { Cycles, read, wirePort } from '../kafka/collectors/cycles.ts';
import { KafkaClients } from '../support/clients.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { until } from '../support/until.ts';

const requestTimeoutMs = 5_000;
/**
 * Longer than a cycle on a frozen broker: it shall keep its partitions, its groups, and its office where it is the active
 * controller, until it is thawed. By default another takes over after 9 s and 2 s.
 */
const takeoverMs = '25000';
const patientCluster = { 'broker.session.timeout.ms': takeoverMs, 'controller.quorum.fetch.timeout.ms': takeoverMs };
const brokerIds = [1, 2, 3] as const;
const settling = { withinMs: 180_000 };

let cluster: KafkaCluster;
let kafka: KafkaClients;
/** A partition without a second replica on each broker, and one topic with three replicas of everything. */
let spread: string;
let replicated: string;
/** The broker that leads each partition of `spread`, by partition. */
let leaders: readonly (number | null)[];
/** Groups by the broker that coordinates them, two for each. */
let groups: ReadonlyMap<number | null, readonly string[]>;

before(async () => {
  cluster = await KafkaCluster.start({ config: patientCluster });
  kafka = new KafkaClients(cluster.bootstrapServers);
  spread = await kafka.createTopic('spread', { partitions: 3, replicationFactor: 1 });
  replicated = await kafka.createTopic('replicated', { partitions: 3 });
  await using port = wirePort(cluster.bootstrapServers);
  const { value } = await port.clusterState(new AbortController().signal);
  leaders = value.topics.find(({ topic }) => topic === spread)?.partitions.map(({ leader }) => leader) ?? [];
  assert.deepEqual([...leaders].sort(), brokerIds);
  const routing = new Routing(value);
  const names = Array.from({ length: 100 }, (_, i) => kafka.name(`group-${i}`));
  const byCoordinator = Map.groupBy(names, (groupId) => routing.coordinator(groupId));
  groups = new Map(brokerIds.map((brokerId) => [brokerId, byCoordinator.get(brokerId)?.slice(0, 2) ?? []]));
  for (const groupId of allGroups()) await kafka.commit(groupId, { [spread]: { 0: 0 }, [replicated]: { 0: 0 } });
});

after(async () => {
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

function allGroups(): string[] {
  return [...groups.values()].flat().sort();
}

function watching(bootstrapServers: string): Cycles {
  return new Cycles(wirePort(bootstrapServers, requestTimeoutMs), `${kafka.prefix}*`);
}

function failuresOf(snapshot: Snapshot, facet: Facet): readonly Failure[] {
  return snapshot.reads[facet]?.failures ?? [];
}

/** Partitions of `spread` that were read, and those that a failure covers. */
function spreadPartitions(snapshot: Snapshot, facet: 'log-start-offsets' | 'end-offsets') {
  const its = read(snapshot, facet).find(({ topic }) => topic === spread);
  const scopes = failuresOf(snapshot, facet).flatMap(({ topics }) => topics ?? []);
  const unread = scopes.filter(({ topic }) => topic === spread).flatMap(({ partitions }) => partitions ?? []);
  return { read: [...(its?.partitions ?? [])].sort(), unread: unread.sort() };
}

function committedGroups(snapshot: Snapshot) {
  const unread = failuresOf(snapshot, 'committed-offsets').flatMap(({ groupIds }) => groupIds ?? []);
  return {
    read: read(snapshot, 'committed-offsets')
      .map(({ groupId }) => groupId)
      .sort(),
    unread: unread.sort(),
  };
}

/** Freezes one broker for one cycle, and waits until all is read again. */
async function assertCostsItsOwn(cycles: Cycles, brokerId: number): Promise<Snapshot> {
  assert.deepEqual(committedGroups(await cycles.next()), { read: allGroups(), unread: [] });
  const frozen = cluster.broker(brokerId);
  const its = leaders.indexOf(brokerId);
  const others = [0, 1, 2].filter((partition) => partition !== its);
  let snapshot: Snapshot;
  frozen.freeze();
  try {
    snapshot = await cycles.next();
  } finally {
    frozen.thaw();
  }
  for (const facet of ['log-start-offsets', 'end-offsets'] as const) {
    assert.deepEqual(spreadPartitions(snapshot, facet), { read: others, unread: [its] });
  }
  const hit = [...(groups.get(brokerId) ?? [])].sort();
  assert.deepEqual(committedGroups(snapshot), {
    read: allGroups().filter((groupId) => !hit.includes(groupId)),
    unread: hit,
  });
  assert.equal(snapshot.completeness, 'full');
  await until(
    'everything is read again',
    async () => {
      const next = await cycles.next();
      const whole = spreadPartitions(next, 'end-offsets').read.length === 3;
      return whole && committedGroups(next).read.length === allGroups().length;
    },
    settling,
  );
  return snapshot;
}

async function activeController(cycles: Cycles): Promise<number> {
  const { leaderId } = read(await cycles.next(), 'quorum');
  assert.ok(leaderId !== null);
  return leaderId;
}

test('a frozen broker costs its own partitions and groups, each named by a failure; thawed, all is read again', async () => {
  await using cycles = watching(cluster.bootstrapServers);
  const controller = await activeController(cycles);
  const frozen = brokerIds.find((brokerId) => brokerId !== controller)!;
  const snapshot = await assertCostsItsOwn(cycles, frozen);
  assert.ok(snapshot.reads.quorum);
});

test('a frozen controller costs no more: what brokers must ask it holds up no other question', async () => {
  await using cycles = watching(cluster.bootstrapServers);
  const snapshot = await assertCostsItsOwn(cycles, await activeController(cycles));
  assert.deepEqual(
    snapshot.failures.map(({ collector, code }) => ({ collector, code })),
    [{ collector: 'quorum', code: 'upstream.timeout' }],
  );
});

test('with a frozen broker first in the list of bootstrap servers the cluster is reached by the next', async () => {
  const frozen = cluster.broker(2);
  frozen.freeze();
  try {
    const others = cluster.brokers.filter((broker) => broker !== frozen).map((broker) => broker.address);
    await using cycles = watching([frozen.address, ...others].join(','));
    const snapshot = await cycles.next();
    assert.ok(read(snapshot, 'cluster').topics.some(({ topic }) => topic === spread));
  } finally {
    frozen.thaw();
  }
});

test('a killed broker: what it led without a replica has no leader; what has replicas, and its groups, move on', async () => {
  await using cycles = watching(cluster.bootstrapServers);
  await until(
    'all three brokers serve',
    async () => {
      const snapshot = await cycles.next();
      return read(snapshot, 'cluster').brokers.length === 3 && failuresOf(snapshot, 'committed-offsets').length === 0;
    },
    settling,
  );
  const killed = cluster.broker(3);
  await killed.kill();
  const seen: string[][] = [];
  await until(
    'what it led is unread, and all else is read again',
    async () => {
      const snapshot = await cycles.next();
      const committed = committedGroups(snapshot);
      seen.push([...committed.read, ...committed.unread].sort());
      assertMovedOn(snapshot, leaders.indexOf(3));
      return true;
    },
    settling,
  );
  for (const names of seen) assert.deepEqual(names, allGroups(), 'a group is read or unread, never silently absent');
});

/** As it is once the cluster has fenced the killed broker 3; that takes it seconds, and its brokers learn it one by one. */
function assertMovedOn(snapshot: Snapshot, its: number): void {
  assert.deepEqual(committedGroups(snapshot), { read: allGroups(), unread: [] });
  assert.deepEqual(spreadPartitions(snapshot, 'end-offsets').unread, [its]);
  assert.ok(failuresOf(snapshot, 'end-offsets').some(({ code }) => code === 'upstream.no-leader'));
  const ends = read(snapshot, 'end-offsets').find(({ topic }) => topic === replicated);
  assert.deepEqual([...(ends?.partitions ?? [])].sort(), [0, 1, 2]);
  const state = read(snapshot, 'cluster');
  assert.deepEqual(state.brokers.map(({ brokerId }) => brokerId).sort(), [1, 2]);
  const offline = state.topics.find(({ topic }) => topic === spread)?.partitions[its];
  assert.deepEqual([offline?.leader, offline?.replicas], [null, [3]]);
  assert.equal(failuresOf(snapshot, 'topic-configs').length, 0);
}
