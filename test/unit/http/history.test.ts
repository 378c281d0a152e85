import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { ClusterEvent, Transition } from '../../../src/model/finding.ts';
import { HttpFixture } from '../../support/http-fixture.ts';
import { makeFinding, makeReport } from '../../support/report-fixture.ts';

const report = makeReport({
  topics: [{ topic: 'orders', partitions: [{}, {}, {}] }],
  groups: [
    {
      groupId: 'billing',
      series: [
        { topic: 'orders', partition: 2 },
        { topic: 'orders', partition: 0 },
      ],
    },
  ],
  findings: [
    makeFinding({ code: 'stopped', sinceMs: 20, groupId: 'billing' }),
    makeFinding({ code: 'stalled', sinceMs: 10 }),
    makeFinding({ code: 'lost-data', sinceMs: 30, severity: 'critical', cause: { code: 'x', id: 'y' } }),
    makeFinding({ code: 'offline-partition', sinceMs: 40, severity: 'critical' }),
  ],
});
const event = (atMs: number): ClusterEvent => ({
  atMs,
  kind: 'config',
  what: 'changed',
  subject: { topic: 't' },
  summary: 'x',
});
const raised = (atMs: number): Transition => ({ ...makeFinding({ code: 'stalled' }), type: 'raised', atMs });

describe('what was', () => {
  let http: HttpFixture;
  before(async () => {
    http = await HttpFixture.start([report]);
  });
  beforeEach(() => {
    http.history.asked.length = 0;
  });
  after(() => http[Symbol.asyncDispose]());

  const codes = async (query: string) => {
    const { json } = await http.get(`/api/v1/findings?${query}`);
    return json.findings.map(({ code }: { code: string }) => code);
  };

  it('GET /api/v1/findings has the worst first, then the oldest; explained ones last', async () => {
    assert.deepEqual(await codes(''), ['offline-partition', 'stalled', 'stopped', 'lost-data']);
    assert.deepEqual(await codes('severity=critical'), ['offline-partition', 'lost-data']);
    assert.deepEqual(await codes('code=stalled'), ['stalled']);
    assert.deepEqual(await codes('code=lost-data,stalled'), ['stalled', 'lost-data']);
    assert.deepEqual(await codes('groupId=billing'), ['stopped']);
    assert.deepEqual(await codes('limit=2&offset=1'), ['stalled', 'stopped']);
    assert.equal((await http.get('/api/v1/findings?limit=1')).json.total, 4);
  });

  it('GET /api/v1/events has a day of events and transitions, newest first, with their cluster', async () => {
    const now = http.nowMs;
    http.history.storedEvents = [event(now - 100), event(now - 50), event(now - 90_000_000)];
    http.history.storedTransitions = [raised(now - 70)];
    const { json } = await http.get('/api/v1/events');
    assert.deepEqual(json.events, [
      { ...event(now - 50), cluster: 'c1' },
      { ...event(now - 100), cluster: 'c1' },
    ]);
    assert.deepEqual(json.transitions, [raised(now - 70)]);
    const { json: older } = await http.get(`/api/v1/events?fromMs=0&toMs=${now - 60}&limit=1`);
    assert.deepEqual(
      older.events.map(({ atMs }: { atMs: number }) => atMs),
      [now - 100],
    );
  });

  it('GET /api/v1/events?topic= has what is about that topic only', async () => {
    const now = http.nowMs;
    const other = { ...event(now - 40), subject: { topic: 'u' } };
    http.history.storedEvents = [event(now - 50), other];
    http.history.storedTransitions = [raised(now - 70)];
    const { json } = await http.get('/api/v1/events?topic=u');
    assert.deepEqual(json.events, [{ ...other, cluster: 'c1' }]);
    assert.deepEqual(json.transitions, []);
  });

  it('GET /api/v1/history has fields of a group', async () => {
    http.history.answer = [
      [1, 2],
      [3, Number.NaN],
    ];
    const { json } = await http.get('/api/v1/history?groupId=billing&field=lag&field=rebalances');
    const points = [
      [1, 2],
      [3, null],
    ];
    assert.deepEqual(json.series, [
      { field: 'lag', points },
      { field: 'rebalances', points },
    ]);
    const span = { fromMs: http.nowMs - 3_600_000, toMs: http.nowMs, atMost: 120 };
    assert.deepEqual(http.history.asked[0], { key: { cluster: 'c1', groupId: 'billing' }, field: 'lag', ...span });
  });

  it('has one entry a partition where none is named: for a group those that it reads, else all', async () => {
    const { json } = await http.get(
      '/api/v1/history?groupId=billing&topic=orders&field=lag&points=5&fromMs=10&toMs=20',
    );
    assert.deepEqual(
      json.series.map(({ partition }: { partition: number }) => partition),
      [0, 2],
    );
    assert.deepEqual(http.history.asked[1], {
      key: { cluster: 'c1', groupId: 'billing', topic: 'orders', partition: 2 },
      field: 'lag',
      fromMs: 10,
      toMs: 20,
      atMost: 5,
    });
    const ofTopic = await http.get('/api/v1/history?topic=orders&field=highWatermark');
    assert.deepEqual(
      ofTopic.json.series.map(({ partition }: { partition: number }) => partition),
      [0, 1, 2],
    );
  });

  it('has a partition even when it is in no report any more', async () => {
    await http.get('/api/v1/history?groupId=gone&topic=deleted&partition=7&field=lag');
    assert.deepEqual(http.history.asked[0]?.key, { cluster: 'c1', groupId: 'gone', topic: 'deleted', partition: 7 });
    assert.deepEqual((await http.get('/api/v1/history?groupId=gone&topic=orders&field=lag')).json.series, []);
  });

  for (const { query, message } of [
    { query: 'field=lag', message: /Give groupId, or topic, or both/ },
    { query: 'groupId=g&partition=1&field=lag', message: /partition only with topic/ },
    { query: 'groupId=g', message: /field/ },
    { query: 'groupId=g&field=sizeBytes', message: /"field" cannot be sizeBytes for a group: there is lag,/ },
    { query: 'topic=t&partition=0&field=lag', message: /cannot be lag for a partition/ },
    { query: 'groupId=g&topic=t&field=rebalances', message: /cannot be rebalances for a group on a partition/ },
    { query: 'groupId=g&field=nonsense', message: /must be one of lag,/ },
    { query: 'groupId=g&field=lag&points=1', message: /"points" must be >= 2/ },
    { query: 'groupId=g&field=lag&fromMs=yesterday', message: /"fromMs" must be number/ },
  ]) {
    it(`refuses ${query}`, async () => {
      const { status, json } = await http.get(`/api/v1/history?${query}`);
      assert.equal(status, 400);
      assert.match(json.error.message, message);
    });
  }
});
