import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesRow } from '../../../../src/evaluators/rows/row-types.ts';
import { hotPartition } from '../../../../src/evaluators/rules/hot-partition.ts';
import { groupRow, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const falling = {
  ...{ timeLagSeconds: 300, commitDelaySeconds: 300, commitDelayGrowth: 0.5, usualTimeLagSeconds: 2 },
  consumeRate: 300,
  lagTrend: 'rising',
} as const;

/** Five times as much is produced to it, and unread of it, as on its siblings; the group is a minute late there, and no later than that. */
function hot(over: Partial<SeriesRow>): SeriesRow {
  const siblings = () => ({ partitions: 4, produceRate: 200, lag: 1000 });
  return seriesRow({ partition: 2, produceRate: 1000, lag: 5000, commitDelaySeconds: 60, siblings, ...over });
}

/** The same within its group, whose other partitions are as said. */
function among(siblings: Partial<SeriesRow>): SeriesRow {
  const series = [0, 1, 2, 3].map((partition) => seriesRow({ partition, ...(partition === 2 ? falling : siblings) }));
  return hot({ ...falling, group: groupRow({ delays: series }) });
}

testRule(hotPartition, hot, [
  ['rate and lag of five siblings', {}, 'raise info'],
  ['not quite the rate', { produceRate: 999 }, 'clear recovered'],
  ['not quite the lag', { lag: 4999 }, 'clear recovered'],
  [
    'siblings that get nothing, and have nothing unread',
    { siblings: () => ({ partitions: 4, produceRate: 0, lag: 0 }) },
    'raise info',
  ],
  ['a hundred records', { lag: 100, siblings: () => ({ partitions: 4, produceRate: 200, lag: 3 }) }, 'raise info'],
  [
    'less than that is a batch',
    { lag: 99, siblings: () => ({ partitions: 4, produceRate: 200, lag: 3 }) },
    'clear recovered',
  ],
  [
    'one record a second',
    { produceRate: 1, siblings: () => ({ partitions: 4, produceRate: 0.1, lag: 3 }) },
    'raise info',
  ],
  [
    'rare records fall where they fall',
    { produceRate: 0.9, siblings: () => ({ partitions: 4, produceRate: 0.1, lag: 3 }) },
    'clear recovered',
  ],
  ['it is read in time: five times as much waits between two commits', { commitDelaySeconds: 59.9 }, 'clear recovered'],
  ['no commit was seen yet', { commitDelaySeconds: null }, 'unknown insufficient-data'],
  ['it has no siblings', { siblings: () => ({ partitions: 1, produceRate: 200, lag: 1000 }) }, 'clear recovered'],
  ['unsubscribed', { ownership: 'dropped' }, 'clear unsubscribed'],
  ['nobody is meant to read it', { ownership: 'abandoned' }, 'clear recovered'],
  ['its rate is not known', { produceRate: null }, 'unknown produce-rate-unknown'],
  [
    'the rates of its siblings are not known',
    { siblings: () => ({ partitions: 4, produceRate: null, lag: 1000 }) },
    'unknown produce-rate-unknown',
  ],
  ['its lag is not known', { lag: null }, 'unknown lag-unknown'],
  ['it cannot be read', { staleCollector: 'end-offsets' }, 'unknown stale'],
]);
testRule(hotPartition, among, [
  ['the group falls behind there, and keeps up elsewhere', {}, 'raise warning'],
  ['the whole group is slow: the hot one only shows it first', falling, 'raise info'],
]);

test('hot-partition: says how much more it gets, and whose lag it makes', () => {
  const { evidence } = raisedBy(hotPartition, among({}));
  const subject = { groupId: 'billing', topic: 'orders', partition: 2 };
  assert.equal(
    hotPartition.summary(evidence as never, subject),
    'orders p2 gets 1,000/s where its siblings get 200/s; 5,000 records of it are unread by billing, 1,000 records of a sibling: it makes the group lag',
  );
});
