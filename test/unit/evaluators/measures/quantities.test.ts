import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hourMs, minuteMs, seriesOf, testEngine, watch } from '../../../support/engine-run.ts';
import { TraceBuilder } from '../../../support/trace-builder.ts';

function near(actual: number, expected: number, share: number): void {
  assert.ok(
    Math.abs(actual - expected) <= Math.abs(expected) * share,
    `${actual} is not within ${share} of ${expected}`,
  );
}

test('steady lag, however high, is steady: equal rates, no drain, no loss', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 1000 }).advance(10 * minuteMs);
  trace.group('billing', { topics: ['orders'], rate: 1000, lag: 300_000 });
  const { report } = watch(testEngine(), trace, 15 * minuteMs);
  const series = seriesOf(report, 'billing', 'orders')!;
  assert.equal(series.lag, 300_000);
  assert.equal(series.lagTrend, 'steady');
  near(series.produceRate, 1000, 0.001);
  near(series.consumeRate, 1000, 0.001);
  near(series.timeLagSeconds, 300, 0.01);
  assert.equal(series.timeLagMethod, 'interpolated');
  assert.ok(Number.isNaN(series.timeToDrainSeconds) && Number.isNaN(series.earliest));
  assert.equal(series.whyTimeToDrain, null);
  assert.equal(series.outlook, 'keeps-up');
});

test('where nothing is unread the time lag is 0, and no method applies', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 0 }).group('billing', { topics: ['orders'] });
  const series = seriesOf(watch(testEngine(), trace, minuteMs).report, 'billing', 'orders')!;
  assert.deepEqual([series.lag, series.timeLagSeconds, series.timeLagMethod], [0, 0, null]);
});

test('seldom commits: the rate between movements is right, the sawtooth has no trend, its interval is learned', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 });
  trace.group('billing', { topics: ['orders'], commitEveryMs: 7 * minuteMs });
  const engine = testEngine();
  watch(engine, trace, 40 * minuteMs);
  // At every phase of the sawtooth.
  watch(engine, trace, 14 * minuteMs, ({ report }) => {
    const series = seriesOf(report, 'billing', 'orders')!;
    near(series.consumeRate, 100, 0.05);
    assert.equal(series.commitIntervalMs, 7 * minuteMs);
    assert.equal(series.lagTrend, 'steady');
    assert.equal(series.outlook, 'keeps-up');
  });
});

test('a job that comes once an hour and reads all there is: no rate and no loss is claimed before its rhythm is known', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 10 })
    .group('job', { topics: ['orders'], members: 0, rate: 0 });
  const engine = testEngine();
  const come = () => watch(engine, trace.setRate('job', Number.POSITIVE_INFINITY), 15_000).report;
  const leave = (ms: number) => watch(engine, trace.setRate('job', 0), ms).report;
  watch(engine, trace, 20 * minuteMs);
  come();
  const once = seriesOf(leave(5 * minuteMs), 'job', 'orders')!;
  assert.deepEqual([once.whyConsumeRate, once.outlook], ['one-movement', 'insufficient-data']);
  leave(54 * minuteMs);
  come();
  watch(engine, trace.setRate('job', 0), 58 * minuteMs, ({ report }) => {
    assert.equal(seriesOf(report, 'job', 'orders')!.outlook, 'insufficient-data');
  });
});

test('a group that dies after its first movements stands once a window has passed', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('billing', { topics: ['orders'], rate: 5 });
  const engine = testEngine();
  watch(engine, trace, 45_000);
  const dead = (ms: number) => seriesOf(watch(engine, trace.setRate('billing', 0), ms).report, 'billing', 'orders')!;
  const undecided = dead(9 * minuteMs);
  assert.deepEqual([undecided.consumeRate, undecided.outlook], [Number.NaN, 'insufficient-data']);
  assert.equal(dead(2 * minuteMs).consumeRate, 0);
});

