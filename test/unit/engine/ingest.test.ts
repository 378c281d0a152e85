import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facet, Failure, Snapshot } from '../../../src/model/snapshot.ts';
import {
  advance,
  changed,
  groupRowOf,
  hourMs,
  minuteMs,
  seriesOf,
  testEngine,
  watch,
} from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

function watched() {
  const trace = new TraceBuilder().topic('orders', { rate: 10, partitions: 2 });
  trace.group('billing', { topics: ['orders'] }).group('audit', { topics: ['orders'] });
  const engine = testEngine();
  watch(engine, trace, minuteMs);
  return { trace, engine, next: () => trace.advance(15_000).snapshot() };
}

test('a group that a complete read does not hold is gone', () => {
  const { trace, engine, next } = watched();
  trace.deleteGroup('billing');
  const { report, events } = advance(engine, next());
  assert.equal(groupRowOf(report, 'billing'), -1);
  assert.deepEqual([report.counts.groups, report.counts.series], [1, 2]);
  assert.ok(events.some(({ kind, what }) => kind === 'group' && what === 'deleted'));
});

test('what a failure covers, or a filtered view may hide, is not gone', () => {
  const { trace, engine, next } = watched();
  trace.deleteGroup('billing');
  const failure: Failure = { collector: 'group-membership', code: 'upstream.timeout', brokerId: 1 };
  const covered = advance(engine, changed(next(), 'group-membership', { failures: [failure] }));
  assert.notEqual(groupRowOf(covered.report, 'billing'), -1);
  const filtered = advance(engine, { ...next(), completeness: 'filtered' });
  assert.notEqual(groupRowOf(filtered.report, 'billing'), -1);
  const elsewhere: Failure = { collector: 'group-membership', code: 'upstream.timeout', brokerId: 2 };
  const gone = advance(engine, changed(next(), 'group-membership', { failures: [elsewhere] }));
  assert.equal(groupRowOf(gone.report, 'billing'), -1, 'another broker does not coordinate it');
});

test('a facet that was not read leaves everything as it was, and it ages', () => {
  const { engine, next } = watched();
  const without = (facet: Facet): Snapshot => {
    const snapshot = next();
    return {
      ...snapshot,
      reads: { ...snapshot.reads, [facet]: undefined },
      failures: [{ collector: facet, code: 'upstream.timeout' }],
    };
  };
  let { report } = advance(engine, without('end-offsets'));
  assert.equal(seriesOf(report, 'billing', 'orders')!.whyLag, null);
  for (let polls = 0; polls < 4; polls++) ({ report } = advance(engine, without('end-offsets')));
  const series = seriesOf(report, 'billing', 'orders')!;
  assert.equal(series.whyLag, 'stale');
  assert.equal(series.outlook, 'insufficient-data');
  assert.ok(Number.isNaN(series.lag));
  assert.equal(report.series.age[series.row], 2);
  assert.equal(report.partitions.age[report.series.partitionRow[series.row]!], 2);
});

test('a topic with a new ID is another topic: its series begin anew, and the old one is gone', () => {
  const { trace, engine, next } = watched();
  const before = seriesOf(watch(engine, trace, 10 * minuteMs).report, 'billing', 'orders')!;
  assert.ok(before.consumeRate > 9);
  trace.deleteTopic('orders').topic('orders', { rate: 10, partitions: 2, topicId: 'another' });
  trace.group('billing', { topics: ['orders'] });
  const { report, events } = advance(engine, next());
  const after = seriesOf(report, 'billing', 'orders')!;
  assert.ok(Number.isNaN(after.consumeRate));
  assert.equal(after.rewoundNow, 0);
  assert.equal(report.topics.topicId[report.partitions.topicRow[report.series.partitionRow[after.row]!]!], 'another');
  assert.ok(events.some(({ what }) => what === 're-created'));
});

test('a topic that could not be described is not gone', () => {
  const { trace, engine, next } = watched();
  trace.deleteTopic('orders');
  const failure: Failure = { collector: 'cluster', code: 'upstream.denied', topics: [{ topic: 'orders' }] };
  assert.equal(advance(engine, changed(next(), 'cluster', { failures: [failure] })).report.counts.partitions, 2);
  assert.equal(advance(engine, next()).report.counts.partitions, 0);
});

test('a deleted topic takes its series along; their rows are used again', () => {
  const { trace, engine } = watched();
  trace.topic('other', { rate: 1, partitions: 2 }).group('billing', { topics: ['orders', 'other'] });
  const rows = watch(engine, trace, 30_000).report.series.rows;
  trace.deleteTopic('other');
  const { report } = watch(engine, trace, 15_000);
  assert.deepEqual([report.counts.series, report.counts.partitions], [4, 2]);
  trace.topic('third', { rate: 1, partitions: 2 }).group('audit', { topics: ['orders', 'third'] });
  assert.equal(watch(engine, trace, 15_000).report.series.rows, rows);
});

