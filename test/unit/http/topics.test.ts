import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HttpFixture } from '../../support/http-fixture.ts';
import { makeBroker, makeLogDir, makeReport } from '../../support/report-fixture.ts';

const filling = makeLogDir({ fill: { bytesPerSecond: 5e7, fullInSeconds: 7200, overSeconds: 86_400 } });
const report = makeReport({
  topics: [
    {
      topic: 'orders',
      topicId: 'q8',
      config: { retentionMs: 1000, retentionBytes: -1, cleanupPolicy: ['delete'], minInSyncReplicas: 2 },
      partitions: [
        {
          leader: 1,
          replicas: 3,
          inSyncReplicas: 3,
          replicaIds: [1, 2, 3],
          inSyncReplicaIds: [1, 2, 3],
          produceRate: 1.5,
          sizeBytes: 10,
          highWatermark: 9,
        },
        { replicas: 3, inSyncReplicas: 1, replicaIds: [2, 3, 1], inSyncReplicaIds: [2], offline: true, produceRate: 2 },
      ],
    },
    { topic: 'audit', config: null, partitions: [{ replicas: 1, inSyncReplicas: 1, addingReplicas: 0 }] },
  ],
  groups: [
    { groupId: 'fine', topics: [{ topic: 'orders', outlook: 'keeps-up', lag: 1 }] },
    {
      groupId: 'late',
      topics: [
        {
          ...{ topic: 'orders', outlook: 'loses-first', lag: 5, maxTimeLagSeconds: 9, retentionUsedRatio: 0.9 },
          timeToLossEarliestSeconds: 60,
        },
      ],
      series: [
        { topic: 'orders', partition: 0, codes: { outlook: 'keeps-up' } },
        {
          ...{ topic: 'orders', partition: 1, timeToLossEarliestSeconds: 60, timeToLossLatestSeconds: 70 },
          codes: { outlook: 'loses-first', lossBy: 'time', whyTimeToDrain: 'one-movement' },
        },
        { topic: 'audit', partition: 0, codes: { outlook: 'losing' } },
      ],
    },
  ],
  brokers: [
    makeBroker({ brokerId: 1, rack: 'a', leaders: 2, replicas: 3, sizeBytes: 5e9, logDirs: [filling] }),
    makeBroker({ brokerId: 9, up: false }),
  ],
});

/** Of the reader whose series are known: what its numbers rest on, and why one is missing. */
const late = {
  partitions: 2,
  worst: 1,
  lossBy: 'time',
  unknown: { timeToDrainSeconds: 'one-movement' },
};

describe('topics, partitions and brokers', () => {
  let http: HttpFixture;
  before(async () => {
    http = await HttpFixture.start([report]);
  });
  after(() => http[Symbol.asyncDispose]());

  it('GET /api/v1/topics has each topic with its replicas, size and retention', async () => {
    const { json } = await http.get('/api/v1/topics');
    assert.equal(json.total, 2);
    const [audit, orders] = json.topics;
    assert.deepEqual(orders, {
      cluster: 'c1',
      topic: 'orders',
      topicId: 'q8',
      partitions: 2,
      replicationFactor: 3,
      offline: 1,
      underReplicated: 1,
      underMinIsr: 1,
      atMinIsr: 0,
      produceRate: 3.5,
      sizeBytes: 10,
      retentionMs: 1000,
      retentionBytes: null,
      cleanupPolicy: ['delete'],
      minInSyncReplicas: 2,
      groups: 2,
      unknown: {},
    });
    assert.deepEqual(audit.unknown, {
      produceRate: 'end-offset-unread',
      sizeBytes: 'size-unread',
      retentionMs: 'retention-unread',
      retentionBytes: 'retention-unread',
      cleanupPolicy: 'retention-unread',
    });
  });

  for (const { query, found } of [
    { query: 'filter=ORD', found: ['orders'] },
    { query: 'sort=name&order=desc', found: ['orders', 'audit'] },
    { query: 'sort=produceRate', found: ['orders', 'audit'] },
    { query: 'sort=partitions&order=asc', found: ['audit', 'orders'] },
    { query: 'limit=1&offset=1', found: ['orders'] },
  ]) {
    it(`GET /api/v1/topics?${query}`, async () => {
      const { json } = await http.get(`/api/v1/topics?${query}`);
      assert.deepEqual(
        json.topics.map(({ topic }: { topic: string }) => topic),
        found,
      );
    });
  }

  it('GET /api/v1/topics/:topic has its partitions, and its readers in most danger first', async () => {
    const { json } = await http.get('/api/v1/topics/orders');
    assert.deepEqual(
      json.readers.map(({ groupId }: { groupId: string }) => groupId),
      ['late', 'fine'],
    );
    assert.equal(json.readers[0].timeToLossEarliestSeconds, 60);
    const { partitions, worst, lossBy, unknown } = json.readers[0];
    assert.deepEqual({ partitions, worst, lossBy, unknown }, late);
    assert.deepEqual(json.partitionList[1], {
      partition: 1,
      leader: null,
      replicas: [2, 3, 1],
      inSyncReplicas: [2],
      logStartOffset: null,
      highWatermark: null,
      lastStableOffset: null,
      produceRate: 2,
      sizeBytes: null,
      offline: true,
      age: 'current',
    });
    assert.equal((await http.get('/api/v1/topics/none')).status, 404);
  });

  it('GET /api/v1/partitions has those in a state, or all', async () => {
    const places = async (query: string) => {
      const { json } = await http.get(`/api/v1/partitions?${query}`);
      return json.partitions.map(
        ({ topic, partition }: { topic: string; partition: number }) => `${topic}-${partition}`,
      );
    };
    assert.deepEqual(await places(''), ['orders-0', 'orders-1', 'audit-0']);
    assert.deepEqual(await places('state=offline'), ['orders-1']);
    assert.deepEqual(await places('state=under-replicated'), ['orders-1']);
    assert.deepEqual(await places('state=under-min-isr'), ['orders-1']);
    const { json } = await http.get('/api/v1/partitions?limit=1');
    assert.deepEqual(json, {
      total: 3,
      partitions: [
        {
          cluster: 'c1',
          topic: 'orders',
          partition: 0,
          leader: 1,
          replicas: [1, 2, 3],
          inSyncReplicas: [1, 2, 3],
          addingReplicas: null,
          minInSyncReplicas: 2,
        },
      ],
    });
  });

  it('GET /api/v1/brokers has the living and the missing', async () => {
    const { json } = await http.get('/api/v1/brokers');
    assert.deepEqual(json.brokers, [
      {
        ...{ cluster: 'c1', brokerId: 1, host: 'b1', port: 9092, rack: 'a', up: true, leaders: 2, replicas: 3 },
        sizeBytes: 5e9,
        logDirs: [
          {
            ...{ path: '/d0', totalBytes: 1e12, usableBytes: 4e11, error: null, age: 'current' },
            timeToFullSeconds: 7200,
          },
        ],
      },
      {
        cluster: 'c1',
        brokerId: 9,
        host: 'b9',
        port: 9092,
        rack: null,
        up: false,
        leaders: 0,
        replicas: 0,
        sizeBytes: null,
        logDirs: [],
      },
    ]);
  });
});
