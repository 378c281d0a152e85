import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logTruncated } from '../../../../src/evaluators/rules/log-truncated.ts';
import { partitionRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const truncation = { endOffsetBefore: 1234, leaderEpochBefore: 3 };
const truncated = { truncation, highWatermark: 1000, leaderEpoch: 5 };

testRule(logTruncated, partitionRow, [
  ['the end has never gone back', {}, 'clear recovered'],
  ['this poll shows that it has', truncated, 'raise critical'],
  ['what was seen was seen, although Metadata is old', { ...truncated, staleCollector: 'cluster' }, 'raise critical'],
  ['nothing is known of the partition any more', { staleCollector: 'cluster' }, 'unknown stale'],
]);

test('log-truncated: one that is shown once more adds up; epochs are named only where they are known', () => {
  const { evidence } = raisedBy(logTruncated, partitionRow(truncated));
  const renewed = logTruncated.renew!(evidence as never, evidence as never);
  assert.equal(renewed.truncatedRecords, 468);
  const sentence = 'orders p0 lost the last 234 records of its log: the end offset went from 1234 back to 1000';
  const subject = { topic: 'orders', partition: 0 };
  assert.equal(logTruncated.summary(evidence as never, subject), `${sentence}, leader epoch from 3 to 5`);
  assert.equal(logTruncated.summary({ ...evidence, leaderEpochBefore: null } as never, subject), sentence);
});
