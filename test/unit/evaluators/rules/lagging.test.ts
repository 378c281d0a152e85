import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupReading, SeriesRow } from '../../../../src/evaluators/rows/row-types.ts';
import { lagging } from '../../../../src/evaluators/rules/lagging.ts';
import type { Facet } from '../../../../src/model/snapshot.ts';
import { groupRow, reading, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** Five minutes late, usually two seconds, and 30 s later with each minute. */
const falling = {
  lag: 6000,
  timeLagSeconds: 304,
  commitDelaySeconds: 300,
  commitDelayGrowth: 0.5,
  usualTimeLagSeconds: 2,
  consumeRate: 10,
  produceRate: 20,
  lagTrend: 'rising',
} as const;

interface Over {
  /** Of the one partition that is not well; a second one is. */
  one?: Partial<SeriesRow>;
  staleCollector?: Facet;
  reading?: Partial<GroupReading>;
}

function group({ one = {}, staleCollector, reading: read = {} }: Over) {
  const series = [seriesRow({ ...falling, partition: 7, ...one }), seriesRow()];
  return groupRow({ delays: series, reading: reading(read), ...(staleCollector !== undefined && { staleCollector }) });
}

testRule(lagging, group, [
  ['later than usual and ever later', {}, 'raise warning'],
  ['a partition that assigns itself', { one: { ownership: 'manual' } }, 'raise warning'],
  ['a delay of a minute', { one: { commitDelaySeconds: 60 } }, 'raise warning'],
  ['a little less than a minute: batches', { one: { commitDelaySeconds: 59.9 } }, 'clear recovered'],
  ['3 s a minute', { one: { commitDelayGrowth: 0.05 } }, 'raise warning'],
  [
    'it grows no more, but is far from usual: it goes on where it has begun',
    { one: { commitDelayGrowth: 0.049 } },
    'building',
  ],
  ['all that comes is read, only less comes', { one: { lagTrend: 'steady' } }, 'building'],
  ['its lag even falls', { one: { lagTrend: 'falling' } }, 'building'],
  ['so few records that a trend would not show', { one: { lagTrend: 'steady', lag: 99 } }, 'raise warning'],
  ['just enough for a trend', { one: { lagTrend: 'steady', lag: 100 } }, 'building'],
  ['whether its lag rises is not known', { one: { lagTrend: 'insufficient-data' } }, 'raise warning'],
  ['whether it grows is not known yet: the streak begins', { one: { commitDelayGrowth: null } }, 'building'],
  ['twice as late as usual', { one: { usualTimeLagSeconds: 150 } }, 'raise warning'],
  ['not yet twice as late as usual, and growing', { one: { usualTimeLagSeconds: 151 } }, 'building'],
  ['a plateau that is becoming usual', { one: { usualTimeLagSeconds: 299, commitDelayGrowth: 0 } }, 'building clears'],
  ['steady lag, however high', { one: { usualTimeLagSeconds: 301, commitDelayGrowth: 0 } }, 'clear recovered'],
  ['nothing usual is known: nothing speaks for it', { one: { usualTimeLagSeconds: null } }, 'raise warning'],
  ['it drains: reading from the beginning, or the way back', { one: { timeToDrainSeconds: 900 } }, 'clear recovered'],
  ['all is read by now', { one: { lag: 0, timeLagSeconds: 0 } }, 'clear recovered'],
  ['it stands: another finding says so', { one: { consumeRate: 0 } }, 'unknown not-read-at-present'],
  ['its reader is gone', { one: { ownership: 'orphaned' } }, 'unknown not-read-at-present'],
  ['nobody knows who reads', { one: { ownership: null } }, 'unknown not-read-at-present'],
  ['a job that is away, with little unread', { one: { ownership: 'orphaned', timeLagSeconds: 30 } }, 'clear recovered'],
  ['nobody is meant to read it', { one: { ownership: 'abandoned' } }, 'clear recovered'],
  ['unsubscribed', { one: { ownership: 'dropped' } }, 'clear recovered'],
  ['markers', { one: { timeLagMethod: 'residue' } }, 'clear recovered'],
  ['no commit was seen yet', { one: { commitDelaySeconds: null } }, 'unknown insufficient-data'],
  [
    'how far it is behind is not known',
    { one: { timeLagSeconds: null, commitDelaySeconds: null } },
    'unknown insufficient-data',
  ],
  ['never committed: no lag, no word', { one: { timeLagSeconds: null, lag: null } }, 'clear recovered'],
  ['the group was not read', { staleCollector: 'committed-offsets' }, 'unknown stale'],
  [
    'the one that fell behind cannot be read',
    { one: { staleCollector: 'end-offsets' }, reading: { staleCollector: 'end-offsets' } },
    'unknown stale',
  ],
]);

test('lagging: names the worst partition first, and says how slow it is', () => {
  const series = [
    seriesRow({ ...falling, partition: 3, commitDelaySeconds: 90 }),
    seriesRow({ ...falling, partition: 7, commitDelaySeconds: 840, consumeRate: 41.24, produceRate: 1840 }),
    seriesRow(),
  ];
  const { evidence } = raisedBy(lagging, groupRow({ delays: series }));
  assert.deepEqual(
    [evidence.fallingPartitions, evidence.partitions, (evidence.others as { partition: number }[])[0]?.partition],
    [2, 3, 3],
  );
  assert.equal(
    lagging.summary(evidence as never, { groupId: 'billing' }),
    'billing falls behind on 2 of 3 partitions, orders p7 is 14 min late (usually 2 s) and ever later: it reads 41.2/s of 1,840/s',
  );
});
