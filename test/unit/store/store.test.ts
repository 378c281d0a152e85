import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ClusterEvent } from '../../../src/model/finding.ts';
import { openStore } from '../../../src/store/store.ts';
import { FakeCluster, finding, raised } from './fake-cluster.ts';
import { keepAll, startMs, temporaryStore } from './temporary-store.ts';

const layout = {
  topics: [
    { topic: 'orders', topicId: 'id-orders', partitions: 3 },
    { topic: 'audit', topicId: null, partitions: 1 },
  ],
  groups: [
    { groupId: 'billing', topics: ['orders'] },
    { groupId: 'mail', topics: ['orders', 'audit'] },
  ],
};
const stepMs = 15_000;

test('what was committed is read back: partitions, series and groups, each at its time', (t) => {
  const { store } = temporaryStore(t);
  const fake = new FakeCluster(layout);
  const { partitions, series, groups } = fake.report;
  for (let n = 0; n < 5; n++) {
    fake.readAll(startMs + n * stepMs);
    partitions.highWatermark[fake.partitionRow('orders', 1)] = 2 ** 53 - 10 + n;
    series.committedOffset[fake.seriesRow('mail', 'orders', 1)] = 100 * n;
    series.lag[fake.seriesRow('mail', 'audit', 0)] = 7;
    series.timeLagSeconds[fake.seriesRow('billing', 'orders', 2)] = n / 2;
    groups.lag[0] = 10 - n;
    store.commit(fake.cycle(startMs + n * stepMs));
  }
  const at = (values: number[]) => values.map((value, n) => [startMs + n * stepMs, value] as const);
  const read = (key: object, field: 'lag' | 'highWatermark' | 'committedOffset' | 'timeLagSeconds') =>
    store.points({ cluster: 'c1', ...key }, field, startMs, startMs + 4 * stepMs, 100);
  const ends = [0, 1, 2, 3, 4].map((n) => 2 ** 53 - 10 + n);
  assert.deepEqual(read({ topic: 'orders', partition: 1 }, 'highWatermark'), at(ends));
  assert.deepEqual(
    read({ groupId: 'mail', topic: 'orders', partition: 1 }, 'committedOffset'),
    at([0, 100, 200, 300, 400]),
  );
  assert.deepEqual(read({ groupId: 'mail', topic: 'audit', partition: 0 }, 'lag'), at([7, 7, 7, 7, 7]));
  assert.deepEqual(
    read({ groupId: 'billing', topic: 'orders', partition: 2 }, 'timeLagSeconds'),
    at([0, 0.5, 1, 1.5, 2]),
  );
  assert.deepEqual(read({ groupId: 'billing' }, 'lag'), at([10, 9, 8, 7, 6]));
  assert.deepEqual(read({ groupId: 'billing', topic: 'audit', partition: 0 }, 'lag'), []);
  assert.deepEqual(store.points({ cluster: 'other', groupId: 'billing' }, 'lag', 0, startMs * 2, 9), []);
  assert.ok(store.sizeBytes() > 0);
});

test('many keys are answered in their order, each as if asked alone', (t) => {
  const { store } = temporaryStore(t);
  // More than one block of groups, so that neighbours in the question lie apart on disk.
  const groups = Array.from({ length: 1500 }, (_, i) => ({ groupId: `g${i}`, topics: [] }));
  const fake = new FakeCluster({ topics: [], groups });
  for (let n = 0; n < 3; n++) {
    for (let row = 0; row < groups.length; row++) fake.report.groups.lag[row] = row * 10 + n;
    store.commit(fake.cycle(startMs + n * stepMs));
  }
  const keys = ['g1400', 'g0', 'nobody', 'g7', 'g1023'].map((groupId) => ({ cluster: 'c1', groupId }));
  const many = store.pointsOfMany(keys, 'lag', startMs, startMs + stepMs * 2, 10);
  assert.deepEqual(
    many.map((points) => points.map(([, lag]) => lag)),
    [[14000, 14001, 14002], [0, 1, 2], [], [70, 71, 72], [10230, 10231, 10232]],
  );
  for (const [index, key] of keys.entries()) {
    assert.deepEqual(store.points(key, 'lag', startMs, startMs + stepMs * 2, 10), many[index]);
  }
  assert.deepEqual(store.pointsOfMany([], 'lag', 0, 1, 1), []);
});

