import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lostData } from '../../../../src/evaluators/rules/lost-data.ts';
import { minute, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** Retention has deleted 500 records that were not read, and the group still stands before them. */
const behind = { outlook: 'losing', committedOffset: 1000, logStartOffset: 1500, lostNow: 500 } as const;

testRule(lostData, seriesRow, [
  ['nothing was deleted before it was read', {}, 'clear recovered'],
  ['records are gone', behind, 'raise critical'],
  ['they were gone before tidemark came: still gone', { ...behind, lostNow: 0 }, 'raise critical'],
  ['the consumer has reset already, but this poll shows what it lost', { lostNow: 500 }, 'raise critical'],
  [
    'retention took markers, which nobody could have read',
    { ...behind, outlook: 'keeps-up', lostNow: 0 },
    'clear recovered',
  ],
  [
    'lost some minutes ago, reading on since: kept by the ledger, not shown anew',
    { outlook: 'losing' },
    'clear recovered',
  ],
  [
    'the log start moved to the commit: DeleteRecords of Streams',
    { committedOffset: 1000, logStartOffset: 1000 },
    'clear recovered',
  ],
  [
    'nobody subscribes to the topic: its old commits may rot',
    { ...behind, ownership: 'dropped' },
    'clear unsubscribed',
  ],
  ['abandoned for a week', { ...behind, ownership: 'abandoned' }, 'clear superseded'],
  [
    'an old group, or one that died just now? nobody knows in the first hour',
    { ...behind, ownership: 'orphaned', everMoved: false, everActive: false, watchedMs: 30 * minute },
    'raise info',
  ],
  [
    'after the first hour it is taken for what it says',
    { ...behind, ownership: 'orphaned', everMoved: false, everActive: false, watchedMs: 61 * minute },
    'raise critical',
  ],
  ['its reader was seen, and is gone', { ...behind, ownership: 'orphaned' }, 'raise critical'],
  [
    'membership was never read',
    { ...behind, ownership: null, whyOwnership: 'membership-unread' },
    'unknown membership-unread',
  ],
  ['the log start is old', { ...behind, staleCollector: 'log-start-offsets' }, 'unknown stale'],
]);

test('lost-data: counts on while more is lost, and never counts the same records twice', () => {
  const first = raisedBy(lostData, seriesRow(behind)).evidence as never;
  const second = raisedBy(lostData, seriesRow({ ...behind, logStartOffset: 1700, lostNow: 200 })).evidence as never;
  const third = raisedBy(lostData, seriesRow({ ...behind, logStartOffset: 1700, lostNow: 0 })).evidence as never;
  const renewed = lostData.renew?.(lostData.renew?.(first, second) as never, third) as { lostRecords: number };
  assert.equal(renewed.lostRecords, 700);
});

test('lost-data: the count is an upper bound where offsets are not records', () => {
  const subject = { groupId: 'billing', topic: 'orders', partition: 0 };
  const { evidence } = raisedBy(lostData, seriesRow({ ...behind, compacted: true }));
  assert.equal(
    lostData.summary(evidence as never, subject),
    'Retention deleted up to 500 records of orders p0 before billing read them; its committed offset still lies before the log start',
  );
});
