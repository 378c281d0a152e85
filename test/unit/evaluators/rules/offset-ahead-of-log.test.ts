import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetAheadOfLog } from '../../../../src/evaluators/rules/offset-ahead-of-log.ts';
import { hour, minute, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const ahead = { committedOffset: 1100, highWatermark: 1040, lag: 0 } as const;
const newcomer = { ...ahead, ownership: 'orphaned', everMoved: false, everActive: false, watchedMs: minute } as const;

testRule(offsetAheadOfLog, seriesRow, [
  ['it lags', {}, 'clear recovered'],
  ['it stands at the end', { ...ahead, committedOffset: 1040 }, 'clear recovered'],
  ['one offset beyond the end', { ...ahead, committedOffset: 1041 }, 'raise warning'],
  ['the end was read before the commit', { ...ahead, endIsYounger: false }, 'unknown end-offset-older-than-commit'],
  ['the end was never read', { ...ahead, highWatermark: null }, 'unknown end-offset-unread'],
  [
    'a last stable offset below the commit is an open transaction, not the end',
    { committedOffset: 1040, lastStableOffset: 900 },
    'clear recovered',
  ],
  ['its commit is gone', { ...ahead, committedOffset: null }, 'clear recovered'],
  ['the topic was unsubscribed', { ...ahead, ownership: 'dropped' }, 'clear unsubscribed'],
  ['nobody has read there for a week', { ...ahead, ownership: 'abandoned' }, 'raise info'],
  ['without a reader since before tidemark came', newcomer, 'raise info'],
  ['the same after an hour', { ...newcomer, watchedMs: 2 * hour }, 'raise warning'],
  [
    'membership was never read',
    { ...ahead, ownership: null, whyOwnership: 'membership-unread' },
    'unknown membership-unread',
  ],
  ['the commits are old', { ...ahead, staleCollector: 'committed-offsets' }, 'unknown stale'],
]);

test('offset-ahead-of-log: says how far', () => {
  const { evidence } = raisedBy(offsetAheadOfLog, seriesRow(ahead));
  const sentence = offsetAheadOfLog.summary(evidence as never, { groupId: 'billing', topic: 'orders', partition: 0 });
  assert.equal(sentence, 'billing has committed offset 1100 of orders p0, which is 60 records beyond its end (1040)');
});
