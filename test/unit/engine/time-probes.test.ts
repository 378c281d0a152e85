import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, hourMs, minuteMs, seriesOf, testEngine, watch } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

/** A group that stopped that long before tidemark came. */
function stoppedBefore(ageMs: number, retentionMs: number): TraceBuilder {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 3, config: { retentionMs, segmentMs: minuteMs } })
    .advance(30_000);
  const committed = trace.endOffset('orders');
  trace.advance(ageMs).group('stopped', { topics: ['orders'], rate: 0 });
  return trace.commit('stopped', 'orders', 0, committed);
}

test('the second cycle tells roughly how old the first unread record is, a few more tell it within a tenth', () => {
  const trace = stoppedBefore(50 * minuteMs, 24 * hourMs);
  const engine = testEngine();
  let polls = 0;
  watch(engine, trace, 2 * minuteMs, ({ report }) => {
    polls++;
    const series = seriesOf(report, 'stopped', 'orders')!;
    if (polls === 1) assert.equal(series.whyTimeLag, 'insufficient-data');
    else assert.equal(series.timeLagMethod, 'seeded');
    const truth = 50 * 60 + polls * 15;
    if (polls >= 5)
      assert.ok(Math.abs(series.timeLagSeconds - truth) < 0.1 * truth, `${series.timeLagSeconds} of ${truth}`);
  });
});

test('near its expiry a record is dated to a tenth of what is left, not of its age', () => {
  const retentionMs = 24 * hourMs;
  const ageMs = 23.5 * hourMs;
  const engine = testEngine();
  const { report } = watch(engine, stoppedBefore(ageMs, retentionMs), 5 * minuteMs);
  const series = seriesOf(report, 'stopped', 'orders')!;
  const left = (retentionMs - ageMs - 5 * minuteMs) / 1000;
  assert.ok(Math.abs(series.earliest - left) < 0.1 * left, `${series.earliest} of ${left}`);
});

test('what is known well enough is asked no more; what keeps up is never asked', () => {
  const engine = testEngine();
  const trace = stoppedBefore(50 * minuteMs, 24 * hourMs).topic('other', { rate: 10 });
  trace.group('healthy', { topics: ['other'], commitEveryMs: 500 });
  const { timeProbes } = watch(engine, trace, 4 * minuteMs, (cycle) => {
    assert.ok(cycle.timeProbes.every(({ topic }) => topic === 'orders'));
  });
  assert.deepEqual(timeProbes, []);
});

test('a cycle asks no more than it may, and the others in turn', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 3, partitions: 20, config: { retentionMs: hourMs } })
    .advance(10 * minuteMs);
  trace.group('behind', { topics: ['orders'], rate: 3, lag: 1000 });
  const engine = testEngine({ measures: { probesPerCycle: 12 } });
  const partitions = new Set<number>();
  for (let poll = 0; poll < 20; poll++) {
    const { timeProbes } = advance(engine, trace.advance(15_000).snapshot());
    assert.ok(timeProbes.length <= 12);
    for (const { partition } of timeProbes) partitions.add(partition);
  }
  assert.equal(partitions.size, 20);
});
