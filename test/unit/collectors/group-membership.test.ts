import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupMembership } from '../../../src/collectors/group-membership.ts';
import { createScope } from '../../../src/collectors/scope.ts';
import type { GroupRef } from '../../../src/kafka/port.ts';
import {
  answer,
  FakeKafka,
  groupsById,
  inputWith,
  knownGroup,
  listedGroup,
  membershipOf,
  never,
} from './fake-kafka.ts';

const loading = { code: 'upstream.transient', message: 'loading' };

function discovery(...groups: Parameters<typeof groupsById>) {
  return { groups: groupsById(...groups), missingTopics: new Map() };
}

test('each type is described by its own API; Empty groups and other types are shown as listed', async () => {
  const kafka = new FakeKafka();
  const asked: Record<string, string[]> = {};
  const describeAs = (api: string) => async (groups: readonly GroupRef[]) => {
    asked[api] = groups.map(({ groupId }) => groupId);
    return answer(groups.map(({ groupId }) => membershipOf(groupId)));
  };
  kafka.describeClassicGroups = describeAs('classic');
  kafka.describeConsumerGroups = describeAs('consumer');
  const listed = [
    listedGroup('classic'),
    listedGroup('kip-848', { type: 'consumer' }),
    listedGroup('idle', { state: 'Empty' }),
    listedGroup('old-broker', { type: 'unknown' }),
    listedGroup('shared', { type: 'share', protocolType: 'share' }),
    listedGroup('topology', { type: 'streams', protocolType: 'streams' }),
  ];
  kafka.listGroups = async () => answer({ groups: listed, complete: true });
  const { value, failures } = await groupMembership.collect(kafka, inputWith(), never);
  assert.deepEqual(asked, { classic: ['classic', 'old-broker'], consumer: ['kip-848'] });
  assert.deepEqual(
    value.map(({ groupId, type, members }) => [groupId, type, members]),
    [
      ['classic', 'classic', []],
      ['kip-848', 'consumer', []],
      ['idle', 'classic', null],
      ['old-broker', 'unknown', []],
      ['shared', 'share', null],
      ['topology', 'streams', null],
    ],
  );
  assert.deepEqual(failures, []);
});

test('a group that no listing shows goes on being asked, and stays while its coordinator knows it', async () => {
  const kafka = new FakeKafka();
  kafka.describeClassicGroups = async (groups) =>
    answer(groups.map(({ groupId }) => membershipOf(groupId, { state: 'Empty' })));
  let known = discovery(knownGroup('quiet', { state: 'Empty' }));
  for (let cycle = 0; cycle < 5; cycle++) {
    const collected = await groupMembership.collect(kafka, inputWith({ discovery: known }), never);
    assert.deepEqual(collected.value, [membershipOf('quiet', { state: 'Empty' })]);
    known = { groups: new Map(collected.discovery?.groups), missingTopics: new Map() };
  }
});

test('missing from 3 complete listings while its coordinator cannot be asked: gone, and until then unread', async () => {
  const kafka = new FakeKafka();
  kafka.describeClassicGroups = async () => answer([], [{ ...loading, groupIds: ['lost'] }]);
  let known = discovery(knownGroup('lost'));
  const seen: (readonly string[] | undefined)[] = [];
  for (let cycle = 0; cycle < 3; cycle++) {
    const collected = await groupMembership.collect(kafka, inputWith({ discovery: known }), never);
    assert.deepEqual(collected.value, []);
    known = { groups: new Map(collected.discovery?.groups), missingTopics: new Map() };
    seen.push([...known.groups.keys()]);
  }
  assert.deepEqual(seen, [['lost'], ['lost'], []]);
});

for (const [why, completeness, complete] of [
  ['a listing that is not complete', 'full', false],
  ['a cluster that we see only part of', 'filtered', true],
] as const) {
  test(`${why} says nothing about who is gone`, async () => {
    const kafka = new FakeKafka();
    kafka.listGroups = async () => answer({ groups: [], complete });
    kafka.describeClassicGroups = async () => answer([], [{ ...loading, groupIds: ['lost'] }]);
    const known = discovery(knownGroup('lost', { missingListings: 2 }));
    const collected = await groupMembership.collect(kafka, inputWith({ discovery: known, completeness }), never);
    assert.equal(collected.discovery?.groups.get('lost')?.missingListings, 2);
  });
}

test('Dead by its coordinator and not listed: shown as Dead, so that its offsets decide', async () => {
  const kafka = new FakeKafka();
  kafka.describeClassicGroups = async () => answer([membershipOf('ended', { state: 'Dead' })]);
  const known = discovery(knownGroup('ended'));
  const { value, discovery: found } = await groupMembership.collect(kafka, inputWith({ discovery: known }), never);
  assert.equal(value[0]?.state, 'Dead');
  assert.equal(found?.groups.get('ended')?.state, 'Dead');
});

test('Dead although listed is a contradiction: unread, not gone', async () => {
  const kafka = new FakeKafka();
  kafka.listGroups = async () => answer({ groups: [listedGroup('changing')], complete: true });
  kafka.describeClassicGroups = async () => answer([membershipOf('changing', { state: 'Dead' })]);
  const { value, failures, discovery: found } = await groupMembership.collect(kafka, inputWith(), never);
  assert.deepEqual(value, []);
  assert.deepEqual(failures[0]?.groupIds, ['changing']);
  assert.equal(found?.groups.get('changing')?.state, 'Stable');
});

test('a known group of a type that cannot be described is unread while no listing shows it', async () => {
  const known = discovery(knownGroup('shared', { type: 'share' }));
  const { value, failures } = await groupMembership.collect(new FakeKafka(), inputWith({ discovery: known }), never);
  assert.deepEqual(value, []);
  assert.deepEqual(failures[0]?.groupIds, ['shared']);
});

test('groups out of scope are neither discovered nor kept', async () => {
  const kafka = new FakeKafka();
  kafka.listGroups = async () =>
    answer({ groups: [listedGroup('mine', { state: 'Empty' }), listedGroup('theirs')], complete: true });
  const scope = createScope({
    groups: { include: ['*'], exclude: ['their*'] },
    topics: { include: ['*'], exclude: [] },
  });
  const known = discovery(knownGroup('theirs-too'));
  const collected = await groupMembership.collect(kafka, inputWith({ scope, discovery: known }), never);
  assert.deepEqual([...(collected.discovery?.groups.keys() ?? [])], ['mine']);
  assert.deepEqual(collected.failures, []);
});