test('a group that falls behind: trend, both clocks and their bounds hold the truth', () => {
  const trace = new TraceBuilder().topic('orders', {
    rate: 1000,
    config: { retentionMs: hourMs, segmentMs: minuteMs },
  });
  trace.advance(5 * minuteMs).group('slow', { topics: ['orders'], rate: 250 });
  const engine = testEngine();
  const { report } = watch(engine, trace, 20 * minuteMs);
  const series = seriesOf(report, 'slow', 'orders')!;
  assert.equal(series.lagTrend, 'rising');
  near(series.lagSlopePerSecond, 750, 0.02);
  near(series.consumeRate, 250, 0.02);
  assert.equal(series.lossBy, 'time');
  assert.equal(series.outlook, 'loses-first');
  let lossAtMs = Number.NaN;
  const saidAtMs = report.atMs;
  for (let polls = 0; Number.isNaN(lossAtMs) && polls < 6000; polls++) {
    trace.advance(1000);
    if (trace.lostRecords('slow', 'orders') > 0) lossAtMs = trace.nowMs;
  }
  const seconds = (lossAtMs - saidAtMs) / 1000;
  assert.ok(
    series.earliest <= seconds && seconds <= series.latest,
    `${series.earliest} <= ${seconds} <= ${series.latest}`,
  );
  assert.ok(series.earliest > 0.85 * seconds && series.latest < 1.15 * seconds);
});

test('size-limited: the loss comes by size, within its bounds', () => {
  const config = { retentionBytes: 4 * 2 ** 20, segmentBytes: 2 ** 20 };
  const trace = new TraceBuilder().topic('clicks', { rate: 100, recordBytes: 100, config });
  trace.group('slow', { topics: ['clicks'], rate: 25 });
  const { report } = watch(testEngine(), trace, 5 * minuteMs);
  const series = seriesOf(report, 'slow', 'clicks')!;
  assert.equal(series.lossBy, 'size');
  let seconds = 0;
  while (trace.lostRecords('slow', 'clicks') === 0 && seconds < 3600) {
    trace.advance(1000);
    seconds++;
  }
  assert.ok(
    series.earliest <= seconds && seconds <= series.latest,
    `${series.earliest} <= ${seconds} <= ${series.latest}`,
  );
});

test('draining: time to drain is lag / (c - p), and no loss lies ahead', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 1000 }).advance(10 * minuteMs);
  trace.group('catching-up', { topics: ['orders'], rate: 1500, lag: 600_000 });
  const { report } = watch(testEngine(), trace, 8 * minuteMs);
  const series = seriesOf(report, 'catching-up', 'orders')!;
  assert.equal(series.lagTrend, 'falling');
  near(series.timeToDrainSeconds, series.lag / 500, 0.05);
  assert.ok(Number.isNaN(series.earliest));
});

test('close to the edge and draining slowly: it drains before the earliest loss, or the loss is told', () => {
  const config = { retentionMs: hourMs, segmentMs: minuteMs };
  const trace = new TraceBuilder().topic('orders', { rate: 1000, config }).advance(20 * minuteMs);
  trace.group('slowly', { topics: ['orders'], rate: 1040, lag: 60_000 });
  const { report } = watch(testEngine(), trace, 12 * minuteMs);
  const series = seriesOf(report, 'slowly', 'orders')!;
  assert.ok(series.timeToDrainSeconds > 0 && series.earliest > series.timeToDrainSeconds);
  assert.equal(series.outlook, 'drains-before-loss');
});

test('stopped: a rate of 0 after three commit intervals; the trend is what is produced', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 });
  trace.group('billing', { topics: ['orders'], commitEveryMs: 30_000 });
  const engine = testEngine();
  watch(engine, trace, 15 * minuteMs);
  trace.setRate('billing', 0).setState('billing', 'Empty', 0);
  const soon = seriesOf(watch(engine, trace, minuteMs).report, 'billing', 'orders')!;
  near(soon.consumeRate, 100, 0.05);
  const later = seriesOf(watch(engine, trace, 5 * minuteMs).report, 'billing', 'orders')!;
  assert.equal(later.consumeRate, 0);
  near(later.lagSlopePerSecond, 100, 0.001);
  assert.equal(later.lagTrend, 'rising');
  assert.equal(later.ownership, 'orphaned');
  assert.equal(later.pollsWithoutMovement, 24);
});

