import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetsExpiring } from '../../../../src/evaluators/rules/offsets-expiring.ts';
import { groupRow, hour, minute, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const expiring = {
  state: 'Empty',
  members: 0,
  memberList: [],
  commitsExpireInMs: 24 * hour,
  series: [seriesRow(), seriesRow({ partition: 1 })],
};
/** A quarter of what the broker keeps is less than a day. */
const shortKept = { ...expiring, offsetsRetentionMs: 4 * hour };

testRule(offsetsExpiring, groupRow, [
  ['it has members', {}, 'clear recovered'],
  ['a day is left of seven', expiring, 'raise warning'],
  ['a minute more than a day', { ...expiring, commitsExpireInMs: 24 * hour + minute }, 'clear recovered'],
  ['they may go at any moment', { ...expiring, commitsExpireInMs: -minute }, 'raise warning'],
  ['an hour is left of four', { ...shortKept, commitsExpireInMs: hour }, 'raise warning'],
  ['a minute more', { ...shortKept, commitsExpireInMs: hour + minute }, 'clear recovered'],
  ['it has no commits', { ...expiring, series: [seriesRow({ committedOffset: null })] }, 'clear recovered'],
  ['nobody saw when it became empty', { ...expiring, commitsExpireInMs: null }, 'unknown empty-since-unknown'],
  [
    'the setting of the brokers was never read',
    { ...expiring, offsetsRetentionMs: null, commitsExpireInMs: null },
    'unknown offsets-retention-unread',
  ],
  ['membership was never read', { ...expiring, state: null }, 'unknown membership-unread'],
  ['membership is old', { ...expiring, staleCollector: 'group-membership' }, 'unknown stale'],
]);

test('offsets-expiring: says when, how long it has been away, and what waits', () => {
  const { evidence } = raisedBy(offsetsExpiring, groupRow(expiring));
  assert.deepEqual([evidence.partitions, evidence.unreadRecords, evidence.keptSeconds], [2, 40, 6 * 24 * 3600]);
  const sentence = offsetsExpiring.summary(evidence as never, { groupId: 'billing' });
  assert.equal(
    sentence,
    'billing will lose its committed offsets of 2 partitions in 1 d: it has had no members for 6 d, and 40 records wait for it',
  );
});
