import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupRow } from '../../../../src/evaluators/rows/row-types.ts';
import { idleMembers } from '../../../../src/evaluators/rules/idle-members.ts';
import { groupRow, member } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const busy = (memberId: string, ...partitions: number[]) => {
  return { ...member, memberId, assignment: [{ topic: 'orders', partitions }] };
};
const idle = { ...member, memberId: 'idle', assignment: [] };
/** Two partitions, three members. */
const tooMany = { members: 3, idleMembers: 1, memberList: [busy('m1', 0), busy('m2', 1), idle] } as const;

testRule(idleMembers, groupRow, [
  ['everybody has work', {}, 'clear recovered'],
  ['three members on two partitions', tooMany, 'raise info'],
  [
    'while it rebalances nobody knows',
    { ...tooMany, state: 'PreparingRebalance', idleMembers: null },
    'unknown not-settled',
  ],
  ['a group of Connect tells no assignments', { idleMembers: null }, 'unknown not-settled'],
  ['everybody has left', { state: 'Empty', members: 0, idleMembers: 0, memberList: [] }, 'clear recovered'],
  ['membership was never read', { state: null, idleMembers: null }, 'unknown membership-unread'],
  ['membership is old', { ...tooMany, staleCollector: 'group-membership' }, 'unknown stale'],
]);

const summaries: readonly (readonly [because: string, over: Partial<GroupRow>, said: string])[] = [
  [
    'partitions are the ceiling',
    {},
    'billing: 1 of 3 members has no partition, for the topics have 2 partitions: that is the ceiling',
  ],
  [
    'it subscribes to another topic than the others',
    { members: 2, memberList: [busy('m1', 0, 1), { ...idle, subscribedTopics: ['typo'] }] },
    'billing: 1 of 2 members has no partition, for the topics that they subscribe to have fewer partitions than readers, or do not exist',
  ],
  [
    'range shares out each of two topics by itself',
    { members: 2, memberList: [busy('m1', 0, 1), idle] },
    'billing: 1 of 2 members has no partition, though there are 2 partitions: range shares out each topic by itself',
  ],
  [
    'no reason is known',
    { members: 2, memberList: [busy('m1', 0, 1), idle], assignor: 'uniform', type: 'consumer' },
    'billing: 1 of 2 members has no partition, though there are 2 partitions: the assignor left them out',
  ],
  [
    'Kafka Streams',
    { assignor: 'stream' },
    'billing: 1 of 3 members has no partition, perhaps standbys of Kafka Streams',
  ],
];
for (const [because, over, said] of summaries) {
  test(`idle-members: says why: ${because}`, () => {
    const { evidence } = raisedBy(idleMembers, groupRow({ ...tooMany, ...over }));
    assert.equal(idleMembers.summary(evidence as never, { groupId: 'billing' }), said);
    assert.deepEqual(
      (evidence.idle as { memberId: string }[]).map(({ memberId }) => memberId),
      ['idle'],
    );
  });
}
