import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import type { HistoryField } from '../../../src/model/series-reader.ts';
import { sampleId, tickRange } from '../../../src/store/addresses.ts';
import { keyEvery } from '../../../src/store/block-codec.ts';
import type { Store } from '../../../src/store/store.ts';
import { FakeCluster, raised } from './fake-cluster.ts';
import { dayMs, hourMs, startMs, temporaryStore } from './temporary-store.ts';

const layout = {
  topics: [{ topic: 'orders', topicId: 'id-1', partitions: 1 }],
  groups: [{ groupId: 'billing', topics: ['orders'] }],
};
const series = { cluster: 'c1', groupId: 'billing', topic: 'orders', partition: 0 };
const minuteMs = 60_000;

/** Commits a cycle every `stepMs`, whose values tell how many steps have passed. */
function run(store: Store, fake: FakeCluster, fromMs: number, toMs: number, stepMs: number): void {
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const n = Math.round((atMs - startMs) / stepMs);
    fake.readAll(atMs);
    fake.report.partitions.highWatermark.fill(10 * n);
    fake.report.series.committedOffset.fill(n);
    // A saw tooth with its peak, and the depth of the loss, at every third step.
    fake.report.series.lag.fill(n % 3 === 1 ? 1000 + n : 0);
    fake.report.series.timeToLossEarliestSeconds.fill(n % 3 === 1 ? 64 : 512);
    store.commit(fake.cycle(atMs));
  }
}

function read(store: Store, field: HistoryField, fromMs: number, toMs: number): (readonly [number, number])[] {
  return store.points(series, field, fromMs, toMs, 100_000);
}

test('a coarse tier has the last offset of each bucket, the most lag and the nearest loss in it', (t) => {
  const { store } = temporaryStore(t, { raw: 10 * minuteMs });
  const fake = new FakeCluster(layout);
  run(store, fake, startMs, startMs + hourMs, 20_000);
  const toMs = startMs + 30 * minuteMs - 1;
  const committed = read(store, 'committedOffset', startMs, toMs);
  // Three cycles a minute: the last of minute m is number 3m + 2.
  assert.deepEqual(committed.slice(0, 3), [
    [startMs + 40_000, 2],
    [startMs + 100_000, 5],
    [startMs + 160_000, 8],
  ]);
  assert.deepEqual(
    read(store, 'lag', startMs, toMs)
      .slice(0, 3)
      .map(([, lag]) => lag),
    [1001, 1004, 1007],
  );
  assert.deepEqual(
    new Set(read(store, 'timeToLossEarliestSeconds', startMs, toMs).map(([, seconds]) => seconds)),
    new Set([64]),
  );
});

test('a span is read from the finest tier that covers it, up to the last cycle', (t) => {
  const { store } = temporaryStore(t, { raw: 20 * minuteMs, minute: 2 * hourMs });
  const fake = new FakeCluster(layout);
  const endMs = startMs + 5 * hourMs;
  run(store, fake, startMs, endMs, 20_000);
  for (const { what, fromMs, distanceMs } of [
    { what: 'raw', fromMs: endMs - 10 * minuteMs, distanceMs: 20_000 },
    { what: 'minute', fromMs: endMs - 90 * minuteMs, distanceMs: minuteMs },
    { what: 'tenMinutes', fromMs: startMs + 10 * minuteMs, distanceMs: 10 * minuteMs },
  ]) {
    const points = read(store, 'committedOffset', fromMs, endMs);
    assert.equal(points[2]![0] - points[1]![0], distanceMs, what);
    assert.equal(points.at(-1)![0], endMs - 20_000, `${what} lacks the last cycle`);
    assert.ok(points[0]![0] - fromMs <= distanceMs, `${what} begins late`);
    assert.ok(
      points.every(([atMs], index) => index === 0 || atMs > points[index - 1]![0]),
      what,
    );
  }
  // Older than every tier: from the one that reaches back farthest.
  assert.equal(read(store, 'committedOffset', startMs - dayMs, startMs + hourMs).length, 6);
});

test('each tier is kept as long as its setting says, and what its first readable value needs', (t) => {
  const keep = { raw: hourMs, minute: 6 * hourMs, tenMinutes: dayMs };
  const { store, directory } = temporaryStore(t, keep);
  const stepMs = 2.5 * minuteMs;
  const endMs = startMs + 32 * hourMs;
  run(store, new FakeCluster(layout), startMs, endMs, stepMs);
  const database = new SqliteDatabase(join(directory, 'c1.sqlite'), { readonly: true });
  t.after(() => database.close());
  for (const { tier, distanceMs } of [
    { tier: 'raw', distanceMs: stepMs },
    { tier: 'minute', distanceMs: stepMs },
    { tier: 'tenMinutes', distanceMs: 10 * minuteMs },
  ] as const) {
    const { first, last } = tickRange(tier);
    const statement = database.prepare<[number, number], number>(
      'SELECT min(at_ms) FROM tick WHERE id BETWEEN ? AND ?',
    );
    const ageMs = endMs - statement.pluck().get(first, last)!;
    assert.ok(ageMs > keep[tier] && ageMs <= keep[tier] + (keyEvery + 2) * distanceMs, `${tier}: ${ageMs / hourMs} h`);
  }
  const orphans = database.prepare(
    `SELECT count(*) FROM sample WHERE id / ${sampleId(1, 0)} NOT IN (SELECT id FROM tick)`,
  );
  assert.equal(orphans.pluck().get(), 0);
  const oldest = read(store, 'committedOffset', endMs - dayMs, endMs)[0]!;
  assert.ok(oldest[0] - (endMs - dayMs) < 10 * minuteMs);
});

