import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpFixture } from '../../support/http-fixture.ts';
import { makeBroker, makeFinding, makeLogDir, makeReport } from '../../support/report-fixture.ts';

const full = makeReport({
  cluster: 'prod',
  topics: [
    {
      topic: 'orders',
      config: { minInSyncReplicas: 2 },
      partitions: [
        { replicas: 3, inSyncReplicas: 3 },
        { replicas: 3, inSyncReplicas: 2 },
        { replicas: 3, inSyncReplicas: 1, offline: true },
      ],
    },
  ],
  groups: [
    { groupId: 'a', outlook: 'losing' },
    { groupId: 'b', outlook: 'keeps-up', age: 'stale' },
  ],
  brokers: [
    makeBroker({ brokerId: 1, logDirs: [makeLogDir({ totalBytes: 100, usableBytes: 25 })] }),
    makeBroker({ brokerId: 2, up: false, logDirs: [makeLogDir({ totalBytes: null, usableBytes: null, error: 'x' })] }),
  ],
  quorum: {
    ...{ leaderId: 1, leaderEpoch: 7, leaderChanges: 3, leaderChangesLastHour: 1, age: 'current' },
    voters: [{ brokerId: 1, lag: 0, fallingSeconds: 0, silentSeconds: 0 }],
  },
  findings: [
    makeFinding({ code: 'lost-data', severity: 'critical' }),
    makeFinding({ code: 'stalled', cause: { code: 'lost-data', id: 'x' } }),
    makeFinding({ code: 'stopped', muted: true }),
  ],
  collectors: [
    {
      collector: 'cluster',
      startedAtMs: 1,
      durationMs: 2,
      outcome: 'partial',
      everyMs: 15_000,
      lastSuccessMs: 1_699_999_400_000,
      failingPolls: 3,
      failures: [
        { collector: 'cluster', code: 'upstream.timeout', brokerId: 2, message: 'Broker 2 is silent.', topics: [] },
      ],
    },
  ],
});

describe('GET /api/v1/clusters', () => {
  it('has each cluster in a line', async () => {
    await using http = await HttpFixture.start([full]);
    const { json } = await http.get('/api/v1/clusters');
    assert.deepEqual(json, {
      clusters: [
        {
          cluster: 'prod',
          clusterId: 'cluster-id-1',
          reachable: true,
          completeness: 'full',
          atMs: 1_700_000_000_000,
          readAtMs: 1_699_999_400_000,
          bootstrap: 'b1:9092',
          problem: null,
          brokers: { up: 1, known: 2 },
          partitions: { total: 3, offline: 1, underReplicated: 2, underMinIsr: 1, atMinIsr: 1 },
          worstDiskUsedRatio: 0.75,
          quorum: {
            leaderId: 1,
            leaderEpoch: 7,
            leaderChanges: 3,
            leaderChangesLastHour: 1,
            age: 'current',
            voters: [{ brokerId: 1, lag: 0, fallingSeconds: 0, silentSeconds: 0 }],
          },
          groups: {
            total: 2,
            unread: 1,
            byOutlook: { 'keeps-up': 1, 'drains-before-loss': 0, 'insufficient-data': 0, 'loses-first': 0, losing: 1 },
          },
          findings: { critical: 1, warning: 0, info: 0 },
          intervalMs: 15_000,
          collectors: [
            {
              collector: 'cluster',
              startedAtMs: 1,
              durationMs: 2,
              outcome: 'partial',
              everyMs: 15_000,
              lastSuccessMs: 1_699_999_400_000,
              failingPolls: 3,
              failures: [{ code: 'upstream.timeout', message: 'Broker 2 is silent.', brokerId: 2 }],
            },
          ],
          store: { sizeBytes: 4096, error: null },
        },
      ],
      serverMs: http.nowMs,
      version: '1.2.3',
    });
  });

  it('has a cluster that never answered, with its problem', async () => {
    await using http = await HttpFixture.start([full, null]);
    const [, unread] = (await http.get('/api/v1/clusters')).json.clusters;
    assert.deepEqual([unread.cluster, unread.reachable, unread.atMs, unread.store], ['unread', false, null, null]);
    assert.match(unread.problem, /first cycle has not ended/);
    http.board.slots[1]!.fail('No broker of b1:9092 can be reached.');
    const [, failed] = (await http.get('/api/v1/clusters')).json.clusters;
    assert.equal(failed.problem, 'No broker of b1:9092 can be reached.');
  });

  it('keeps the last report of a cluster that went away, and says so', async () => {
    await using http = await HttpFixture.start([full]);
    http.board.slots[0]!.fail('Gone.');
    const [cluster] = (await http.get('/api/v1/clusters')).json.clusters;
    assert.deepEqual([cluster.reachable, cluster.problem, cluster.atMs], [false, 'Gone.', full.atMs]);
  });
});

