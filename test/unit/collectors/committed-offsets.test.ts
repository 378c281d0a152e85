import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedOffsets } from '../../../src/collectors/committed-offsets.ts';
import { createScope } from '../../../src/collectors/scope.ts';
import { answer, FakeKafka, groupsById, inputWith, knownGroup, never } from './fake-kafka.ts';

const orders = { topic: 'orders', partitions: [0], offsets: [5] };

test('a Dead group without offsets is gone; with offsets it stays, and so does a living one without', async () => {
  const kafka = new FakeKafka();
  kafka.committedOffsets = async () =>
    answer([
      { groupId: 'dead', topics: [] },
      { groupId: 'dead-with-offsets', topics: [orders] },
      { groupId: 'starting', topics: [] },
    ]);
  const dead = { state: 'Dead' };
  const groups = groupsById(knownGroup('dead', dead), knownGroup('dead-with-offsets', dead), knownGroup('starting'));
  const known = inputWith({ discovery: { groups, missingTopics: new Map() } });
  const { value, discovery } = await committedOffsets.collect(kafka, known, never);
  assert.deepEqual([...(discovery?.groups.keys() ?? [])], ['dead-with-offsets', 'starting']);
  assert.deepEqual(
    value.map(({ groupId }) => groupId),
    ['dead-with-offsets', 'starting'],
  );
});

test('a Dead group whose offsets could not be read stays', async () => {
  const kafka = new FakeKafka();
  kafka.committedOffsets = async () => answer([], [{ code: 'upstream.timeout', groupIds: ['dead'] }]);
  const groups = groupsById(knownGroup('dead', { state: 'Dead' }));
  const known = inputWith({ discovery: { groups, missingTopics: new Map() } });
  const { discovery } = await committedOffsets.collect(kafka, known, never);
  assert.deepEqual([...(discovery?.groups.keys() ?? [])], ['dead']);
});

test('share groups are not asked: they keep no committed offsets', async () => {
  const kafka = new FakeKafka();
  let asked: string[] = [];
  kafka.committedOffsets = async (groups) => {
    asked = groups.map(({ groupId }) => groupId);
    return answer([]);
  };
  const groups = groupsById(knownGroup('shared', { type: 'share' }), knownGroup('topology', { type: 'streams' }));
  await committedOffsets.collect(kafka, inputWith({ discovery: { groups, missingTopics: new Map() } }), never);
  assert.deepEqual(asked, ['topology']);
});

test('commits on topics out of scope and on internal topics are left out', async () => {
  const kafka = new FakeKafka();
  const topics = [orders, { ...orders, topic: 'audit' }, { ...orders, topic: '__consumer_offsets' }];
  kafka.committedOffsets = async () => answer([{ groupId: 'billing', topics }]);
  const scope = createScope({
    groups: { include: ['*'], exclude: [] },
    topics: { include: ['*'], exclude: ['audit'] },
  });
  const groups = groupsById(knownGroup('billing'));
  const known = inputWith({ scope, discovery: { groups, missingTopics: new Map() } });
  assert.deepEqual((await committedOffsets.collect(kafka, known, never)).value, [
    { groupId: 'billing', topics: [orders] },
  ]);
});
