import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GoneCommit, GoneOffsets, GoneOffsetsRow } from '../../../../src/evaluators/rows/row-types.ts';
import { offsetsGone } from '../../../../src/evaluators/rules/offsets-gone.ts';
import { policy } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

function row(over: Partial<GoneOffsets> | null): GoneOffsetsRow {
  const gone: GoneOffsets = { groupId: 'billing', how: 'came-back', goneSinceMs: 1000, commits: [gap(3)] };
  return { policy: policy(), gone: over === null ? null : { ...gone, ...over } };
}

/** A commit before so many unread records, and what has come since. */
function gap(unreadRecords: number, committedNow: number | null = null): GoneCommit {
  return { topic: 'orders', partition: 0, committedOffset: 100, committedNow, endOffset: 100 + unreadRecords };
}

testRule(offsetsGone, row, [
  ['nothing has gone in this poll', null, 'clear recovered'],
  ['three records stand unread', {}, 'raise critical'],
  ['two may be transaction markers', { commits: [gap(2)] }, 'raise warning'],
  ['two here and one there', { commits: [gap(2), gap(1)] }, 'raise critical'],
  ['nothing was unread', { commits: [gap(0)] }, 'raise warning'],
  ['the end was never read', { commits: [{ ...gap(9), endOffset: null }] }, 'raise warning'],
  ['its members have committed again, and went on', { how: 'with-members', commits: [gap(9, 105)] }, 'raise warning'],
  ['its members have begun anew', { how: 'with-members', commits: [gap(9, 0)] }, 'raise critical'],
  ['its members have not committed yet', { how: 'with-members', commits: [gap(9)] }, 'raise critical'],
  ['it came back further on: what is between was not read', { commits: [gap(9, 109)] }, 'raise critical'],
]);

test('offsets-gone: lists where it stood, as far as that helps, and adds up', () => {
  const many = Array.from({ length: 60 }, (_, partition) => ({ ...gap(5), partition }));
  const { evidence } = raisedBy(offsetsGone, row({ commits: many }));
  assert.deepEqual([evidence.partitions, evidence.unreadRecords], [60, 300]);
  assert.equal((evidence.commits as unknown[]).length, 50);
  const both = offsetsGone.renew!(evidence as never, evidence as never);
  assert.deepEqual([both.partitions, both.unreadRecords, both.commits.length], [120, 600, 50]);
  assert.equal(
    offsetsGone.summary(evidence as never, { groupId: 'billing' }),
    'billing has lost its committed offsets of 60 partitions and is in use again without them: 300 records unread',
  );
});