describe('with several clusters', () => {
  const other = makeReport({ cluster: 'test', groups: [{ groupId: 'a' }, { groupId: 'c' }] });

  it('lists hold those of all, or of the one that is named', async () => {
    await using http = await HttpFixture.start([full, other, null]);
    const listed = async (query: string) => {
      const { json } = await http.get(`/api/v1/groups?sort=name${query}`);
      return json.groups
        .map((group: { cluster: string; groupId: string }) => `${group.cluster}/${group.groupId}`)
        .sort();
    };
    assert.deepEqual(await listed(''), ['prod/a', 'prod/b', 'test/a', 'test/c']);
    assert.deepEqual(await listed('&cluster=test'), ['test/a', 'test/c']);
    assert.deepEqual(await listed('&cluster=unread'), []);
  });

  it('one thing is asked for with the name of its cluster', async () => {
    await using http = await HttpFixture.start([full, other, null]);
    assert.equal((await http.get('/api/v1/groups/a?cluster=test')).json.cluster, 'test');
    const ambiguous = await http.get('/api/v1/groups/a');
    assert.equal(ambiguous.status, 400);
    assert.match(ambiguous.json.error.message, /say which \("prod", "test", "unread"\) by \?cluster=/);
    const unknown = await http.get('/api/v1/groups/a?cluster=nope');
    assert.equal(unknown.status, 404);
    assert.match(unknown.json.error.message, /No cluster "nope" is watched; there is "prod", "test", "unread"/);
    const unread = await http.get('/api/v1/groups/a?cluster=unread');
    assert.equal(unread.status, 503);
    assert.match(unread.json.error.message, /Nothing is known of cluster "unread" yet/);
  });

  it('a cluster gets the name that its first report gives it', async () => {
    await using http = await HttpFixture.start([null]);
    http.board.slots[0]!.publish(other, { store: null });
    assert.equal((await http.get('/api/v1/groups/c?cluster=test')).status, 200);
    assert.equal((await http.get('/api/v1/groups/c?cluster=unread')).status, 404);
  });
});

describe('/healthz and /readyz', () => {
  it('are ready when the first cycle has ended, well or badly, and stay so', async () => {
    await using http = await HttpFixture.start([null]);
    assert.equal((await http.get('/readyz')).status, 503);
    http.board.slots[0]!.fail('No broker can be reached.');
    assert.equal((await http.get('/readyz')).status, 200);
    await http.watch(null);
    assert.equal((await http.get('/readyz')).status, 200);
  });

  it('fail when no cycle has begun for ten intervals, and not because of Kafka', async () => {
    await using http = await HttpFixture.start([null]);
    assert.equal((await http.get('/healthz')).status, 200);
    const [slot] = http.board.slots;
    slot!.begin(http.clock.monotonicMs());
    slot!.fail('No broker can be reached.');
    http.nowMs += 10 * slot!.intervalMs;
    assert.equal((await http.get('/healthz')).status, 200);
    http.nowMs += 1;
    const { status, json } = await http.get('/healthz');
    assert.equal(status, 503);
    assert.match(json.reason, /"unread"/);
    slot!.begin(http.clock.monotonicMs());
    assert.equal((await http.get('/healthz')).status, 200);
  });

  it('do not fail within a minute, however short the interval', async () => {
    await using http = await HttpFixture.start([]);
    const slot = http.board.add({ name: 'fast', bootstrap: 'broker:9092', intervalMs: 500 });
    slot.begin(http.clock.monotonicMs());
    http.nowMs += 60_000;
    assert.equal((await http.get('/healthz')).status, 200);
    http.nowMs += 1;
    assert.equal((await http.get('/healthz')).status, 503);
  });
});
