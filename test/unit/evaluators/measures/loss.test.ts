import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facet, Snapshot, TopicConfig } from '../../../../src/model/snapshot.ts';
import { advance, hourMs, minuteMs, seriesOf, testEngine, watch } from '../../../support/engine-run.ts';
import { TraceBuilder } from '../../../support/trace-builder.ts';

function slowOn(config: TopicConfig, rate = 100): TraceBuilder {
  const trace = new TraceBuilder().topic('orders', { rate, config });
  return trace.group('slow', { topics: ['orders'], rate: rate / 4 });
}

function without(snapshot: Snapshot, ...facets: readonly Facet[]): Snapshot {
  const reads = Object.fromEntries(
    Object.entries(snapshot.reads).filter(([facet]) => !facets.includes(facet as Facet)),
  );
  return { ...snapshot, reads };
}

test('neither retention nor a moving log start is known: unknown, not no loss', () => {
  const engine = testEngine();
  const trace = slowOn({});
  let series = seriesOf(
    advance(engine, without(trace.advance(15_000).snapshot(), 'topic-configs')).report,
    'slow',
    'orders',
  )!;
  for (let polls = 0; polls < 40; polls++) {
    const { report } = advance(engine, without(trace.advance(15_000).snapshot(), 'topic-configs'));
    series = seriesOf(report, 'slow', 'orders')!;
  }
  assert.ok(Number.isNaN(series.earliest));
  assert.equal(series.whyTimeToLoss, 'retention-unread');
  assert.equal(series.outlook, 'insufficient-data');
});

test('retention unread, but segments are seen to be deleted: the loss as observed', () => {
  const engine = testEngine();
  const trace = slowOn({ retentionMs: 20 * minuteMs, segmentMs: minuteMs });
  trace.setRate('slow', 50);
  let series = seriesOf(
    advance(engine, without(trace.advance(15_000).snapshot(), 'topic-configs')).report,
    'slow',
    'orders',
  )!;
  while (trace.nowMs - trace.startMs < 30 * minuteMs) {
    const { report } = advance(engine, without(trace.advance(15_000).snapshot(), 'topic-configs'));
    series = seriesOf(report, 'slow', 'orders')!;
  }
  assert.equal(series.lossBy, 'observed');
  let seconds = 0;
  while (trace.lostRecords('slow', 'orders') === 0 && seconds < 7200) {
    trace.advance(1000);
    seconds++;
  }
  assert.ok(
    series.earliest <= seconds && seconds <= series.latest,
    `${series.earliest} <= ${seconds} <= ${series.latest}`,
  );
});

test('no limit, or only compaction: no loss, and no share of a retention', () => {
  for (const config of [{ retentionMs: -1 }, { cleanupPolicy: ['compact'], retentionMs: hourMs }]) {
    const series = seriesOf(watch(testEngine(), slowOn(config), 20 * minuteMs).report, 'slow', 'orders')!;
    assert.ok(Number.isNaN(series.earliest) && Number.isNaN(series.retentionUsedRatio));
    assert.equal(series.whyTimeToLoss, null);
    assert.equal(series.outlook, 'keeps-up');
  }
});

test('a size limit without known sizes: unknown by size, until a log that is too small cannot reach it', () => {
  const config = { retentionMs: -1, retentionBytes: 2 ** 30 };
  const engine = testEngine();
  const trace = slowOn(config);
  let series = seriesOf(watch(engine, trace, 15_000).report, 'slow', 'orders')!;
  for (let polls = 0; polls < 20; polls++) {
    series = seriesOf(advance(engine, without(trace.advance(15_000).snapshot(), 'log-dirs')).report, 'slow', 'orders')!;
  }
  assert.equal(series.whyTimeToLoss, 'size-unread');
});

test('records that came late with old timestamps die by their timestamps, not by their arrival', () => {
  const trace = new TraceBuilder().topic('mirror', { rate: 100, config: { retentionMs: hourMs } });
  trace.group('slow', { topics: ['mirror'], rate: 0, lag: 0 });
  const engine = testEngine();
  watch(engine, trace, 5 * minuteMs);
  const arrival = seriesOf(watch(engine, trace, 15_000).report, 'slow', 'mirror')!;
  assert.ok(arrival.earliest > 3000);
  const snapshot = trace.advance(15_000).snapshot();
  // Asked for half of the retention ago, the broker answers with the end: all that is there is older.
  const value = [{ topic: 'mirror', partition: 0, timestampMs: snapshot.atMs - hourMs / 2, offset: null }];
  const answered = {
    ...snapshot,
    reads: { ...snapshot.reads, 'offsets-for-times': { value, observedAtMs: snapshot.atMs, failures: [] } },
  };
  const { report, timeProbes } = advance(engine, answered);
  assert.ok(seriesOf(report, 'slow', 'mirror')!.earliest <= 1800);
  assert.ok(timeProbes.length > 0);
});

test('older than all that is known: at least, and no loss is claimed from a bound', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 100, config: { retentionMs: hourMs } })
    .advance(20 * minuteMs);
  trace.group('behind', { topics: ['orders'], rate: 50, lag: 60_000 });
  const engine = testEngine();
  let series = seriesOf(advance(engine, trace.advance(15_000).snapshot()).report, 'behind', 'orders')!;
  for (let polls = 0; polls < 12; polls++)
    series = seriesOf(advance(engine, trace.advance(15_000).snapshot()).report, 'behind', 'orders')!;
  assert.equal(series.timeLagMethod, 'at-least');
  assert.ok(series.timeLagSeconds > 170 && series.timeLagSeconds < 600);
  assert.equal(series.whyTimeToLoss, 'insufficient-data');
});

test('a commit ahead of the end: the lag is 0, never below', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('odd', { topics: ['orders'], rate: 0 });
  trace.commit('odd', 'orders', 0, 1_000_000);
  assert.equal(seriesOf(watch(testEngine(), trace, minuteMs).report, 'odd', 'orders')!.lag, 0);
});

test('read_committed: lag is measured to the last stable offset where the policy says so', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('ledger', { topics: ['orders'], rate: 0 });
  const match = { group: 'ledger' };
  const policy = {
    match,
    isolationLevel: 'read_committed',
    sloSeverity: 'warning',
    lossPageSeconds: 0,
    mute: [],
    labels: {},
  } as const;
  const engine = testEngine({ policies: [{ ...policy, mute: [...policy.mute] }] });
  const snapshot = trace.advance(10 * minuteMs).snapshot();
  const ends = { topic: 'orders', partitions: [0], highWatermarks: [6000], lastStableOffsets: [4000] };
  const read = { ...snapshot.reads['end-offsets']!, value: [ends] };
  const { report } = advance(engine, { ...snapshot, reads: { ...snapshot.reads, 'end-offsets': read } });
  assert.equal(seriesOf(report, 'ledger', 'orders')!.lag, 4000);
});
