import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PartitionHealth, partitionHealth } from '../../../src/model/partition-health.ts';
import { reportToJson } from '../../../src/model/report-json.ts';
import { whyNext } from '../../../src/model/why-next.ts';
import {
  makeBroker,
  makeFinding,
  makeReport,
  type PartitionFixture,
  type SeriesFixture,
} from '../../support/report-fixture.ts';

describe('a report as replay prints it', () => {
  const finding = makeFinding({ code: 'stalled', groupId: 'billing' });
  const report = makeReport({
    topics: [{ topic: 'orders', partitions: [{ produceRate: 10.1234567 }] }],
    groups: [
      {
        groupId: 'billing',
        outlook: 'keeps-up',
        rebalancesLastHour: 0,
        rebalancingSeconds: 0,
        rebalanceSource: 'generation',
        series: [
          {
            topic: 'orders',
            partition: 0,
            committedOffset: 1200,
            endOffset: 1234,
            lag: 34,
            lagSlopePerSecond: 0,
            consumeRate: 10,
            timeLagSeconds: 3.40049,
            retentionUsedRatio: 0.01,
            codes: {
              ownership: 'owned',
              lagTrend: 'steady',
              timeLagMethod: 'interpolated',
              outlook: 'keeps-up',
              whyTimeToDrain: 'insufficient-data',
            },
          },
        ],
      },
    ],
    brokers: [makeBroker({ brokerId: 1 })],
    findings: [finding],
  });

  it('has groups with their partitions, topics, brokers and findings', () => {
    const { groups, topics, brokers, findings, ...rest } = reportToJson(report);
    assert.deepEqual(rest, { atMs: report.atMs, cluster: 'c1' });
    const [
      { groupId, state, outlook, rebalancesLastHour, rebalanceSource, rebalancingSeconds, partitions } = {} as never,
    ] = groups;
    assert.deepEqual(
      { groupId, state, outlook, rebalancesLastHour, rebalanceSource, rebalancingSeconds },
      {
        groupId: 'billing',
        state: 'Stable',
        outlook: 'keeps-up',
        rebalancesLastHour: 0,
        rebalanceSource: 'generation',
        rebalancingSeconds: 0,
      },
    );
    assert.equal(partitions.length, 1);
    assert.deepEqual(partitions[0]?.unknown, {
      commitDelaySeconds: 'insufficient-data',
      timeToDrainSeconds: 'insufficient-data',
      logStartOffset: 'log-start-unread',
    });
    assert.deepEqual([partitions[0]?.timeLagSeconds, partitions[0]?.produceRate], [3.4, 10.123457]);
    assert.deepEqual([topics.length, brokers.length, findings], [1, 1, [finding]]);
  });

  it('leaves out rows that are free', () => {
    report.groups.alive[0] = 0;
    assert.deepEqual(reportToJson(report).groups, []);
    report.groups.alive[0] = 1;
  });

  it('survives JSON: what is not a number is null', () => {
    const empty = makeReport({
      topics: [{ topic: 't', partitions: [{}] }],
      groups: [{ groupId: 'g', series: [{ topic: 't', partition: 0 }] }],
    });
    for (const each of [report, empty]) {
      const json = reportToJson(each);
      assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
    }
  });
});

