import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMemberChanges, firstMembers } from '../../../src/evaluators/member-changes.ts';
import { rebalanceStorm } from '../../../src/evaluators/rules/rebalance-storm.ts';
import type { GroupMember } from '../../../src/model/snapshot.ts';
import { groupRow, member } from '../../support/rule-rows.ts';
import { raisedBy } from './rules/verdicts.ts';

const at = (memberId: string, clientHost: string, over: Partial<GroupMember> = {}) => ({
  ...member,
  memberId,
  clientHost,
  ...over,
});
const pair = [at('m1', '/10.0.0.1'), at('m2', '/10.0.0.2')];

/** Who was there, who is there now; members that came back from the same host, and that came from new ones. */
const changes: readonly (readonly [
  because: string,
  before: GroupMember[],
  now: GroupMember[],
  same: number,
  fresh: number,
])[] = [
  ['nobody came', pair, pair, 0, 0],
  ['one left', pair, pair.slice(1), 0, 0],
  ['a timeout: the same host and client, another member', pair, [at('m3', '/10.0.0.1'), pair[1]!], 1, 0],
  ['an instance was replaced', pair, [at('m3', '/10.0.0.9'), pair[1]!], 0, 1],
  [
    'the same host under another client is somebody else',
    pair,
    [...pair, at('m3', '/10.0.0.1', { clientId: 'b' })],
    0,
    1,
  ],
  [
    'a static member restarted: nobody new',
    [at('m1', '/10.0.0.1', { groupInstanceId: 'i1' })],
    [at('m9', '/10.0.0.1', { groupInstanceId: 'i1' })],
    0,
    0,
  ],
  ['members are told only when Stable', pair, [], 0, 0],
  ['who was there before is not known', [], pair, 0, 0],
];
for (const [because, before, now, same, fresh] of changes) {
  test(`member changes: ${because}`, () => {
    const { rejoinedFromSameHost, joinedFromNewHosts } = addMemberChanges(firstMembers(before), firstMembers(now));
    assert.deepEqual([rejoinedFromSameHost, joinedFromNewHosts], [same, fresh]);
  });
}

test('member changes: a poll that tells of no members does not forget who was there', () => {
  const seen = [firstMembers(pair), firstMembers([]), firstMembers([at('m3', '/10.0.0.1'), pair[1]!])].reduce(
    addMemberChanges,
  );
  assert.equal(seen.rejoinedFromSameHost, 1);
});

test('rebalance-storm: says whether members time out or are replaced', () => {
  const storm = (memberList: GroupMember[]) =>
    raisedBy(rebalanceStorm, groupRow({ rebalances: 12, rebalancingSeconds: 150, memberList })).evidence as never;
  const renewed = rebalanceStorm.renew?.(storm(pair), storm([at('m3', '/10.0.0.1'), pair[1]!])) as never;
  assert.equal(
    rebalanceStorm.summary(renewed, { groupId: 'billing' }),
    'billing rebalanced 12 times within 1 h, 2 min without consuming: members come back from the same hosts (timeouts, or a process that restarts)',
  );
});
