import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import { willLoseData } from '../../../../src/evaluators/rules/will-lose-data.ts';
import { makeReport } from '../../../support/report-fixture.ts';
import { groupRow, hour, minute, policy, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const day = 86_400;
/** Five days behind, seven days of retention, two left, not catching up. */
const losing = {
  outlook: 'loses-first',
  lossBy: 'time',
  timeLagSeconds: 5 * day,
  usualTimeLagSeconds: 60,
  timeToLossEarliestSeconds: 2 * day,
  timeToLossLatestSeconds: 3 * day,
  consumeRate: 5,
} as const;
const soon = { ...losing, timeToLossEarliestSeconds: 2 * 3600, timeToLossLatestSeconds: 3 * 3600 } as const;
/** A daily job, between two runs. */
const idle = { ...losing, consumeRate: 0, standingMs: 20 * hour } as const;

testRule(willLoseData, seriesRow, [
  ['it keeps up', {}, 'clear recovered'],
  ['the loss is two days away: a warning in working hours', losing, 'raise warning'],
  ['two hours away and not draining: somebody must act now', soon, 'raise critical'],
  [
    'it drains before even the earliest loss, whatever the outlook said a poll ago',
    { ...soon, outlook: 'drains-before-loss', timeToDrainSeconds: 60 },
    'clear recovered',
  ],
  ['it drains between the bounds: it may be in time', { ...soon, timeToDrainSeconds: 2.5 * 3600 }, 'raise warning'],
  ['it drains after the latest loss: too late for sure', { ...soon, timeToDrainSeconds: 4 * 3600 }, 'raise critical'],
  [
    'the owner wants to be woken only within an hour',
    { ...soon, policy: policy({ lossPageSeconds: 3600 }) },
    'raise warning',
  ],
  [
    'its time lag is within three times the usual: it always recovers',
    { ...losing, timeLagSeconds: 1.7 * day, usualTimeLagSeconds: day },
    'building clears',
  ],
  [
    'a usual time lag learned in bad times: a quarter of the retention is never usual',
    { ...losing, timeLagSeconds: 1.8 * day, usualTimeLagSeconds: day },
    'raise warning',
  ],
  ['no usual time lag is known: nothing speaks for it', { ...losing, usualTimeLagSeconds: null }, 'raise warning'],
  ['more than half of retention is left', { ...losing, timeToLossEarliestSeconds: 4 * day }, 'building'],
  ['two thirds of retention are left', { ...losing, timeToLossEarliestSeconds: 5 * day }, 'building clears'],
  [
    'half of the time to fill is what counts by size',
    { ...losing, lossBy: 'size', timeToFillSeconds: 5 * day },
    'raise warning',
  ],
  [
    'by size, more than half of it is left',
    { ...losing, lossBy: 'size', timeToFillSeconds: 3 * day },
    'building clears',
  ],
  [
    'retention is unread: no loss is too far',
    { ...losing, retentionMs: null, timeToLossEarliestSeconds: 6 * day },
    'raise warning',
  ],
  ['expectIdle allows it to stand', { ...idle, policy: policy({ expectIdle: '26h' }) }, 'clear recovered'],
  ['it stands for longer than expectIdle', { ...idle, policy: policy({ expectIdle: '12h' }) }, 'raise warning'],
  [
    'its learned rhythm allows it to stand',
    { ...idle, group: groupRow({ usualStopMs: 23 * hour }) },
    'clear recovered',
  ],
  [
    'expectIdle does not hold back a loss within lossPageSeconds',
    { ...soon, consumeRate: 0, standingMs: 20 * hour, policy: policy({ expectIdle: '26h' }) },
    'raise critical',
  ],
  [
    'expectIdle is for groups that stand, not for slow ones',
    { ...losing, standingMs: minute, policy: policy({ expectIdle: '26h' }) },
    'raise warning',
  ],
  ['an assign() consumer loses like any other', { ...soon, ownership: 'manual' }, 'raise critical'],
  ['its owner is gone: judged as if owned', { ...soon, ownership: 'orphaned' }, 'raise critical'],
  ['subscribed, but nobody was given the partition', { ...soon, ownership: 'unassigned' }, 'raise critical'],
  [
    'left before tidemark came, or just now? nobody knows in the first hour',
    { ...soon, ownership: 'orphaned', everMoved: false, everActive: false, watchedMs: 59 * minute },
    'raise info',
  ],
  [
    'a member had it and never committed a thing: its reader was lost while tidemark watched',
    { ...soon, ownership: 'orphaned', everMoved: false, watchedMs: 59 * minute },
    'raise critical',
  ],
  [
    'it was seen reading: a lost reader, not an old group',
    { ...soon, ownership: 'orphaned', watchedMs: 5 * minute },
    'raise critical',
  ],
  ['nobody reads it any more', { ...soon, ownership: 'abandoned' }, 'clear superseded'],
  ['the topic was unsubscribed', { ...soon, ownership: 'dropped' }, 'clear unsubscribed'],
  ['records are lost already: lost-data says so', { ...soon, outlook: 'losing' }, 'clear superseded'],
  [
    'membership was never read',
    { ...soon, ownership: null, whyOwnership: 'membership-unread' },
    'unknown membership-unread',
  ],
  ['the window is not filled yet', { outlook: 'insufficient-data' }, 'unknown insufficient-data'],
  [
    'the commits are old: numbers of old rows decide nothing',
    { ...soon, staleCollector: 'committed-offsets' },
    'unknown stale',
  ],
]);

test('will-lose-data: says when, by what, and why it will not be in time', () => {
  const { evidence } = raisedBy(willLoseData, seriesRow(soon));
  const subject = { groupId: 'billing', topic: 'orders', partition: 0 };
  assert.equal(
    willLoseData.summary(evidence as never, subject),
    'billing loses unread records of orders p0 in 2 h at the earliest, 3 h at the latest (by time), 5 d behind: it is not catching up',
  );
});

test('will-lose-data: bounds that read alike are said once', () => {
  const bounds = { timeToLossEarliestSeconds: 119.6, timeToLossLatestSeconds: 120.4 };
  const { evidence } = raisedBy(willLoseData, seriesRow({ ...soon, ...bounds }));
  const subject = { groupId: 'billing', topic: 'orders', partition: 0 };
  assert.match(willLoseData.summary(evidence as never, subject), /orders p0 in 2 min \(by time\)/);
});

test('will-lose-data: follows a loss only where it is near, or soon will be: else every record that nobody reads would cost memory', () => {
  const thresholds = defaultFindingSettings()['will-lose-data'];
  const isSuspect = (timeToLossEarliestSeconds: number, lossBy: string, retentionMs: number) => {
    const tables = makeReport({
      topics: [{ topic: 'orders', config: { retentionMs }, partitions: [{}] }],
      groups: [
        {
          groupId: 'billing',
          series: [
            { topic: 'orders', partition: 0, timeToLossEarliestSeconds, codes: { outlook: 'loses-first', lossBy } },
          ],
        },
      ],
    });
    return willLoseData.suspect?.(tables, 0, 0, thresholds);
  };
  assert.equal(isSuspect(6 * day, 'time', 7 * day * 1000), false);
  assert.equal(isSuspect(4 * day, 'time', 7 * day * 1000), true);
  assert.equal(isSuspect(6 * day, 'size', 7 * day * 1000), true);
  assert.equal(isSuspect(6 * day, 'time', -1), true);
  assert.equal(isSuspect(9 * 60, 'time', 10 * 60_000), true, 'a short retention: the streak must begin before');
});
