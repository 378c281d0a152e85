import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HttpFixture } from '../../support/http-fixture.ts';
import { type GroupFixture, makeFinding, makeReport } from '../../support/report-fixture.ts';

const topics = [
  { topic: 'orders', partitions: [{ logStartOffset: 5, produceRate: 10.1 }, { logStartOffset: 7 }] },
  { topic: 'Audit.log', partitions: [{}] },
];

const groups: readonly GroupFixture[] = [
  { groupId: 'healthy', outlook: 'keeps-up', lag: 0, maxTimeLagSeconds: 0, members: 2 },
  { groupId: 'far-behind', outlook: 'drains-before-loss', lag: 90_000, maxTimeLagSeconds: 900, members: 1 },
  { groupId: 'loses-late', outlook: 'loses-first', lag: 50, timeToLossEarliestSeconds: 9000, members: 9 },
  {
    groupId: 'loses-soon',
    outlook: 'loses-first',
    lag: 40,
    timeToLossEarliestSeconds: 60,
    policy: { team: 'Money', tier: '1', sloLagSeconds: 30 },
    series: [{ topic: 'Audit.log', partition: 0 }],
    topics: [{ topic: 'Audit.log', lagTrend: 'rising' }],
  },
  { groupId: 'losing', outlook: 'losing', lag: 30, topics: [{ topic: 'orders' }] },
  { groupId: 'fresh', outlook: 'insufficient-data' },
  { groupId: 'warned', outlook: 'keeps-up', lag: 0 },
  { groupId: 'console-consumer-1', outlook: 'losing', policy: { mute: ['all'] } },
];
const findings = [makeFinding({ code: 'rebalance-storm', groupId: 'warned', evidence: { rebalances: 9 } })];

describe('GET /api/v1/groups', () => {
  let http: HttpFixture;
  before(async () => {
    http = await HttpFixture.start([makeReport({ topics, groups, findings })]);
  });
  after(() => http[Symbol.asyncDispose]());

  const names = async (query: string): Promise<string[]> => {
    const { status, json } = await http.get(`/api/v1/groups?${query}`);
    assert.equal(status, 200, JSON.stringify(json));
    return json.groups.map(({ groupId }: { groupId: string }) => groupId);
  };

  it('comes by deadline: losing, then whoever loses first, then findings, then lag; the muted last', async () => {
    assert.deepEqual(await names(''), [
      'losing',
      'loses-soon',
      'loses-late',
      'warned',
      'fresh',
      'far-behind',
      'healthy',
      'console-consumer-1',
    ]);
  });

  it('comes in the other order where that is asked', async () => {
    assert.deepEqual((await names('sort=risk&order=asc')).at(-1), 'losing');
  });

  const orders = [
    { query: 'sort=name', first: ['console-consumer-1', 'far-behind', 'fresh'] },
    { query: 'sort=name&order=desc', first: ['warned', 'losing', 'loses-soon'] },
    { query: 'sort=lag', first: ['far-behind', 'loses-late', 'loses-soon'] },
    { query: 'sort=lag&order=asc', first: ['healthy', 'warned', 'losing'] },
    { query: 'sort=timeLag', first: ['far-behind', 'healthy', 'console-consumer-1'] },
    { query: 'sort=loss', first: ['loses-soon', 'loses-late', 'console-consumer-1'] },
    { query: 'sort=members', first: ['loses-late', 'healthy', 'far-behind'] },
  ];
  for (const { query, first } of orders) {
    it(`sorts by ${query}, what is unknown last`, async () =>
      assert.deepEqual((await names(query)).slice(0, 3), first));
  }

  const filters = [
    { query: 'filter=LOSES', found: ['loses-soon', 'loses-late'] },
    { query: 'filter=money', found: ['loses-soon'] },
    { query: 'filter=audit', found: ['loses-soon'] },
    { query: 'filter=orders', found: ['losing'] },
    { query: 'filter=.', found: ['loses-soon'] },
    { query: 'filter=nothing', found: [] },
    { query: 'outlook=loses-first', found: ['loses-soon', 'loses-late'] },
    { query: 'outlook=loses-first&filter=late', found: ['loses-late'] },
    { query: 'topic=orders', found: ['losing'] },
    { query: 'topic=order', found: [] },
    { query: 'finding=rebalance-storm', found: ['warned'] },
    { query: 'finding=stalled', found: [] },
    { query: 'cluster=c1&topic=Audit.log', found: ['loses-soon'] },
  ];
  for (const { query, found } of filters) {
    it(`finds by ${query}`, async () => assert.deepEqual(await names(query), found));
  }

  it('comes in pages, with the number of all that were found', async () => {
    const { json } = await http.get('/api/v1/groups?sort=name&limit=2&offset=3');
    assert.equal(json.total, groups.length);
    assert.deepEqual(
      json.groups.map(({ groupId }: { groupId: string }) => groupId),
      ['healthy', 'loses-late'],
    );
    assert.deepEqual(await names('offset=1000'), []);
  });

  it('says who owns a group, what it promises, and where it is worst', async () => {
    const { json } = await http.get('/api/v1/groups?filter=loses-soon');
    const [{ team, tier, sloLagSeconds, lagTrend, timeToLossEarliestSeconds, muted }] = json.groups;
    assert.deepEqual(
      { team, tier, sloLagSeconds, lagTrend, timeToLossEarliestSeconds, muted },
      { team: 'Money', tier: '1', sloLagSeconds: 30, lagTrend: 'rising', timeToLossEarliestSeconds: 60, muted: false },
    );
  });

  it('carries findings without their evidence', async () => {
    const { json } = await http.get('/api/v1/groups?filter=warned');
    const { evidence, cluster, raisedAtMs, groupId, ...short } = findings[0]!;
    assert.deepEqual(json.groups[0].findings, [short]);
  });

  it('carries the twenty worst findings of a group, and the number of all', async () => {
    const many = Array.from({ length: 25 }, (_, partition) =>
      makeFinding({ code: 'lost-data', groupId: 'g', partition }),
    );
    await using own = await HttpFixture.start([makeReport({ groups: [{ groupId: 'g' }], findings: many })]);
    const [group] = (await own.get('/api/v1/groups')).json.groups;
    assert.equal(group.openFindings, 25);
    assert.deepEqual(
      group.findings.map(({ partition }: { partition: number }) => partition),
      Array.from({ length: 20 }, (_, partition) => partition),
    );
    assert.equal((await own.get('/api/v1/groups/g')).json.findings.length, 25);
  });

  it('carries an hour of lag where that is asked; a gap is null', async () => {
    http.history.answer = [
      [1, 5],
      [2, Number.NaN],
    ];
    const { json } = await http.get('/api/v1/groups?filter=warned&sparkline=true');
    assert.deepEqual(json.groups[0].sparkline, [
      [1, 5],
      [2, null],
    ]);
    const { key, field, fromMs, toMs, atMost } = http.history.asked.at(-1)!;
    assert.deepEqual(key, { cluster: 'c1', groupId: 'warned' });
    assert.deepEqual([field, toMs - fromMs, toMs, atMost], ['lag', 3_600_000, http.nowMs, 60]);
    assert.equal('sparkline' in (await http.get('/api/v1/groups?filter=warned')).json.groups[0], false);
  });
});

