import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipped } from '../../../../src/evaluators/rules/skipped.ts';
import { seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const jumped = { skippedNow: 500, skippedBy: 'no-members', jumpedFrom: 500 } as const;

testRule(skipped, seriesRow, [
  ['nothing was jumped over', {}, 'clear recovered'],
  ['while nobody was there', jumped, 'raise warning'],
  ['its commit was gone between', { ...jumped, skippedBy: 'commit-absent' }, 'raise warning'],
  ['many times too fast', { ...jumped, skippedBy: 'too-fast' }, 'raise warning'],
  ['a fast reader may have read them', { ...jumped, skippedBy: 'suspected' }, 'raise info'],
  ['two records may be transaction markers', { ...jumped, skippedNow: 2 }, 'clear recovered'],
  ['three are not', { ...jumped, skippedNow: 3 }, 'raise warning'],
  ['the ends are old, the commits are not', { ...jumped, staleCollector: 'end-offsets' }, 'raise warning'],
  ['the commits are old', { staleCollector: 'committed-offsets' }, 'unknown stale'],
]);

test('skipped: another jump adds to it; the sentence says from where', () => {
  const { evidence } = raisedBy(skipped, seriesRow(jumped));
  const later = { ...evidence, skippedRecords: 20, fromOffset: 4000 };
  const both = skipped.renew!(evidence as never, later as never);
  assert.deepEqual([both.skippedRecords, both.fromOffset], [520, 500]);
  const sentence = skipped.summary(evidence as never, { groupId: 'billing', topic: 'orders', partition: 0 });
  assert.match(sentence, /^billing has skipped 500 unread records of orders p0 from offset 500 on: /);
});