test('a value that was not read in a cycle is a gap, not the last one carried on', (t) => {
  const { store } = temporaryStore(t);
  const fake = new FakeCluster(layout);
  const { partitions, series } = fake.report;
  const row = fake.partitionRow('orders', 0);
  partitions.highWatermark.fill(50);
  series.committedOffset.fill(40);
  for (const [n, isRead] of [true, false, false, true].entries()) {
    const atMs = startMs + n * stepMs;
    const before = partitions.endReadAtMs[row]!;
    fake.readAll(atMs);
    if (!isRead) partitions.endReadAtMs[row] = before;
    store.commit(fake.cycle(atMs));
  }
  const ends = store.points({ cluster: 'c1', topic: 'orders', partition: 0 }, 'highWatermark', 0, startMs * 2, 10);
  assert.deepEqual(
    ends.map(([, value]) => value),
    [50, Number.NaN, Number.NaN, 50],
  );
  const others = store.points({ cluster: 'c1', topic: 'orders', partition: 1 }, 'highWatermark', 0, startMs * 2, 10);
  assert.deepEqual(
    others.map(([, value]) => value),
    [50, 50, 50, 50],
  );
});

test('the time away of the daemon is a gap, and what comes after it joins the same series', (t) => {
  const opened = temporaryStore(t);
  const fake = new FakeCluster(layout);
  const commit = (atMs: number, lag: number) => {
    fake.report.groups.lag[0] = lag;
    opened.store.commit(fake.cycle(atMs));
  };
  for (let n = 0; n < 4; n++) commit(startMs + n * stepMs, n);
  const backMs = startMs + 20 * 60_000;
  opened.reopen().load('c1');
  for (let n = 0; n < 4; n++) commit(backMs + n * stepMs, 10 + n);
  const points = opened.store.points({ cluster: 'c1', groupId: 'billing' }, 'lag', startMs, backMs * 2, 100);
  assert.deepEqual(
    points.map(([, lag]) => lag),
    [0, 1, 2, 3, Number.NaN, 10, 11, 12, 13],
  );
});

test('a topic that was created anew is another series, though its row and name are the same', (t) => {
  const { store } = temporaryStore(t);
  const first = new FakeCluster(layout);
  first.readAll(startMs);
  first.report.partitions.highWatermark.fill(1000);
  first.report.series.committedOffset.fill(900);
  store.commit(first.cycle(startMs));
  const topics = layout.topics.map((topic) => (topic.topic === 'orders' ? { ...topic, topicId: 'id-again' } : topic));
  const second = new FakeCluster({ ...layout, topics });
  second.readAll(startMs + stepMs);
  second.report.partitions.highWatermark.fill(3);
  second.report.series.committedOffset.fill(1);
  store.commit(second.cycle(startMs + stepMs));
  const values = (key: object, field: 'highWatermark' | 'committedOffset') =>
    store.points({ cluster: 'c1', ...key }, field, 0, startMs * 2, 10).map(([, value]) => value);
  assert.deepEqual(values({ topic: 'orders', partition: 0 }, 'highWatermark'), [Number.NaN, 3]);
  assert.deepEqual(values({ groupId: 'mail', topic: 'orders', partition: 0 }, 'committedOffset'), [Number.NaN, 1]);
  assert.deepEqual(values({ topic: 'audit', partition: 0 }, 'highWatermark'), [1000, 3]);
});

test('a series that goes ends there, also in what is read long after', (t) => {
  const { store } = temporaryStore(t);
  const fake = new FakeCluster(layout);
  fake.report.groups.lag.fill(5);
  for (let n = 0; n < 100; n++) {
    if (n === 10) fake.report.groups.alive[1] = 0;
    store.commit(fake.cycle(startMs + n * stepMs));
  }
  const lags = store.points({ cluster: 'c1', groupId: 'mail' }, 'lag', 0, startMs * 2, 1000).map(([, lag]) => lag);
  assert.deepEqual(
    lags.filter((lag) => !Number.isNaN(lag)),
    new Array(10).fill(5),
  );
});

test('what went while the daemon was away ends where it left', (t) => {
  const opened = temporaryStore(t);
  const before = new FakeCluster(layout);
  before.report.groups.lag.fill(5);
  for (let n = 0; n < 3; n++) opened.store.commit(before.cycle(startMs + n * stepMs));
  opened.reopen().load('c1');
  // No group is left at all: nothing of their block is written any more.
  const after = new FakeCluster({ topics: layout.topics, groups: [] });
  for (let n = 3; n < 6; n++) opened.store.commit(after.cycle(startMs + n * stepMs));
  const lags = opened.store.points({ cluster: 'c1', groupId: 'mail' }, 'lag', 0, startMs * 2, 100);
  assert.deepEqual(
    lags.map(([, lag]) => lag),
    [5, 5, 5, Number.NaN, Number.NaN, Number.NaN],
  );
});

