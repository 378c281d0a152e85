import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stuckRebalance } from '../../../../src/evaluators/rules/stuck-rebalance.ts';
import { groupRow, minute, second } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const stuck = { state: 'PreparingRebalance', rebalancingMs: 6 * minute } as const;

testRule(stuckRebalance, groupRow, [
  ['it is settled', {}, 'clear recovered'],
  ['it waits for a member', stuck, 'raise warning'],
  ['it waits for the leader of the group', { ...stuck, state: 'CompletingRebalance' }, 'raise warning'],
  ['KIP-848: it reconciles on one epoch', { ...stuck, type: 'consumer', state: 'Reconciling' }, 'raise warning'],
  [
    'as long as max.poll.interval.ms allows',
    { ...stuck, rebalancingMs: 5 * minute },
    'unknown not-watched-long-enough',
  ],
  ['a second more', { ...stuck, rebalancingMs: 5 * minute + second }, 'raise warning'],
  [
    'tidemark was restarted: it says nothing yet',
    { ...stuck, rebalancingMs: 15 * second },
    'unknown not-watched-long-enough',
  ],
  ['everybody has left', { state: 'Empty', members: 0, memberList: [] }, 'clear recovered'],
  ['membership was never read', { state: null }, 'unknown membership-unread'],
  ['membership is old', { ...stuck, staleCollector: 'group-membership' }, 'unknown stale'],
  ['old commits say nothing about members', { ...stuck, staleCollector: 'committed-offsets' }, 'raise warning'],
]);

const summaries = [
  [
    {},
    'billing has been in one rebalance (PreparingRebalance) for 6 min: nobody consumes, 40 records unread; members come back from the same hosts (session or max.poll timeouts, or a process that restarts)',
  ],
  [
    {
      type: 'consumer',
      state: 'Reconciling',
      memberChanges: { left: 0, rejoinedFromSameHost: 0, joinedFromNewHosts: 0 },
    },
    'billing has been in one rebalance (Reconciling) for 6 min: partitions that are to move wait, 40 records unread',
  ],
] as const;
for (const [over, said] of summaries) {
  test(`stuck-rebalance: says: ${said}`, () => {
    const memberChanges = { left: 1, rejoinedFromSameHost: 1, joinedFromNewHosts: 0 };
    const { evidence } = raisedBy(stuckRebalance, groupRow({ ...stuck, memberChanges, ...over }));
    assert.equal(stuckRebalance.summary(evidence as never, { groupId: 'billing' }), said);
  });
}
