import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MembershipStep, Rebalances } from '../../../../src/evaluators/measures/rebalances.ts';
import type { GroupMember, GroupMembership } from '../../../../src/model/snapshot.ts';
import { defaultMeasureSettings } from '../../../support/engine-run.ts';

const settings = defaultMeasureSettings();
const intervalMs = 15_000;

function member(memberId: string, extra: Partial<GroupMember> = {}): GroupMember {
  const assignment = [{ topic: 'orders', partitions: [memberId.length] }];
  return {
    memberId,
    groupInstanceId: null,
    clientId: 'app',
    clientHost: '/h',
    generationId: null,
    subscribedTopics: ['orders'],
    assignment,
    ...extra,
  };
}

function group(state: string, members: readonly GroupMember[] | null, epoch: number | null = null): GroupMembership {
  const type = epoch === null ? 'classic' : 'consumer';
  return {
    groupId: 'g',
    type,
    protocolType: 'consumer',
    protocolName: 'range',
    state,
    coordinatorId: 1,
    epoch,
    members,
  };
}

/** Feeds polls 15 s apart and sums what they show. */
function count(polls: readonly GroupMembership[]) {
  const rebalances = new Rebalances();
  let before: MembershipStep['before'] = { state: null, memberList: null, epoch: null };
  let beforeMs = Number.NaN;
  const total = { count: 0, seconds: 0, by: '' };
  for (const [index, now] of polls.entries()) {
    const atMs = 1_000_000 + index * intervalMs;
    const step = rebalances.step({ now, before, atMs, beforeMs }, settings, intervalMs);
    total.count += step.count;
    total.seconds += step.seconds;
    total.by = step.by;
    before = { state: now.state, memberList: now.members, epoch: now.epoch };
    beforeMs = atMs;
  }
  return { ...total, ...rebalances.counts() };
}

test('KIP-848: the group epoch counts, and assigning is no pause', () => {
  const polls = [
    group('Stable', [member('a')], 4),
    group('Reconciling', [member('a')], 7),
    group('Assigning', [member('a')], 7),
  ];
  const result = count(polls);
  assert.deepEqual([result.by, result.count, result.seconds], ['epoch', 3, 0]);
});

test('generation: rebalances between two polls are counted exactly', () => {
  const at = (generationId: number) =>
    group('Stable', [member('a', { generationId: generationId - 1 }), member('b', { generationId })]);
  const result = count([at(3), at(3), at(6)]);
  assert.deepEqual([result.by, result.count], ['generation', 3]);
});

test('a rebalance seen under way is not counted again when the generation tells it', () => {
  const at = (generationId: number) => group('Stable', [member('a', { generationId })]);
  const result = count([
    at(3),
    group('PreparingRebalance', null),
    at(4),
    at(4),
    group('CompletingRebalance', null),
    at(7),
  ]);
  assert.deepEqual([result.by, result.count], ['generation', 4]);
});

test('librdkafka writes generation -1: what is seen to change is a lower bound', () => {
  const of = (...ids: string[]) =>
    group(
      'Stable',
      ids.map((id) => member(id, { generationId: -1 })),
    );
  const result = count([of('a', 'b'), of('a', 'b'), of('a', 'c'), of('a', 'c')]);
  assert.deepEqual([result.by, result.count], ['observed', 1]);
});

test('a rebalance seen under way is counted once, and half a poll at each edge did not consume', () => {
  const stable = group('Stable', [member('a')]);
  const after = group('Stable', [member('a'), member('bb')]);
  const result = count([
    stable,
    group('PreparingRebalance', [member('a', { assignment: null })]),
    group('CompletingRebalance', null),
    after,
  ]);
  assert.deepEqual([result.count, result.seconds], [1, 30]);
});

test("a static member's restart is no rebalance", () => {
  const of = (memberId: string) => group('Stable', [{ ...member('x'), memberId, groupInstanceId: 'pod-0' }]);
  assert.equal(count([of('a'), of('b')]).count, 0);
});

test('a deployment explains its rebalances; a member that joins and dies again and again does not', () => {
  const of = (ids: readonly string[]) =>
    group(
      'Stable',
      ids.map((id) => member(id)),
    );
  const pods = Array.from({ length: 10 }, (_, pod) => `old-${pod}`);
  const rollout = [of(pods)];
  for (let pod = 0; pod < 10; pod++) {
    rollout.push(of(pods.filter((_, other) => other !== pod)));
    pods[pod] = `new-${pod}`;
    rollout.push(of(pods));
  }
  const deployed = count(rollout);
  assert.equal(deployed.rebalances, 20);
  assert.equal(deployed.explainedRebalances, 20);
  const crashing = [of(['a', 'b'])];
  for (let life = 0; life < 10; life++) crashing.push(of(['a', 'b', `c-${life}`]), of(['a', 'b']));
  const storm = count(crashing);
  assert.equal(storm.rebalances, 20);
  assert.equal(storm.explainedRebalances, 0);
});

test('the trailing window forgets, the counter does not', () => {
  const of = (...ids: string[]) =>
    group(
      'Stable',
      ids.map((id) => member(id)),
    );
  const quiet = Array.from({ length: 4 * 61 }, () => of('b'));
  const result = count([of('a'), of('b'), ...quiet]);
  assert.deepEqual([result.count, result.rebalances], [1, 0]);
});