test('what happened, and who has gone, is kept as long as the coarsest tier', (t) => {
  const { store } = temporaryStore(t, { tenMinutes: dayMs });
  const fake = new FakeCluster(layout);
  const event = { atMs: startMs, kind: 'group', what: 'created', subject: {}, summary: 'It came.' } as const;
  store.commit(fake.cycle(startMs, { transitions: [raised('f1', startMs)], events: [event] }));
  store.commit(fake.cycle(startMs + dayMs));
  assert.equal(store.transitions('c1', 0, startMs * 2, 9).length, 1);
  store.commit(fake.cycle(startMs + dayMs + 1));
  assert.deepEqual(store.transitions('c1', 0, startMs * 2, 9), []);
  assert.deepEqual(store.events('c1', 0, startMs * 2, 9), []);
});

test('a restart in the middle of a bucket costs the coarse tiers nothing', (t) => {
  const alone = temporaryStore(t, { raw: 10 * minuteMs });
  const restarted = temporaryStore(t, { raw: 10 * minuteMs });
  const endMs = startMs + hourMs;
  run(alone.store, new FakeCluster(layout), startMs, endMs, 20_000);
  for (let fromMs = startMs; fromMs < endMs; fromMs += 100_000) {
    run(restarted.reopen(), new FakeCluster(layout), fromMs, Math.min(endMs, fromMs + 100_000), 20_000);
  }
  for (const field of ['committedOffset', 'lag', 'timeToLossEarliestSeconds'] as const) {
    for (const toMs of [startMs + 30 * minuteMs, endMs]) {
      assert.deepEqual(read(restarted.store, field, startMs, toMs), read(alone.store, field, startMs, toMs));
    }
  }
});

test('what went shortly before a restart ends in the coarse tiers, too', (t) => {
  const opened = temporaryStore(t, { raw: minuteMs, minute: minuteMs });
  run(opened.store, new FakeCluster(layout), startMs, startMs + minuteMs, 20_000);
  const empty = () => new FakeCluster({ ...layout, groups: [] });
  run(opened.store, empty(), startMs + minuteMs, startMs + 15 * minuteMs, 20_000);
  run(opened.reopen(), empty(), startMs + 15 * minuteMs, startMs + 70 * minuteMs, 20_000);
  const lags = read(opened.store, 'lag', startMs, startMs + 60 * minuteMs).map(([, lag]) => lag);
  assert.deepEqual(lags, [1001, ...new Array<number>(5).fill(Number.NaN)]);
});

test('beyond maxBytes the oldest of the finest tier goes first, is counted, and the file stays near the limit', (t) => {
  const maxBytes = 1_000_000;
  const { store } = temporaryStore(t, { maxBytes, raw: dayMs });
  const partitions = 2000;
  const fake = new FakeCluster({ topics: [{ topic: 'orders', topicId: 'id-1', partitions }], groups: [] });
  let atMs = startMs;
  for (let n = 0; n < 400; n++) {
    atMs += 15_000;
    fake.readAll(atMs);
    for (let row = 0; row < partitions; row++) fake.report.partitions.highWatermark[row] = n * (1000 + row);
    store.commit(fake.cycle(atMs));
  }
  assert.ok(store.droppedSamples() > 100, `${store.droppedSamples()} dropped`);
  const ends = (fromMs: number) =>
    store.points({ cluster: 'c1', topic: 'orders', partition: 7 }, 'highWatermark', fromMs, atMs, 9999);
  const whole = ends(startMs);
  assert.ok(whole[0]![0] < startMs + 2 * minuteMs, 'the coarser tiers were dropped');
  assert.equal(whole.at(-1)![1], 399 * 1007);
  assert.ok(store.sizeBytes() < 6 * maxBytes, `${store.sizeBytes()} bytes`);
});

test('a clock that stepped back neither stops the store nor the reading', (t) => {
  const { store } = temporaryStore(t);
  const fake = new FakeCluster(layout);
  run(store, fake, startMs + hourMs, startMs + hourMs + 5 * minuteMs, 20_000);
  run(store, fake, startMs, startMs + 2 * hourMs, 20_000);
  const points = read(store, 'committedOffset', startMs, startMs + 2 * hourMs);
  assert.ok(points.every(([atMs], index) => index === 0 || atMs > points[index - 1]![0]));
  assert.equal(points.at(-1)![0], startMs + 2 * hourMs - 20_000);
});
