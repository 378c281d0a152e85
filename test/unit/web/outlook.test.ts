import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupSummary } from '../../../src/model/wire.ts';
import { groupCells } from '../../../web/model/group-cells.ts';
import { groupSummary } from '../../support/page-fixture-rows.ts';

function cells(over: Partial<GroupSummary>) {
  return groupCells(groupSummary('g', over));
}

test('a filling window says when the trend is known, in every cell that waits for it', () => {
  const waiting = cells({
    outlook: 'insufficient-data',
    timeToDrainSeconds: null,
    trendKnownInSeconds: 270,
    unknown: { timeToDrainSeconds: 'insufficient-data', timeToLossEarliestSeconds: 'insufficient-data' },
  });
  assert.equal(waiting.outlook.text, 'trend known in 4 min 30 s');
  assert.equal(waiting.tone, 'unknown');
  assert.equal(waiting.drain.title, 'Time to drain is not known: trend known in 4 min 30 s.');
  assert.equal(waiting.loss.title, 'Time to loss is not known: trend known in 4 min 30 s.');
});

test('a null that does not apply is another thing than an unknown', () => {
  assert.equal(cells({ timeToLossEarliestSeconds: null }).loss.text, 'no loss');
  assert.equal(
    cells({ timeToLossEarliestSeconds: null, unknown: { timeToLossEarliestSeconds: 'retention-unread' } }).loss.text,
    'not known',
  );
});

test('no outlook: not read yet, or nobody is meant to read it', () => {
  assert.equal(cells({ outlook: null, readAtMs: null }).outlook.text, 'not read yet');
  assert.equal(cells({ outlook: null }).outlook.text, 'nobody reads it');
});

const drains: [name: string, over: Partial<GroupSummary>, text: string][] = [
  ['caught up', { timeToDrainSeconds: 0 }, 'caught up'],
  ['draining', { timeToDrainSeconds: 720 }, '12 min'],
  ['steady lag is healthy', { timeToDrainSeconds: null, lagTrend: 'steady' }, 'steady'],
  ['nothing at risk, and not draining', { timeToDrainSeconds: null, lagTrend: 'rising' }, 'not draining'],
  ['loses first', { timeToDrainSeconds: null, lagTrend: 'rising', outlook: 'loses-first' }, 'never'],
];
for (const [name, over, text] of drains) test(`drain: ${name}`, () => assert.equal(cells(over).drain.text, text));

const tones: [name: string, over: Partial<GroupSummary>, tone: string][] = [
  ['keeps up', {}, 'good'],
  ['loses now', { outlook: 'losing' }, 'bad'],
  ['bad outlook, not confirmed', { outlook: 'loses-first' }, 'warn'],
  ['late against its SLO', { maxTimeLagSeconds: 61, sloLagSeconds: 60 }, 'warn'],
  ['old', { age: 'stale' }, 'unknown'],
  ['never read', { outlook: null }, 'unknown'],
];
for (const [name, over, tone] of tones) test(`tone: ${name}`, () => assert.equal(cells(over).tone, tone));

test('rebalances name how they were counted', () => {
  const { text, title } = cells({
    rebalancesLastHour: 11,
    rebalancingSecondsLastHour: 200,
    rebalanceSource: 'observed',
  }).rebalances;
  assert.equal(text, '11 · 3 min 20 s');
  assert.match(title, /a lower bound/);
});

test('time lag is measured against the SLO; an unknown one is not within it', () => {
  const { usedRatio, over, title } = cells({ maxTimeLagSeconds: 240, sloLagSeconds: 120 }).slo!;
  assert.deepEqual([usedRatio, over, title], [1, true, 'over the SLO of 2 min']);
  const unknown = cells({ maxTimeLagSeconds: null, sloLagSeconds: 120, unknown: { maxTimeLagSeconds: 'stale' } }).slo!;
  assert.deepEqual(
    [unknown.usedRatio, unknown.over, unknown.title],
    [null, false, 'time lag not known, against the SLO of 2 min'],
  );
  assert.equal(cells({ sloLagSeconds: null }).slo, null);
});

test('stale data is too old to judge, whatever the row says', () => {
  assert.equal(cells({ age: 'stale', outlook: 'keeps-up' }).outlook.text, 'too old to judge');
});

test('a loss a week away is said without alarm; near, or with half of the retention used, it is bad', () => {
  const week = { outlook: 'loses-first', timeToLossEarliestSeconds: 604_800 } as const;
  assert.equal(cells({ ...week, retentionUsedRatio: 0.01 }).loss.tone, 'plain');
  assert.equal(cells({ ...week, retentionUsedRatio: 0.6 }).loss.tone, 'bad');
  assert.equal(cells({ ...week, timeToLossEarliestSeconds: 600, retentionUsedRatio: 0.01 }).loss.tone, 'bad');
});
