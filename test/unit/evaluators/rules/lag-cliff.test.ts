import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupRow, LagBefore } from '../../../../src/evaluators/rows/row-types.ts';
import { lagCliff } from '../../../../src/evaluators/rules/lag-cliff.ts';
import type { ClusterEvent } from '../../../../src/model/finding.ts';
import { groupRow, minute, second } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** 2023-11-14, 22:13:20 UTC */
const nowMs = 1_700_000_000_000;

/** A minute ago: 40 records, never more than 1,000 of late. */
const before: LagBefore = {
  lag: 40,
  usualLag: 1000,
  atMs: nowMs - minute,
  nowMs,
  producedRecords: 6000,
  usuallyProducedRecords: 1200,
};

function event(kind: ClusterEvent['kind'], agoMs: number, summary: string): ClusterEvent {
  return { atMs: nowMs - agoMs, kind, what: 'changed', subject: {}, summary };
}

function jumped(over: Partial<GroupRow>): GroupRow {
  return groupRow({ lag: 5000, lagBefore: before, ...over });
}

testRule(lagCliff, jumped, [
  ['five times the highest of late', {}, 'raise info'],
  ['not quite', { lag: 4999 }, 'clear recovered'],
  ['from nothing to five hundred', { lag: 500, lagBefore: { ...before, usualLag: 0 } }, 'raise info'],
  ['small numbers jump by nothing', { lag: 499, lagBefore: { ...before, usualLag: 0 } }, 'clear recovered'],
  ['tidemark has just come', { lagBefore: null }, 'unknown not-watched-long-enough'],
  ['its lag is not known', { lag: null }, 'unknown not-watched-long-enough'],
  ['the group was not read: an event ends after its time', { staleCollector: 'committed-offsets' }, 'clear recovered'],
]);

const natures = [
  ['twice what is usual was produced', { producedRecords: 2400, lag: 40 }, 2400, 'produce-burst'],
  ['a little less: it read less', { producedRecords: 2399, lag: 40 }, 2300, 'reads-less'],
  ['more came than was produced: it went back', { producedRecords: 1200, lag: 40 }, 1241, 'went-back'],
  ['all that was produced stands unread', { producedRecords: 1200, lag: 40 }, 1240, 'reads-less'],
  ['its partitions are others now', { producedRecords: null, lag: 40 }, 5000, 'unknown'],
  ['what is usual is not known', { usuallyProducedRecords: null, lag: 40 }, 5000, 'reads-less'],
] as const;
for (const [because, over, lag, nature] of natures) {
  test(`lag-cliff: ${nature}: ${because}`, () => {
    const { evidence } = raisedBy(lagCliff, jumped({ lag, lagBefore: { ...before, usualLag: 0, ...over } }));
    assert.equal(evidence.nature, nature);
  });
}

test('lag-cliff: names the moment, and what changed then', () => {
  const recentEvents = [
    event('member', 4 * minute, 'Too long ago.'),
    event('rebalance', 3 * minute, 'Group billing rebalanced.'),
    event('group', 30 * second, 'Group shipping appeared.'),
    event('leader', 30 * second, 'The leaders of 4 partitions moved from broker 1 to 2.'),
  ];
  const { evidence } = raisedBy(lagCliff, jumped({ recentEvents }));
  assert.equal(
    lagCliff.summary(evidence as never, { groupId: 'billing' }),
    'Lag of billing jumped from 40 records to 5,000 records within 1 min of 22:12:20 UTC, far more was produced than usual; then: Group billing rebalanced (and 1 more)',
  );
});

test('lag-cliff: the polls after it renew it, a later jump is another', () => {
  type Told = Parameters<NonNullable<typeof lagCliff.renew>>[0];
  const at = (laterMs: number, lag: number, summary: string) => {
    const lagBefore = { ...before, atMs: before.atMs + laterMs, nowMs: nowMs + laterMs };
    const { evidence } = raisedBy(lagCliff, jumped({ lag, lagBefore, recentEvents: [event('config', 0, summary)] }));
    return evidence as Told;
  };
  const first = at(0, 5000, 'A.');
  const next = lagCliff.renew!(first, at(15 * second, 9000, 'B.'));
  assert.deepEqual(
    [next.fromLag, next.toLag, next.fromMs, next.toMs, next.changes.map(({ summary }) => summary)],
    [40, 9000, before.atMs, nowMs + 15 * second, ['A.', 'B.']],
  );
  const other = at(30 * minute, 50_000, 'C.');
  assert.equal(lagCliff.renew!(next, other), other);
});