test('a series whose commit vanishes is gone, but lives on without one while a member owns it', () => {
  const { engine, next } = watched();
  const snapshot = next();
  const value = snapshot.reads['committed-offsets']!.value.map(({ groupId }) => ({ groupId, topics: [] }));
  const { report } = advance(engine, changed(snapshot, 'committed-offsets', { value }));
  const series = seriesOf(report, 'billing', 'orders')!;
  assert.equal(series.whyLag, 'no-commit');
  assert.ok(Number.isNaN(report.groups.lag[groupRowOf(report, 'billing')]!));
  assert.equal(report.groupTopics.uncommittedPartitions[0], 2);
});

test('what changed is told: members, leaders, settings, partitions, brokers', () => {
  const { trace, engine, next } = watched();
  trace.replaceMembers('billing').setLeader('orders', 0, 2).configure('orders', { retentionMs: hourMs });
  const { events } = advance(engine, next());
  const first = events.map(({ kind, what }) => `${kind} ${what}`);
  for (const told of [
    'member joined',
    'member left',
    'rebalance rebalanced',
    'leader leader-moved',
    'config config-changed',
  ]) {
    assert.ok(first.includes(told), `${told} in ${first}`);
  }
  const setting = events.find(({ kind }) => kind === 'config')?.summary;
  assert.equal(setting, 'Topic orders was reconfigured: retention.ms from 604800000 (7d) to 3600000 (1h).');
  const snapshot = next();
  const cluster = { ...snapshot.reads.cluster!.value, brokers: [] };
  const gone = advance(engine, changed(snapshot, 'cluster', { value: cluster })).events;
  assert.ok(gone.some(({ kind, what }) => kind === 'broker' && what === 'gone'));
});

test('a broker in a replica list that does not live is a row that is not up', () => {
  const { engine, next } = watched();
  const snapshot = next();
  const cluster = structuredClone(snapshot.reads.cluster!.value);
  Object.assign(cluster.topics[0]!.partitions[0]!, { replicas: [1, 9] });
  const { report } = advance(engine, changed(snapshot, 'cluster', { value: cluster }));
  assert.deepEqual(
    report.brokers.map(({ brokerId, up, leaders }) => [brokerId, up, leaders]),
    [
      [1, true, 2],
      [9, false, 0],
    ],
  );
});

test('a high watermark that falls for one poll is a new leader, one that stays below is a truncation', () => {
  const { trace, engine, next } = watched();
  watch(engine, trace, 10 * minuteMs);
  const fallen = () => {
    const snapshot = next();
    const ends = { topic: 'orders', partitions: [0, 1], highWatermarks: [100, 100], lastStableOffsets: [100, 100] };
    return advance(engine, changed(snapshot, 'end-offsets', { value: [ends] })).report.partitions;
  };
  const once = fallen();
  assert.ok(once.highWatermark[0]! > 6000 && once.produceRate[0]! > 9);
  assert.ok(advance(engine, next()).report.partitions.produceRate[0]! > 9);
  fallen();
  const twice = fallen();
  assert.equal(twice.highWatermark[0], 100);
  assert.ok(Number.isNaN(twice.produceRate[0]!));
});

test('wall and monotonic time part: told, and windows begin anew', () => {
  const { trace, engine, next } = watched();
  watch(engine, trace, 10 * minuteMs);
  const snapshot = next();
  const stepMs = 40_000;
  const stepped: Snapshot = {
    ...snapshot,
    atMs: snapshot.atMs + stepMs,
    reads: Object.fromEntries(
      Object.entries(snapshot.reads).map(([facet, read]) => [
        facet,
        { ...read, observedAtMs: read.observedAtMs + stepMs },
      ]),
    ) as Snapshot['reads'],
  };
  const { report, events } = advance(engine, stepped);
  assert.ok(events.some(({ what }) => what === 'clock-stepped'));
  assert.ok(Number.isNaN(report.partitions.produceRate[0]!));
  assert.equal(report.series.committedReadAtMs[0], stepped.atMs);
  assert.equal(seriesOf(report, 'billing', 'orders')!.lag >= 0, true);
});

test('read times of the broker that answered are what rates use', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).group('billing', { topics: ['orders'] });
  const engine = testEngine();
  let late = 0;
  const { report } = watch(
    {
      ...engine,
      advance: (snapshot: Snapshot) => {
        // The broker answers later and later, and by then has more records.
        late += 1000;
        const end = trace.endOffset('orders') + late / 10;
        const value = [{ topic: 'orders', partitions: [0], highWatermarks: [end], lastStableOffsets: [end] }];
        const read = { ...snapshot.reads['end-offsets']!, value, brokers: { 1: snapshot.atMs + late } };
        return engine.advance({ ...snapshot, reads: { ...snapshot.reads, 'end-offsets': read } });
      },
    },
    trace,
    5 * minuteMs,
  );
  assert.ok(Math.abs(report.partitions.produceRate[0]! - 100) < 0.5, `${report.partitions.produceRate[0]}`);
});