test('memory, discovery, transitions and events come back after a restart', (t) => {
  const opened = temporaryStore(t);
  const fake = new FakeCluster(layout);
  const group = {
    groupId: 'billing',
    type: 'classic',
    protocolType: 'consumer',
    state: 'Stable',
    listedBy: 2,
    missingListings: 1,
  } as const;
  const discovery = { groups: new Map([['billing', group]]), missingTopics: new Map([['orders', 1]]) };
  const counters = (n: number) =>
    Array.from({ length: 600 }, (_, i) => ({
      groupId: `g${i}`,
      topic: 't',
      topicId: null,
      counters: { committedRecords: i * n },
    }));
  const open = {
    finding: finding('f1', startMs),
    lastSeenMs: startMs,
    lastMetMs: startMs,
    heldSinceMs: null,
    openMs: 0,
    clearPolls: 0,
  };
  const event = {
    atMs: startMs,
    kind: 'leader',
    what: 'leader-moved',
    subject: { topic: 'orders' },
    summary: 'It moved.',
  } as const;
  for (const n of [1, 2]) {
    const memory = {
      atMs: startMs + n,
      findings: n === 1 ? [open] : [],
      groupTopics: counters(n).slice(0, n === 1 ? 600 : 300),
      groups: [{ groupId: 'billing', rebalances: n, rebalancingSeconds: 0 }],
      topics: [{ topic: 'orders', topicId: 'q8', producedRecords: n }],
      readers: [
        {
          ...{ groupId: 'billing', topic: 'orders', topicId: 'q8' },
          runs: [{ from: 0, to: n, wasRead: true, unreadSinceMs: startMs }],
        },
      ],
      findingsRaised: [['stalled', n] as const],
      habits: {
        groups: [{ groupId: 'billing', state: 'Empty', stateSinceMs: startMs, stopsMs: [n] }],
        series: [
          {
            ...{ groupId: 'billing', topic: 'orders', topicId: 'q8' },
            partitions: [{ partition: n, residue: { upTo: 7, lag: 1, stands: 3 } }],
          },
        ],
      },
      conditions: [
        { code: 'stalled', subject: { groupId: 'b' }, streakPolls: n, streakMs: 5, since: null, lastSeenMs: startMs },
      ],
    };
    const happened = n === 1 ? { transitions: [raised('f1', startMs)], events: [event] } : {};
    opened.store.commit(fake.cycle(startMs + n, { memory, discovery, ...happened }));
    const loaded = opened.reopen().load('c1');
    assert.deepEqual(loaded.memory, memory);
    assert.deepEqual(loaded.discovery, discovery);
    assert.deepEqual(opened.store.transitions('c1', 0, startMs * 2, 10), [raised('f1', startMs)]);
    assert.deepEqual(opened.store.events('c1', 0, startMs * 2, 10), [event]);
  }
});

test('what happened is told of one topic: by its subject, never by a name that stands elsewhere', (t) => {
  const opened = temporaryStore(t);
  const about = (subject: ClusterEvent['subject'], atMs: number): ClusterEvent => ({
    ...{ atMs, kind: 'config', what: 'config-changed', subject },
    summary: 'Said of "orders", or not.',
  });
  const events = [
    about({ topic: 'orders' }, startMs),
    about({ topic: 'orders-dlq' }, startMs + 1),
    about({ groupId: 'orders' }, startMs + 2),
    about({ topic: 'orders', partition: 3 }, startMs + 3),
  ];
  const transitions = [
    { ...raised('f1', startMs), topic: 'orders' },
    { ...raised('f2', startMs + 1), topic: 'refunds', evidence: { topic: 'orders' } },
  ];
  opened.store.commit(new FakeCluster(layout).cycle(startMs + 5, { events, transitions }));
  assert.deepEqual(opened.store.events('c1', 0, startMs * 2, 10, 'orders'), [events[3], events[0]]);
  assert.deepEqual(opened.store.events('c1', 0, startMs * 2, 1, 'orders'), [events[3]]);
  assert.deepEqual(opened.store.transitions('c1', 0, startMs * 2, 10, 'orders'), [transitions[0]]);
});

test('a cluster that was never stored is empty, and asking for it leaves no file', (t) => {
  const { store, directory, notices } = temporaryStore(t);
  assert.deepEqual(store.events('nobody', 0, 1, 1), []);
  assert.ok(!readdirSync(directory).some((name) => name.includes('nobody')));
  const { memory, discovery, snapshots } = store.load('new');
  assert.deepEqual([memory, discovery, [...snapshots]], [null, null, []]);
  assert.deepEqual(notices, []);
});

test('each cluster has its own file, whatever it is called', (t) => {
  const { store, directory } = temporaryStore(t);
  for (const cluster of ['a/b', '../escape', 'Ü']) store.commit(new FakeCluster(layout, cluster).cycle(startMs));
  assert.ok(!existsSync(join(directory, '..', 'escape.sqlite')));
  assert.equal(readdirSync(directory).filter((name) => name.endsWith('.sqlite')).length, 3);
});

test('a second daemon on the same directory is refused in a sentence, and let in when the first has ended', (t) => {
  const { store, directory } = temporaryStore(t);
  const open = () => openStore(directory, { settings: keepAll, notify: () => undefined });
  assert.throws(open, { code: 'store.in-use', message: /in use by another tidemark/ });
  store[Symbol.dispose]();
  open()[Symbol.dispose]();
});