describe('GET /api/v1/groups/:groupId', () => {
  const member = {
    memberId: 'm1',
    groupInstanceId: null,
    clientId: 'app',
    clientHost: '/10.0.0.1',
    generationId: 3,
    subscribedTopics: ['orders'],
    assignment: [{ topic: 'orders', partitions: [0, 1] }],
  };
  const group: GroupFixture = {
    groupId: 'a/b c',
    outlook: 'loses-first',
    memberList: [member],
    members: 1,
    series: [
      {
        topic: 'orders',
        partition: 0,
        memberIndex: 0,
        committedOffset: 1200,
        endOffset: 1234,
        lag: 34,
        lagSlopePerSecond: 0,
        consumeRate: 10,
        timeLagSeconds: 3.4,
        commitDelaySeconds: 1.2,
        timeToLossEarliestSeconds: 50,
        timeToLossLatestSeconds: 70,
        retentionUsedRatio: 0.01,
        commitIntervalMs: 5000,
        lastProgressMs: 1_699_999_999_000,
        codes: {
          ownership: 'owned',
          lagTrend: 'steady',
          timeLagMethod: 'interpolated',
          outlook: 'loses-first',
          lossBy: 'time',
          whyTimeToDrain: 'insufficient-data',
        },
      },
      { topic: 'orders', partition: 1, codes: { whyLag: 'no-commit', outlook: 'insufficient-data' } },
    ],
  };
  const finding = makeFinding({ code: 'stalled', groupId: 'a/b c', evidence: { lag: 34 } });

  it('has each partition with both clocks, its member, what is unknown and why, and what to look at next', async () => {
    await using http = await HttpFixture.start([makeReport({ topics, groups: [group], findings: [finding] })]);
    const { status, json } = await http.get('/api/v1/groups/a%2Fb%20c');
    assert.equal(status, 200);
    assert.equal(json.partitions, 2);
    const [first, second] = json.series;
    assert.match(first.whyNext, /retention\.ms deletes unread records/);
    assert.deepEqual(first, {
      topic: 'orders',
      partition: 0,
      ownership: 'owned',
      committedOffset: 1200,
      endOffset: 1234,
      logStartOffset: 5,
      lag: 34,
      lagTrend: 'steady',
      lagSlopePerSecond: 0,
      produceRate: 10.1,
      consumeRate: 10,
      timeLagSeconds: 3.4,
      timeLagMethod: 'interpolated',
      commitDelaySeconds: 1.2,
      timeToDrainSeconds: null,
      timeToLossEarliestSeconds: 50,
      timeToLossLatestSeconds: 70,
      lossBy: 'time',
      retentionUsedRatio: 0.01,
      outlook: 'loses-first',
      age: 'current',
      memberId: 'm1',
      clientId: 'app',
      clientHost: '/10.0.0.1',
      commitIntervalSeconds: 5,
      lastProgressMs: 1_699_999_999_000,
      whyNext: first.whyNext,
      unknown: { timeToDrainSeconds: 'insufficient-data' },
    });
    assert.deepEqual(second.unknown, {
      commitDelaySeconds: 'no-commit',
      committedOffset: 'no-commit',
      endOffset: 'end-offset-unread',
      lag: 'no-commit',
      produceRate: 'insufficient-data',
    });
    assert.match(second.whyNext, /committed nothing/);
  });

  it('has its worst partition, its members and its findings with evidence', async () => {
    await using http = await HttpFixture.start([makeReport({ topics, groups: [group], findings: [finding] })]);
    const { json } = await http.get('/api/v1/groups/a%2Fb%20c?cluster=c1');
    assert.deepEqual(json.worst, { topic: 'orders', partition: 0 });
    assert.equal(json.timeToLossLatestSeconds, 70);
    assert.equal(json.lossBy, 'time');
    assert.deepEqual(json.findings, [finding]);
    const { generationId, subscribedTopics, ...shown } = member;
    assert.deepEqual(json.memberList, [{ ...shown, partitions: 2 }]);
  });

  describe('is worst where', () => {
    const first = { topic: 'orders', partition: 0 } as const;
    const second = { topic: 'orders', partition: 1 } as const;
    const keepsUp = { outlook: 'keeps-up' };
    const losesFirst = { outlook: 'loses-first' };
    for (const { title, series } of [
      {
        title: 'the outlook is',
        series: [
          { ...first, lag: 900, codes: keepsUp },
          { ...second, lag: 1, codes: losesFirst },
        ],
      },
      {
        title: 'data is lost soonest',
        series: [
          { ...first, timeToLossEarliestSeconds: 90, timeLagSeconds: 99, codes: losesFirst },
          { ...second, timeToLossEarliestSeconds: 60, codes: losesFirst },
        ],
      },
      {
        title: 'it is longest behind',
        series: [
          { ...first, timeLagSeconds: 5, lag: 900, codes: keepsUp },
          { ...second, timeLagSeconds: 6, lag: 1, codes: keepsUp },
        ],
      },
      {
        title: 'it lags most, as long as no time is known',
        series: [
          { ...first, codes: keepsUp },
          { ...second, lag: 0, codes: keepsUp },
        ],
      },
    ]) {
      it(title, async () => {
        for (const ordered of [series, series.toReversed()]) {
          await using http = await HttpFixture.start([
            makeReport({ topics, groups: [{ groupId: 'g', series: ordered }] }),
          ]);
          assert.deepEqual((await http.get('/api/v1/groups/g')).json.worst, { topic: 'orders', partition: 1 });
        }
      });
    }
  });

  it('says how long the trend takes yet, and nothing once it is known', async () => {
    const filling = (lagTrend: string) =>
      makeReport({
        topics,
        monotonicMs: 100_000,
        groups: [
          {
            groupId: 'g',
            series: [
              { topic: 'orders', partition: 0, watchedSinceMs: 70_000, commitIntervalMs: 60_000, codes: { lagTrend } },
            ],
          },
        ],
      });
    await using young = await HttpFixture.start([filling('insufficient-data')]);
    assert.equal((await young.get('/api/v1/groups/g')).json.trendKnownInSeconds, 150);
    await using known = await HttpFixture.start([filling('steady')]);
    assert.equal((await known.get('/api/v1/groups/g')).json.trendKnownInSeconds, null);
  });

  it('that is not known is a 404 with a sentence', async () => {
    await using http = await HttpFixture.start([makeReport({})]);
    const { status, json } = await http.get('/api/v1/groups/nope');
    assert.equal(status, 404);
    assert.equal(json.error.code, 'request.not-found');
    assert.equal(json.error.message, 'No group "nope" is known in cluster "c1".');
  });
});
