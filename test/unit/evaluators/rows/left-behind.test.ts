import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftBehind } from '../../../../src/evaluators/rows/left-behind.ts';
import { makeReport, type SeriesFixture } from '../../../support/report-fixture.ts';

/** What one group has on four partitions of a topic, with what a test says of each. */
function leftOf(series: readonly Partial<SeriesFixture>[]) {
  const partitions = series.map(() => ({}));
  const report = makeReport({
    topics: [{ topic: 'orders', partitions }],
    groups: [
      {
        groupId: 'billing',
        series: series.map((one, partition) => ({
          ...{ topic: 'orders', partition, committedOffset: 5, lag: 10, timeLagSeconds: 60 },
          ...one,
          codes: wordsOf({ ownership: 'abandoned', age: 'current', timeLagMethod: 'interpolated', ...one.codes }),
        })),
      },
    ],
  });
  return leftBehind(report, report.groups.seriesRows[0]!, 'abandoned');
}

/** Without what is not known. */
function wordsOf(codes: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(codes).filter(([, word]) => word !== ''));
}

test('left behind: sums, the oldest, and the soonest loss', () => {
  const left = leftOf([
    { lag: 10, timeLagSeconds: 60, timeToLossEarliestSeconds: 500, timeToLossLatestSeconds: 600, lastProgressMs: 7 },
    { lag: 30, timeLagSeconds: 90, timeToLossEarliestSeconds: 400, timeToLossLatestSeconds: 900, lastProgressMs: 9 },
    { lag: 0, timeLagSeconds: 0 },
  ]);
  assert.deepEqual(left, {
    ...{ partitions: 3, allPartitions: 3, unknownPartitions: 0, unreadRecords: 40, unreadPartitions: 2 },
    ...{ oldestUnreadSeconds: 90, timeToLossEarliestSeconds: 400, timeToLossLatestSeconds: 900, lastProgressMs: 9 },
    ...{ staleCollector: null, worst: { topic: 'orders', partition: 1, lag: 30, timeLagSeconds: 90 } },
  });
});

const cases: readonly (readonly [because: string, one: Partial<SeriesFixture>, counts: readonly number[]])[] = [
  ['somebody reads it', { codes: { ownership: 'owned' } }, [1, 0, 10]],
  ['nobody knows whether somebody reads it', { codes: { ownership: '' } }, [1, 1, 10]],
  ['only markers are left, which nobody can read', { codes: { timeLagMethod: 'residue' } }, [2, 0, 10]],
  ['its lag is not known', { lag: Number.NaN }, [2, 0, 10]],
  ['its time lag is not known', { timeLagSeconds: Number.NaN }, [2, 0, 20]],
];
for (const [because, one, expected] of cases) {
  test(`left behind: of one partition ${because}`, () => {
    const left = leftOf([{}, one]);
    assert.deepEqual([left.partitions, left.unknownPartitions, left.unreadRecords], expected);
  });
}

test('left behind: what is stale does not count, and says who is to be asked', () => {
  const stale = { codes: { age: 'stale' }, committedReadAtMs: 1 };
  const left = leftOf([stale]);
  assert.deepEqual([left.unreadRecords, left.staleCollector], [0, 'end-offsets']);
});