describe('a group of several series', () => {
  const topics = [
    { topic: 'orders', partitions: [{}, {}] },
    { topic: 'old', partitions: [{}] },
  ];
  const dropped = {
    topic: 'old',
    partition: 0,
    lag: 900,
    timeToLossEarliestSeconds: 1,
    timeToLossLatestSeconds: 2,
    codes: { ownership: 'dropped', outlook: 'losing', lossBy: 'size', lagTrend: 'insufficient-data' },
  };
  const groupOf = (series: readonly SeriesFixture[], timeToLossEarliestSeconds: number) => {
    const trends = [{ topic: 'orders', lagTrend: 'steady' } as const, { topic: 'old', lagTrend: 'rising' } as const];
    const groups = [{ groupId: 'billing', timeToLossEarliestSeconds, series, topics: trends }];
    return reportToJson(makeReport({ topics, groups, monotonicMs: 0 })).groups[0]!;
  };

  it('says nothing by a topic that it has dropped', () => {
    const owned = { topic: 'orders', partition: 0, lag: 0, codes: { ownership: 'owned', outlook: 'keeps-up' } };
    const group = groupOf([owned, { ...dropped, watchedSinceMs: 0, commitIntervalMs: 60_000 }], Number.NaN);
    const { timeToLossEarliestSeconds, timeToLossLatestSeconds, lossBy, lagTrend, worst, trendKnownInSeconds } = group;
    assert.deepEqual(
      { timeToLossEarliestSeconds, timeToLossLatestSeconds, lossBy, lagTrend, worst, trendKnownInSeconds },
      {
        ...{ timeToLossEarliestSeconds: null, timeToLossLatestSeconds: null, lossBy: null },
        ...{ lagTrend: 'steady', worst: { topic: 'orders', partition: 0 }, trendKnownInSeconds: null },
      },
    );
  });

  it('is told by all of them where nobody is meant to read any', () => {
    const { lossBy, lagTrend } = groupOf([dropped], 1);
    assert.deepEqual([lossBy, lagTrend], ['size', 'rising']);
  });

  it('has both bounds of a loss, and its cause, from the partition that loses first', () => {
    const drains = { timeToLossEarliestSeconds: 60, timeToLossLatestSeconds: 90 };
    const group = groupOf(
      [
        {
          ...{ topic: 'orders', partition: 0, ...drains },
          codes: { ownership: 'owned', outlook: 'drains-before-loss', lossBy: 'size' },
        },
        {
          ...{ topic: 'orders', partition: 1, timeToLossEarliestSeconds: 600, timeToLossLatestSeconds: 900 },
          codes: { ownership: 'owned', outlook: 'loses-first', lossBy: 'time' },
        },
      ],
      60,
    );
    const { timeToLossLatestSeconds, lossBy, worst } = group;
    assert.deepEqual([timeToLossLatestSeconds, lossBy, worst?.partition], [90, 'size', 1]);
  });
});

describe('the health of a partition', () => {
  const cases: { state: string; partition: PartitionFixture; min?: number; expected: (keyof PartitionHealth)[] }[] = [
    { state: 'all in sync', partition: { replicas: 3, inSyncReplicas: 3 }, min: 2, expected: [] },
    {
      state: 'one behind',
      partition: { replicas: 3, inSyncReplicas: 2 },
      min: 2,
      expected: ['underReplicated', 'atMinIsr'],
    },
    {
      state: 'two behind',
      partition: { replicas: 3, inSyncReplicas: 1 },
      min: 2,
      expected: ['underReplicated', 'underMinIsr'],
    },
    { state: 'as many as demanded for ever', partition: { replicas: 2, inSyncReplicas: 2 }, min: 2, expected: [] },
    {
      state: 'one being added',
      partition: { replicas: 4, inSyncReplicas: 3, addingReplicas: 1 },
      min: 2,
      expected: [],
    },
    {
      state: 'one being added, one behind',
      partition: { replicas: 4, inSyncReplicas: 2, addingReplicas: 1 },
      min: 1,
      expected: ['underReplicated'],
    },
    { state: 'config unread', partition: { replicas: 3, inSyncReplicas: 1 }, expected: ['underReplicated'] },
    { state: 'nothing read', partition: {}, min: 2, expected: [] },
    { state: 'no leader', partition: { offline: true }, expected: ['offline'] },
  ];
  for (const { state, partition, min, expected } of cases) {
    it(`with ${state} is ${expected.join(', ') || 'good'}`, () => {
      const config = min === undefined ? null : { minInSyncReplicas: min };
      const health = partitionHealth(makeReport({ topics: [{ topic: 't', config, partitions: [partition] }] }), 0);
      assert.deepEqual(
        Object.entries(health)
          .filter(([, holds]) => holds)
          .map(([name]) => name),
        expected,
      );
    });
  }
});

describe('what to look at next', () => {
  const series = { outlook: 'keeps-up', lossBy: null, ownership: 'owned', reason: null, stands: false } as const;

  it('is nothing where all is well', () => assert.equal(whyNext(series), null));

  for (const { title, given, says } of [
    { title: 'losing', given: { outlook: 'losing' }, says: /raise the retention now/ },
    { title: 'losing by size', given: { outlook: 'loses-first', lossBy: 'size' }, says: /raise retention\.bytes/ },
    {
      title: 'nobody reading',
      given: { outlook: 'loses-first', ownership: 'orphaned' },
      says: /start the consumer again/,
    },
    {
      title: 'one that stands',
      given: { outlook: 'loses-first', lossBy: 'time', stands: true },
      says: /look at the record at that offset/,
    },
    { title: 'no commit', given: { outlook: 'insufficient-data', reason: 'no-commit' }, says: /committed nothing/ },
    { title: 'nothing read yet', given: { outlook: null }, says: /too few samples yet/ },
    { title: 'a dropped topic', given: { ownership: 'dropped' }, says: /none subscribes to this topic/ },
  ] as const) {
    it(`is said for ${title}`, () => assert.match(whyNext({ ...series, ...given })!, says));
  }
});
