import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemberTurnover } from '../../../../src/evaluators/rows/member-changes.ts';
import type { GroupMember } from '../../../../src/model/snapshot.ts';
import { hour, member, minute } from '../../../support/rule-rows.ts';

const at = (memberId: string, clientHost: string, over: Partial<GroupMember> = {}) => ({
  ...member,
  memberId,
  clientHost,
  ...over,
});
const one = at('m1', '/10.0.0.1');
const two = at('m2', '/10.0.0.2');
const again = at('m3', '/10.0.0.1');
const elsewhere = at('m4', '/10.0.0.9');

/** What each read tells, a minute apart; then: left, rejoined from the same host, joined from new hosts. */
const stories: readonly (readonly [because: string, reads: (GroupMember[] | null)[], counts: readonly number[]])[] = [
  [
    'nobody came',
    [
      [one, two],
      [one, two],
    ],
    [0, 0, 0],
  ],
  [
    'the same members in another order',
    [
      [one, two],
      [two, one],
    ],
    [0, 0, 0],
  ],
  ['one left', [[one, two], [two]], [1, 0, 0]],
  [
    'a timeout: the same host and client, another member',
    [
      [one, two],
      [again, two],
    ],
    [1, 1, 0],
  ],
  ['a timeout, and back some polls later', [[one, two], [two], [two], [again, two]], [1, 1, 0]],
  ['one member alone: the group was Empty in between', [[one], [], [again]], [1, 1, 0]],
  ['timeouts again and again', [[one], [again], [one], [again]], [3, 3, 0]],
  [
    'an instance was replaced',
    [
      [one, two],
      [elsewhere, two],
    ],
    [1, 0, 1],
  ],
  ['one more instance on a new host', [[one], [one, elsewhere]], [0, 0, 1]],
  ['one more instance on a host that stays', [[one], [one, again]], [0, 0, 0]],
  [
    'two instances share a host and a client: one of them came back',
    [
      [one, at('m1b', '/10.0.0.1')],
      [one, again],
    ],
    [1, 1, 0],
  ],
  [
    'another client on the host of one that left is neither',
    [[one], [at('m3', '/10.0.0.1', { clientId: 'b' })]],
    [1, 0, 0],
  ],
  [
    'a static member restarted: nobody new',
    [[at('m1', '/10.0.0.1', { groupInstanceId: 'i1' })], [at('m9', '/10.0.0.7', { groupInstanceId: 'i1' })]],
    [0, 0, 0],
  ],
  ['a read that tells no members forgets nobody', [[one, two], null, [again, two]], [1, 1, 0]],
  ['who was there before is not known', [null, [one, two]], [0, 0, 0]],
];
for (const [because, reads, expected] of stories) {
  test(`member changes: ${because}`, () => {
    const turnover = new MemberTurnover();
    for (const [index, members] of reads.entries()) turnover.step(members, index * minute, index * minute - hour);
    const { left, rejoinedFromSameHost, joinedFromNewHosts } = turnover.counts();
    assert.deepEqual([left, rejoinedFromSameHost, joinedFromNewHosts], expected);
  });
}

test('member changes: what happened more than an hour ago is forgotten', () => {
  const turnover = new MemberTurnover();
  for (const [index, members] of [[one], [again], [again]].entries()) {
    const atMs = index === 2 ? 62 * minute : index * minute;
    turnover.step(members, atMs, atMs - hour);
  }
  assert.deepEqual(turnover.counts(), { left: 0, rejoinedFromSameHost: 0, joinedFromNewHosts: 0 });
});
