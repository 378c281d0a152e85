import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { findCoordinatorV6 } from '@platformatic/kafka';
import { Routing } from '../../../src/kafka/wire/routing.ts';
import { assignmentBytes, subscriptionBytes } from '../../support/subscription-bytes.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { connected } from '../../support/wire.ts';
import { WireMember } from '../../support/wire-member.ts';
import { Cycles, committedOf, membershipOf, read, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

const consumerGroups = 0;

/** Watches what one test makes: names that begin with its own. */
function watching(short: string, exclude: readonly string[] = []): Cycles {
  return new Cycles(wirePort(kafka.bootstrapServers), `${kafka.name(short)}*`, exclude);
}

/** Joins as the only member, with bytes of our own. */
async function joinAlone(
  groupId: string,
  protocolType: string,
  { subscription, assignment }: { subscription: Buffer; assignment: Buffer },
): Promise<void> {
  const options = { groupInstanceId: 'instance-1', protocolType, protocolName: 'ours', subscription };
  const member = await WireMember.join(kafka.bootstrapServers, groupId, options);
  await member.sync(assignment);
}

test('commits without members: an Empty group of no protocol, its commits read', async () => {
  const topic = await kafka.createTopic('simple', { partitions: 2 });
  const groupId = kafka.name('simple');
  await kafka.commit(groupId, { [topic]: { 1: 42 } });
  await using cycles = watching('simple');
  const snapshot = await cycles.next();
  const { state, type, protocolType, members } = membershipOf(snapshot, groupId) ?? {};
  assert.deepEqual([state, type, protocolType, members], ['Empty', 'classic', '', null]);
  assert.equal(committedOf(snapshot, groupId, topic, 1), 42);
  assert.equal(committedOf(snapshot, groupId, topic, 0), undefined);
});

test('a classic consumer group: generation, subscription and assignment from its members’ own bytes', async () => {
  const groupId = kafka.name('classic');
  await joinAlone(groupId, 'consumer', {
    subscription: subscriptionBytes(['orders', 'bills'], 5),
    assignment: assignmentBytes('orders', [0, 3]),
  });
  await using cycles = watching('classic');
  const group = membershipOf(await cycles.next(), groupId);
  assert.deepEqual([group?.state, group?.protocolName, group?.epoch], ['Stable', 'ours', null]);
  const [member] = group?.members ?? [];
  assert.equal(member?.groupInstanceId, 'instance-1');
  assert.equal(member?.generationId, 5);
  assert.deepEqual(member?.subscribedTopics, ['orders', 'bills']);
  assert.deepEqual(member?.assignment, [{ topic: 'orders', partitions: [0, 3] }]);
});

test('a group of another protocol is shown with its members; their bytes are theirs', async () => {
  const groupId = kafka.name('connect');
  const bytes = { subscription: subscriptionBytes(['looks', 'alike'], 5), assignment: Buffer.from([1, 2, 3]) };
  await joinAlone(groupId, 'connect', bytes);
  await using cycles = watching('connect');
  const snapshot = await cycles.next();
  const group = membershipOf(snapshot, groupId);
  assert.deepEqual([group?.state, group?.protocolType], ['Stable', 'connect']);
  const [member] = group?.members ?? [];
  assert.deepEqual([member?.generationId, member?.subscribedTopics, member?.assignment], [null, null, null]);
  assert.deepEqual(snapshot.reads['group-membership']?.failures, []);
});

test('a consumer group whose members write nonsense is shown all the same', async () => {
  const groupId = kafka.name('nonsense');
  await joinAlone(groupId, 'consumer', { subscription: Buffer.from([0, 3, 9, 9]), assignment: Buffer.from([7]) });
  await using cycles = watching('nonsense');
  const [member] = membershipOf(await cycles.next(), groupId)?.members ?? [];
  assert.deepEqual([member?.subscribedTopics, member?.assignment], [null, null]);
});

test('a KIP-848 group: epoch, assignor, subscription and assignment; Empty when its member has left', async () => {
  const topic = await kafka.createTopic('kip-848', { partitions: 2 });
  const groupId = kafka.name('kip-848');
  await using cycles = watching('kip-848');
  {
    await using _member = await kafka.join(groupId, [topic], { groupProtocol: 'consumer' });
    const group = await until('its member has its partitions', async () => {
      const described = membershipOf(await cycles.next(), groupId);
      return described?.members?.[0]?.assignment?.length === 1 && described.state === 'Stable' ? described : undefined;
    });
    assert.deepEqual([group.type, group.protocolType, group.protocolName], ['consumer', 'consumer', 'uniform']);
    assert.ok((group.epoch ?? 0) > 0);
    assert.deepEqual(group.members?.[0]?.subscribedTopics, [topic]);
    assert.deepEqual(group.members?.[0]?.assignment, [{ topic, partitions: [0, 1] }]);
  }
  await until('it is Empty', async () => membershipOf(await cycles.next(), groupId)?.state === 'Empty');
});

test('a deleted group is Dead by its coordinator’s word, then gone; nobody else is', async () => {
  const topic = await kafka.createTopic('deleted');
  const [deleted, kept] = [kafka.name('deleted'), kafka.name('deleted-not')];
  for (const groupId of [deleted, kept]) await kafka.commit(groupId, { [topic]: { 0: 1 } });
  await using cycles = watching('deleted');
  assert.ok(membershipOf(await cycles.next(), deleted));
  await kafka.deleteGroup(deleted);
  const first = await cycles.next();
  assert.equal(membershipOf(first, deleted)?.state, 'Dead');
  const second = await cycles.next();
  assert.equal(membershipOf(second, deleted), undefined);
  assert.equal(committedOf(second, deleted, topic), undefined);
  assert.deepEqual(
    [second.reads['group-membership']?.failures, second.reads['committed-offsets']?.failures],
    [[], []],
    'absent without a failure: gone',
  );
  assert.equal(membershipOf(second, kept)?.state, 'Empty');
  assert.equal(committedOf(second, kept, topic), 1);
});

test('the coordinator that we compute is the one that Kafka names, whatever the sign of the hash', async () => {
  await using port = wirePort(kafka.bootstrapServers);
  const { value } = await port.clusterState(new AbortController().signal);
  const routing = new Routing(value);
  // What comes first weighs most: hashes of both signs.
  const groupIds = Array.from({ length: 60 }, (_, i) => `${i}-ü-${kafka.prefix}coordinator`);
  await using connection = await connected(kafka.bootstrapServers.split(',')[0]!);
  const { coordinators } = await findCoordinatorV6.api.async(connection, consumerGroups, groupIds);
  const named = new Map(coordinators.map(({ key, nodeId }) => [key, nodeId]));
  assert.deepEqual(
    groupIds.map((groupId) => routing.coordinator(groupId)),
    groupIds.map((groupId) => named.get(groupId)),
  );
});

test('excluded groups and topics are not in the snapshot at all', async () => {
  const topic = await kafka.createTopic('scope');
  const hidden = await kafka.createTopic('scope-hidden');
  const groupId = kafka.name('scope');
  await kafka.commit(groupId, { [topic]: { 0: 1 }, [hidden]: { 0: 1 } });
  await kafka.commit(kafka.name('scope-hidden-group'), { [topic]: { 0: 1 } });
  await using cycles = watching('scope', ['*-hidden*']);
  const snapshot = await cycles.next();
  assert.deepEqual(
    read(snapshot, 'group-membership').map((each) => each.groupId),
    [groupId],
  );
  assert.deepEqual(read(snapshot, 'committed-offsets'), [
    { groupId, topics: [{ topic, partitions: [0], offsets: [1] }] },
  ]);
  assert.equal(JSON.stringify(snapshot).includes('hidden'), false);
  assert.ok(read(snapshot, 'cluster').topics.some((each) => each.topic === '__consumer_offsets'));
  assert.equal(JSON.stringify(snapshot.reads['end-offsets']).includes('__consumer_offsets'), false);
});
