import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCommitted } from '../../../../src/evaluators/rules/never-committed.ts';
import { groupRow, minute, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** Assigned when the end offset was 1000; 40 records have come, the first of them a moment more than ten minutes ago. */
const never = {
  committedOffset: null,
  lag: null,
  endWhenAssigned: 1000,
  highWatermark: 1040,
  uncommittedMs: 10 * minute + 1,
} as const;

testRule(neverCommitted, seriesRow, [
  ['it commits', {}, 'clear recovered'],
  ['records came, and no commit within ten minutes', never, 'raise warning'],
  ['ten minutes are not over', { ...never, uncommittedMs: 10 * minute }, 'unknown not-watched-long-enough'],
  ['no record has come', { ...never, uncommittedMs: null, highWatermark: 1000 }, 'unknown not-watched-long-enough'],
  [
    'tidemark has just come: what it was like before is not known',
    { ...never, endWhenAssigned: null, uncommittedMs: null },
    'unknown not-watched-long-enough',
  ],
  ['the end was never read', { ...never, highWatermark: null }, 'unknown not-watched-long-enough'],
  ['nobody owns it', { ...never, ownership: 'orphaned' }, 'unknown no-owner'],
  ['the topic was unsubscribed', { ...never, ownership: 'dropped' }, 'clear unsubscribed'],
  ['its first commit came', { ...never, committedOffset: 1010 }, 'clear recovered'],
  ['the ends are old', { ...never, staleCollector: 'end-offsets' }, 'unknown stale'],
  [
    'the commits of the group are old',
    { ...never, group: groupRow({ staleCollector: 'committed-offsets' }) },
    'unknown stale',
  ],
]);

for (const [outlook, because, over] of [
  ['loses-first', 'nothing holds retention back', {}],
  ['keeps-up', 'the log is empty', { logStartOffset: 1040 }],
  ['insufficient-data', 'no retention is known', { retentionMs: null }],
  ['insufficient-data', 'the log start was never read', { logStartOffset: null }],
] as const) {
  test(`never-committed: outlook ${outlook}, as if committed = log start: ${because}`, () => {
    const { evidence } = raisedBy(neverCommitted, seriesRow({ ...never, ...over }));
    assert.equal(evidence.outlook, outlook);
    assert.equal(evidence.arrivedRecords, 40);
  });
}
