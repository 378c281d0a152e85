import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { Store } from '../../../src/store/store.ts';
import { FakeCluster } from './fake-cluster.ts';
import { hourMs, startMs, temporaryStore } from './temporary-store.ts';

const layout = {
  topics: [
    { topic: 'orders', topicId: 'id-1', partitions: 2 },
    { topic: 'audit', topicId: null, partitions: 1 },
  ],
  groups: [
    { groupId: 'billing', topics: ['orders'] },
    { groupId: 'nightly', topics: ['orders', 'audit'] },
  ],
};
const stepMs = 15_000;

/** `billing` commits in each cycle, `nightly` in every 240th. */
function run(store: Store, fake: FakeCluster, cycles: number, everyMs = stepMs): number {
  let atMs = startMs;
  for (let n = 0; n < cycles; n++, atMs += everyMs) {
    const { partitions, series } = fake.report;
    fake.readAll(atMs - 3);
    partitions.logStartOffset.fill(n >> 3);
    partitions.highWatermark.fill(100 + n);
    partitions.lastStableOffset.fill(90 + n);
    for (let row = 0; row < series.rows; row++)
      series.committedOffset[row] = series.groupRow[row] === 0 ? n : n - (n % 240);
    const snapshot = fake.snapshot(atMs);
    const read = { value: [], observedAtMs: atMs - 3, failures: [] };
    const reads = { ...snapshot.reads, 'end-offsets': read, 'committed-offsets': read };
    store.commit(fake.cycle(atMs, { snapshot: { ...snapshot, reads } }));
  }
  return atMs - everyMs;
}

test('the last cycles come back as they were read', (t) => {
  const opened = temporaryStore(t);
  const fake = new FakeCluster(layout);
  const config = { retentionMs: 1000, cleanupPolicy: ['delete'] };
  (fake.report.topics.config as (object | null)[])[0] = config;
  const lastMs = run(opened.store, fake, 3);
  const snapshots = [...opened.reopen().load('c1').snapshots];
  assert.deepEqual(
    snapshots.map(({ atMs }) => atMs),
    [startMs, startMs + stepMs, lastMs],
  );
  const [first, , last] = snapshots as [Snapshot, Snapshot, Snapshot];
  assert.deepEqual(last, {
    cluster: 'c1',
    atMs: lastMs,
    completeness: 'filtered',
    failures: [],
    reads: {
      'log-start-offsets': {
        observedAtMs: lastMs,
        failures: [],
        value: [
          { topic: 'orders', partitions: [0, 1], offsets: [0, 0] },
          { topic: 'audit', partitions: [0], offsets: [0] },
        ],
      },
      'end-offsets': {
        observedAtMs: lastMs - 3,
        failures: [],
        value: [
          { topic: 'orders', partitions: [0, 1], highWatermarks: [102, 102], lastStableOffsets: [92, 92] },
          { topic: 'audit', partitions: [0], highWatermarks: [102], lastStableOffsets: [92] },
        ],
      },
      'committed-offsets': {
        observedAtMs: lastMs - 3,
        failures: [],
        value: [
          { groupId: 'billing', topics: [{ topic: 'orders', partitions: [0, 1], offsets: [2, 2] }] },
          {
            groupId: 'nightly',
            topics: [
              { topic: 'orders', partitions: [0, 1], offsets: [0, 0] },
              { topic: 'audit', partitions: [0], offsets: [0] },
            ],
          },
        ],
      },
    },
  });
  const cluster = first.reads.cluster?.value;
  assert.deepEqual(
    cluster?.brokers.map(({ brokerId }) => brokerId),
    [1],
  );
  assert.deepEqual(
    cluster?.topics.map(({ topic, topicId, partitions }) => [topic, topicId, partitions.length]),
    [
      ['orders', 'id-1', 2],
      ['audit', null, 1],
    ],
  );
  assert.ok(cluster?.topics.every(({ partitions }) => partitions.every(({ stateUnread }) => stateUnread === true)));
  assert.deepEqual(first.reads['topic-configs']?.value, [{ topic: 'orders', config }]);
});

test('farther back they are sparse, rise in time, and are bounded in number', (t) => {
  const opened = temporaryStore(t);
  const lastMs = run(opened.store, new FakeCluster(layout), 30 * 60, 60_000);
  const times = [...opened.reopen().load('c1').snapshots].map(({ atMs }) => atMs);
  assert.ok(times.every((atMs, index) => index === 0 || atMs > times[index - 1]!));
  assert.ok(times[0]! < startMs + 20 * 60_000, 'the oldest is not reached');
  assert.equal(times.at(-1), lastMs);
  assert.ok(times.length > 300 && times.length <= 800, `${times.length} snapshots`);
});

test('a series that commits often is left out of coarse samples, a slow one is in them', (t) => {
  const opened = temporaryStore(t);
  const lastMs = run(opened.store, new FakeCluster(layout), 10 * 60, 60_000);
  const old = [...opened.reopen().load('c1').snapshots].filter(({ atMs }) => atMs < lastMs - 7 * hourMs);
  const groups = new Set(
    old.flatMap(({ reads }) => (reads['committed-offsets']?.value ?? []).map(({ groupId }) => groupId)),
  );
  assert.deepEqual([...groups], ['nightly']);
});

test('what had gone before the stop does not come back', (t) => {
  const opened = temporaryStore(t);
  const fake = new FakeCluster(layout);
  run(opened.store, fake, 3);
  fake.report.groups.alive[1] = 0;
  for (let row = 0; row < fake.report.series.rows; row++)
    if (fake.report.series.groupRow[row] === 1) fake.report.series.alive[row] = 0;
  opened.store.commit(fake.cycle(startMs + 3 * stepMs));
  const snapshots = [...opened.reopen().load('c1').snapshots];
  const groups = snapshots
    .flatMap(({ reads }) => reads['committed-offsets']?.value ?? [])
    .map(({ groupId }) => groupId);
  assert.deepEqual([...new Set(groups)], ['billing']);
});

test('after a restart without Kafka nothing is stored as if it had been read', (t) => {
  const opened = temporaryStore(t);
  const lastMs = run(opened.store, new FakeCluster(layout), 3);
  opened.reopen().load('c1');
  const fake = new FakeCluster(layout);
  // As the engine has it after a refill: the old values, with the times at which they were read.
  fake.readAll(lastMs - 3);
  fake.report.partitions.highWatermark.fill(102);
  for (const n of [1, 2]) opened.store.commit(fake.cycle(lastMs + n * stepMs));
  const ends = opened.store.points(
    { cluster: 'c1', topic: 'orders', partition: 0 },
    'highWatermark',
    0,
    startMs * 2,
    9,
  );
  assert.deepEqual(
    ends.map(([, end]) => end),
    [100, 101, 102, Number.NaN, Number.NaN],
  );
});
