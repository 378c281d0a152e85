import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unassignedPartitions } from '../../../../src/evaluators/rules/unassigned-partitions.ts';
import { groupRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const unassigned = [{ topic: 'orders', partitions: [2, 3] }];

testRule(unassignedPartitions, groupRow, [
  ['everything has an owner', {}, 'clear recovered'],
  ['two partitions have none', { unassigned }, 'raise warning'],
  ['while it rebalances nobody knows', { unassigned: null, state: 'PreparingRebalance' }, 'unknown not-settled'],
  ['membership was never read', { unassigned: null, state: null }, 'unknown membership-unread'],
  ['membership is old', { unassigned, staleCollector: 'group-membership' }, 'unknown stale'],
  ['everybody has left: that is `stopped`', { state: 'Empty', members: 0, memberList: [] }, 'clear recovered'],
]);

test('unassigned-partitions: names the first, and how long', () => {
  const { evidence } = raisedBy(unassignedPartitions, groupRow({ unassigned }));
  assert.equal(
    unassignedPartitions.summary(evidence as never, { groupId: 'billing' }),
    'billing has 1 member, and for more than 5 min none of them has 2 partitions of 1 topic (orders p2, ...), which they subscribe to',
  );
});

test('unassigned-partitions: of thousands the evidence lists some and counts all', () => {
  const many = Array.from({ length: 50 }, (_, index) => {
    return { topic: `t${index}`, partitions: Array.from({ length: 100 }, (_none, partition) => partition) };
  });
  const { evidence } = raisedBy(unassignedPartitions, groupRow({ unassigned: many }));
  const listed = evidence.unassigned as typeof many;
  assert.deepEqual(
    [evidence.partitions, evidence.topics, listed.length, listed[0]?.partitions.length],
    [5000, 50, 10, 20],
  );
});
