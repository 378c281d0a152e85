import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesRow } from '../../../../src/evaluators/rows/row-types.ts';
import { commitDelayRising } from '../../../../src/evaluators/rules/commit-delay-rising.ts';
import { groupRow, reading, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** 45 s old at the commit, usually 20, and growing; so few records that their lag shows nothing. */
const rising = { lag: 4, commitDelaySeconds: 45, commitDelayGrowth: 0.1, usualTimeLagSeconds: 20 } as const;

function group(one: Partial<SeriesRow>) {
  const staleCollector = one.staleCollector ?? null;
  return groupRow({ delays: [seriesRow({ ...rising, ...one }), seriesRow()], reading: reading({ staleCollector }) });
}

testRule(commitDelayRising, group, [
  ['the delay grows, the lag does not', {}, 'raise info'],
  ['the lag even falls', { lagTrend: 'falling' }, 'raise info'],
  ['the lag rises too: that is lagging', { lagTrend: 'rising' }, 'unknown lagging-decides'],
  ['whether the lag rises is not known', { lagTrend: 'insufficient-data' }, 'unknown lagging-decides'],
  ['half a minute', { commitDelaySeconds: 30 }, 'raise info'],
  ['less than two polls', { commitDelaySeconds: 29.9 }, 'clear recovered'],
  ['just below a minute', { commitDelaySeconds: 59.9 }, 'raise info'],
  ['a minute, and too few records to see their lag rise', { commitDelaySeconds: 60 }, 'unknown lagging-decides'],
  ['a minute, and a lag that would show', { commitDelaySeconds: 60, lag: 100, usualTimeLagSeconds: 31 }, 'raise info'],
  ['far later than usual', { commitDelaySeconds: 60, lag: 100, usualTimeLagSeconds: 30 }, 'unknown lagging-decides'],
  ['nothing is known to be usual', { usualTimeLagSeconds: null }, 'unknown lagging-decides'],
  ['a lag that would nearly show', { commitDelaySeconds: 60, lag: 99 }, 'unknown lagging-decides'],
  [
    'it would be twice as late within half an hour',
    { commitDelaySeconds: 180, lag: 100, usualTimeLagSeconds: 150 },
    'raise info',
  ],
  [
    'not within half an hour, though near: what is open stays open',
    { commitDelaySeconds: 181, lag: 100, usualTimeLagSeconds: 150 },
    'building',
  ],
  ['within 45 minutes', { commitDelaySeconds: 270, lag: 100, usualTimeLagSeconds: 250 }, 'building'],
  ['not within 45 minutes', { commitDelaySeconds: 271, lag: 100, usualTimeLagSeconds: 250 }, 'clear recovered'],
  ['no commit was seen yet', { commitDelaySeconds: null }, 'clear recovered'],
  ['3 s a minute', { commitDelayGrowth: 0.05 }, 'raise info'],
  ['slower', { commitDelayGrowth: 0.049 }, 'clear recovered'],
  ['nine tenths of a second each second', { commitDelayGrowth: 0.9 }, 'raise info'],
  ['a second each second: it reads what came at one moment', { commitDelayGrowth: 0.91 }, 'clear recovered'],
  ['whether it grows is not known', { commitDelayGrowth: null }, 'clear recovered'],
  ['it is draining', { timeToDrainSeconds: 60 }, 'clear recovered'],
  ['it stands', { consumeRate: 0 }, 'clear recovered'],
  ['nobody reads it', { ownership: 'orphaned' }, 'clear recovered'],
  ['it cannot be read', { staleCollector: 'end-offsets' }, 'unknown stale'],
]);

test('commit-delay-rising: says how old records are by now, and that lag does not show it', () => {
  const { evidence } = raisedBy(commitDelayRising, group({}));
  assert.equal(
    commitDelayRising.summary(evidence as never, { groupId: 'billing' }),
    'billing commits ever later, though lag does not rise: records of orders p0 are 45 s old by then (usually 20 s), lag 4',
  );
});
