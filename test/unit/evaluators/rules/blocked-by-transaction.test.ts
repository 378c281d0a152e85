import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionWait } from '../../../../src/evaluators/rows/transaction-wait.ts';
import { blockedByTransaction } from '../../../../src/evaluators/rules/blocked-by-transaction.ts';
import { stalled } from '../../../../src/evaluators/rules/stalled.ts';
import { stuckPartition } from '../../../../src/evaluators/rules/stuck-partition.ts';
import { willLoseData } from '../../../../src/evaluators/rules/will-lose-data.ts';
import { groupRow, hour, minute, policy, reading, second, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

function wait(over: Partial<TransactionWait> = {}): TransactionWait {
  return {
    topic: 'orders',
    partition: 3,
    waitMs: 4 * minute + 1,
    sinceFirstRead: false,
    endMoved: 500,
    committedOffset: 100,
    lastStableOffset: 100,
    highWatermark: 700,
    pollsWithoutMovement: 16,
    learnedIntervalMs: 5 * second,
    timeToLossEarliestSeconds: null,
    ...over,
  };
}

const waiting = (...waits: Partial<TransactionWait>[]) => ({ transactionWaits: waits.map(wait) });

testRule(blockedByTransaction, groupRow, [
  ['nothing waits', {}, 'clear recovered'],
  ['it has waited for more than four minutes', waiting({}), 'raise warning'],
  ['it has waited for four minutes', waiting({ waitMs: 4 * minute }), 'clear recovered'],
  ['four polls', waiting({ pollsWithoutMovement: 4 }), 'raise warning'],
  ['three polls', waiting({ pollsWithoutMovement: 3 }), 'unknown not-watched-long-enough'],
  ['three unread records', waiting({ highWatermark: 103 }), 'raise warning'],
  ['two unread records may be markers', waiting({ highWatermark: 102 }), 'clear recovered'],
  ['nothing is written behind it', waiting({ endMoved: 0 }), 'unknown not-watched-long-enough'],
  ['it usually moves every ten minutes', waiting({ learnedIntervalMs: 10 * minute }), 'clear recovered'],
  [
    'it usually moves every ten minutes, and has waited for half an hour',
    waiting({ learnedIntervalMs: 10 * minute, waitMs: 30 * minute + 1 }),
    'raise warning',
  ],
  ['its usual interval is not learned', waiting({ learnedIntervalMs: null }), 'clear recovered'],
  [
    'its usual interval is not learned, and a quarter of an hour is over',
    waiting({ learnedIntervalMs: null, waitMs: 15 * minute + 1 }),
    'raise warning',
  ],
  [
    'nobody saw it begin to wait, a minute ago',
    waiting({ sinceFirstRead: true, waitMs: minute }),
    'unknown not-watched-long-enough',
  ],
  [
    'its owner expects it to stand for an hour',
    { ...waiting({}), policy: policy({ expectIdle: '1h' }) },
    'clear recovered',
  ],
  [
    'it loses what it waits for within lossPageSeconds',
    waiting({ timeToLossEarliestSeconds: 14_400 }),
    'raise critical',
  ],
  ['it loses it later', waiting({ timeToLossEarliestSeconds: 14_401 }), 'raise warning'],
  [
    'where it loses soon, what is usual does not count',
    waiting({ learnedIntervalMs: 10 * minute, timeToLossEarliestSeconds: 3600 }),
    'raise critical',
  ],
  ['one of two waits long enough', waiting({ waitMs: hour }, { waitMs: second }), 'raise warning'],
  ['its commits were not read', { reading: reading({ staleCollector: 'committed-offsets' }) }, 'unknown stale'],
  ['the group was not read', { ...waiting({}), staleCollector: 'group-membership' }, 'unknown stale'],
]);

test('blocked-by-transaction: names partitions, offsets, and what waits behind', () => {
  const row = groupRow(
    waiting({ waitMs: 22 * minute }, { partition: 5, timeToLossEarliestSeconds: 7200, waitMs: 20 * minute }),
  );
  const { evidence } = raisedBy(blockedByTransaction, row);
  assert.deepEqual(evidence.partitions, [
    { topic: 'orders', partition: 3 },
    { topic: 'orders', partition: 5 },
  ]);
  assert.equal(
    blockedByTransaction.summary(evidence as never, { groupId: 'billing' }),
    'billing has waited for 22 min at offset 100 of orders p3 and 1 other partition before an open transaction: 1,200 records behind it; the first is deleted in 2 h',
  );
});

const standing = { standingMs: hour, timeLagSeconds: 3600, waitingSeconds: 3600, pollsWithoutMovement: 240 };
const stuck = { ...standing, unreadRecords: 600, group: groupRow({ standingMs: 0 }) };

testRule(stuckPartition, seriesRow, [
  ['it stands by itself', stuck, 'raise warning'],
  ['it waits for a transaction', { ...stuck, sinceHeldMs: 0 }, 'clear superseded'],
  ['it could have read on for four minutes', { ...stuck, sinceHeldMs: 4 * minute }, 'clear superseded'],
  ['it could have read on for longer', { ...stuck, sinceHeldMs: 4 * minute + 1 }, 'raise warning'],
]);

const hourUnread = reading({
  mostUnreadRecords: 600,
  unreadPartitions: 1,
  oldestUnreadSeconds: 3600,
  waitingSeconds: 3600,
  pollsWithoutMovement: 240,
});
const stalledGroup = { standingMs: hour, reading: hourUnread };

testRule(stalled, groupRow, [
  ['it stands by itself', stalledGroup, 'raise warning'],
  ['all that is unread waits for a transaction', { ...stalledGroup, sinceHeldMs: [0] }, 'clear superseded'],
  ['it could have read on for four minutes', { ...stalledGroup, sinceHeldMs: [4 * minute] }, 'clear superseded'],
  ['it could have read on for longer', { ...stalledGroup, sinceHeldMs: [4 * minute + 1] }, 'raise warning'],
  [
    'another partition stands by itself',
    { ...stalledGroup, reading: { ...hourUnread, unreadPartitions: 2 }, sinceHeldMs: [0] },
    'raise warning',
  ],
]);

const losing = {
  outlook: 'loses-first' as const,
  timeLagSeconds: 20 * 3600,
  timeToLossEarliestSeconds: 3600,
  timeToLossLatestSeconds: 4000,
  retentionMs: 24 * hour,
};

testRule(willLoseData, seriesRow, [
  ['it is too slow', losing, 'raise critical'],
  ['it waits for a transaction', { ...losing, transactionWaitMs: 4 * minute }, 'clear superseded'],
  ['it has waited for one for a moment', { ...losing, transactionWaitMs: 4 * minute - 1 }, 'raise critical'],
]);
