import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerMedian } from '../../../../src/evaluators/measures/sibling-rates.ts';
import type { Report } from '../../../../src/model/report.ts';
import { groupRowOf, minuteMs, seriesOf, testEngine, watch } from '../../../support/engine-run.ts';
import { type GroupOptions, TraceBuilder } from '../../../support/trace-builder.ts';

/** `billing` on one partition that gets 100 records a second. */
function billing(options: Partial<GroupOptions> = {}): TraceBuilder {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).advance(10 * minuteMs);
  return trace.group('billing', { topics: ['orders'], members: 1, ...options });
}

function delayOf(report: Report) {
  const { row, timeLagSeconds } = seriesOf(report, 'billing', 'orders')!;
  const { commitDelaySeconds, commitDelayGrowth } = report.series;
  return { seconds: commitDelaySeconds[row]!, growth: commitDelayGrowth[row]!, timeLagSeconds };
}

test('commit delay: steady lag is as old at each commit', () => {
  const { report } = watch(testEngine(), billing({ rate: 100, lag: 12_000 }), 15 * minuteMs);
  const { seconds, growth } = delayOf(report);
  assert.ok(Math.abs(seconds - 120) <= 1, `${seconds} s`);
  assert.equal(growth, 0);
});

test('commit delay: a group that reads all there is has none, however seldom it commits', () => {
  const engine = testEngine();
  const trace = billing({ commitEveryMs: 7 * minuteMs });
  watch(engine, trace, 30 * minuteMs);
  // At every phase of the sawtooth: time lag goes up to seven minutes, the delay at the commits stays within a poll.
  let highest = 0;
  watch(engine, trace, 14 * minuteMs, ({ report }) => {
    const { seconds, timeLagSeconds } = delayOf(report);
    assert.ok(seconds <= 15, `${seconds} s`);
    highest = Math.max(highest, timeLagSeconds);
  });
  assert.ok(highest > 6 * 60);
});

test('commit delay: a group that falls behind by a quarter of time commits ever later, at that pace', () => {
  const { report } = watch(testEngine(), billing({ rate: 75 }), 20 * minuteMs);
  const { seconds, growth } = delayOf(report);
  assert.ok(Math.abs(seconds - 300) <= 10, `${seconds} s`);
  // The least of a third may lie a poll within it.
  assert.ok(Math.abs(growth - 0.25) <= 0.03, `${growth}`);
});

test('commit delay: it stays as it was while nothing moves', () => {
  const trace = billing({ rate: 75 });
  const engine = testEngine();
  const before = delayOf(watch(engine, trace, 20 * minuteMs).report).seconds;
  const after = delayOf(watch(engine, trace.setRate('billing', 0), 10 * minuteMs).report);
  assert.ok(Math.abs(after.seconds - before) <= 15, `${after.seconds} s after ${before}`);
  assert.ok(after.timeLagSeconds > before + 500);
});

test('commit delay: a pause and the way back from it are no growth', () => {
  const trace = billing({ rate: 1000 });
  const engine = testEngine();
  watch(engine, trace, 20 * minuteMs);
  watch(engine, trace.setRate('billing', 0), 3 * minuteMs);
  // It catches up slowly: the delay comes at once, and shrinks for half an hour.
  let highest = 0;
  watch(engine, trace.setRate('billing', 110), 30 * minuteMs, ({ report }) => {
    const { seconds, growth } = delayOf(report);
    highest = Math.max(highest, seconds);
    assert.ok(!(growth > 0), `${growth}`);
  });
  assert.ok(highest > 120);
});

test('commit delay: unknown where its record is older than all that is known, and before the first movement', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).advance(10 * minuteMs);
  trace.group('billing', { topics: ['orders'], members: 1, rate: 50, lag: 30_000 });
  const engine = testEngine();
  const delays: number[] = [];
  // Without answers of offsets-for-times: what lay there before tidemark came has no time.
  trace.run(2 * minuteMs, (snapshot) => {
    for (const step = engine.advance(snapshot); ; ) {
      const { done, value } = step.next();
      if (!done) continue;
      delays.push(delayOf(value.report).seconds);
      break;
    }
    return undefined;
  });
  assert.ok(delays.every(Number.isNaN), delays.join(' '));
});

test('commit delay: a group and its topic have the worst of their partitions', () => {
  const trace = new TraceBuilder().topic('orders', { partitions: 2, rate: 100 }).advance(10 * minuteMs);
  trace.group('billing', { topics: ['orders'], members: 1 }).setRate('billing', 50, 1);
  const { report } = watch(testEngine(), trace, 10 * minuteMs);
  const slow = seriesOf(report, 'billing', 'orders', 1)!.row;
  const worst = report.series.commitDelaySeconds[slow]!;
  assert.ok(worst > 200, `${worst} s`);
  assert.equal(report.groups.commitDelaySeconds[groupRowOf(report, 'billing')], worst);
  assert.equal(report.groupTopics.commitDelaySeconds[0], worst);
});

test('siblings: the median rate of a topic is the lower one of two, and leaves out what is unknown', () => {
  assert.equal(lowerMedian(Float64Array.of(9, 1)), 1);
  assert.equal(lowerMedian(Float64Array.of(9, 1, 5)), 5);
  assert.equal(lowerMedian(Float64Array.of(Number.NaN, 9, Number.NaN, 1, 2)), 2);
  assert.ok(Number.isNaN(lowerMedian(Float64Array.of(Number.NaN))));
  const trace = new TraceBuilder()
    .topic('orders', { rate: 10 })
    .addPartitions('orders', 1, 50)
    .addPartitions('orders', 1, 20);
  const { report } = watch(testEngine(), trace, 5 * minuteMs);
  const rates = [...report.partitions.siblingProduceRate.subarray(0, 3)];
  assert.ok(
    rates.every((rate) => Math.abs(rate - 20) < 0.5),
    rates.join(' '),
  );
});