test('unknown is unknown, with its reason: one movement, no commit, the first cycle', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100, partitions: 1 });
  trace.group('billing', { topics: ['orders'], rate: 50, commitEveryMs: 45_000, lag: 0 });
  const engine = testEngine();
  const first = seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!;
  assert.equal(first.whyConsumeRate, 'insufficient-data');
  assert.equal(first.outlook, 'insufficient-data');
  assert.equal(first.lagTrend, 'insufficient-data');
  const third = seriesOf(watch(engine, trace, 30_000).report, 'billing', 'orders')!;
  assert.equal(third.whyConsumeRate, 'one-movement');
  assert.ok(Number.isNaN(third.consumeRate));
});

test('a lag that markers leave at an idle tail is a residue: shown raw, no time lag, no loss', () => {
  const trace = new TraceBuilder().topic('payments', { rate: 0 });
  trace.group('ledger', { topics: ['payments'] });
  const engine = testEngine();
  for (let batch = 0; batch < 3; batch++) {
    trace.append('payments', 0, 50);
    watch(engine, trace, minuteMs);
    trace.append('payments', 0, 1).setRate('ledger', 0);
    watch(engine, trace, 20 * minuteMs);
    trace.setRate('ledger', Number.POSITIVE_INFINITY);
    if (batch === 0)
      assert.notEqual(seriesOf(watch(engine, trace.setRate('ledger', 0), 15_000).report, 'ledger', 'payments')!.lag, 0);
    trace.setRate('ledger', Number.POSITIVE_INFINITY);
  }
  trace.setRate('ledger', 0);
  const series = seriesOf(watch(engine, trace, 15_000).report, 'ledger', 'payments')!;
  assert.equal(series.lag, 1);
  assert.equal(series.timeLagMethod, 'residue');
  assert.equal(series.timeLagSeconds, 0);
  assert.equal(series.outlook, 'keeps-up');
  const moving = seriesOf(watch(engine, trace.append('payments', 0, 200), 15_000).report, 'ledger', 'payments')!;
  assert.equal(moving.timeLagMethod, 'interpolated');
});

test('the first cycles already tell the time lag of what was written before tidemark came', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 1000, config: { retentionMs: hourMs } })
    .advance(30 * minuteMs);
  trace.group('behind', { topics: ['orders'], rate: 1000, lag: 720_000 });
  const engine = testEngine();
  assert.equal(seriesOf(watch(engine, trace, 15_000).report, 'behind', 'orders')!.whyTimeLag, 'insufficient-data');
  let series = seriesOf(watch(engine, trace, 15_000).report, 'behind', 'orders');
  // The probes that the second cycle wanted are lost with a new run: what was answered suffices.
  assert.ok(series !== undefined);
  trace.run(2 * minuteMs, () => undefined);
  series = seriesOf(watch(engine, trace, 2 * minuteMs).report, 'behind', 'orders')!;
  assert.equal(series.timeLagMethod, 'seeded');
  near(series.timeLagSeconds, 720, 0.05);
});

test('a record that retention took has no known age: an answer that is the log start does not tell how old it was', () => {
  const trace = new TraceBuilder().topic('orders', {
    rate: 1000,
    config: { retentionMs: 7 * 24 * hourMs, retentionBytes: 2_000_000, segmentBytes: 1_000_000 },
  });
  trace.group('behind', { topics: ['orders'], rate: 0 }).advance(10 * minuteMs);
  const engine = testEngine();
  const series = seriesOf(watch(engine, trace, minuteMs).report, 'behind', 'orders')!;
  assert.equal(series.outlook, 'losing');
  assert.equal(series.timeLagMethod, 'at-least');
  assert.ok(series.timeLagSeconds < 11 * 60, `${series.timeLagSeconds}`);
});
