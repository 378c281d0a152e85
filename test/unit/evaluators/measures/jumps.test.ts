import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, changed, hourMs, minuteMs, seriesOf, testEngine, watch } from '../../../support/engine-run.ts';
import { TraceBuilder } from '../../../support/trace-builder.ts';

test('what retention takes is counted, although the consumer never stands below the log start', () => {
  const config = { retentionMs: 5 * minuteMs, segmentMs: 30_000 };
  const trace = new TraceBuilder().topic('orders', { rate: 1000, config });
  trace.group('slow', { topics: ['orders'], rate: 250 });
  const engine = testEngine();
  watch(engine, trace, 12 * minuteMs);
  let counted = 0;
  const before = trace.lostRecords('slow', 'orders');
  const { report } = watch(engine, trace, 20 * minuteMs, (cycle) => {
    const series = seriesOf(cycle.report, 'slow', 'orders')!;
    assert.equal(series.outlook, 'losing');
    assert.equal(series.skippedNow, 0);
    counted += series.lostNow;
  });
  const truth = trace.lostRecords('slow', 'orders') - before;
  assert.ok(truth > 500_000);
  assert.ok(Math.abs(counted - truth) < 0.1 * truth, `${counted} counted of ${truth}`);
  const counter = report.groupTopics.lostRecords[0]!;
  assert.ok(counter >= counted);
  const rate = seriesOf(report, 'slow', 'orders')!.consumeRate;
  assert.ok(Math.abs(rate - 250) < 50, `what was lost is no consumption: ${rate}/s`);
});

test('a group that stands still loses exactly what the log start passes', () => {
  const config = { retentionMs: 5 * minuteMs, segmentMs: 30_000 };
  const trace = new TraceBuilder().topic('orders', { rate: 100, config });
  trace.group('stopped', { topics: ['orders'] });
  const engine = testEngine();
  watch(engine, trace, 2 * minuteMs);
  trace.setRate('stopped', 0);
  const committed = trace.committedOffset('stopped', 'orders');
  let counted = 0;
  const { report } = watch(engine, trace, 15 * minuteMs, (cycle) => {
    counted += seriesOf(cycle.report, 'stopped', 'orders')!.lostNow;
  });
  assert.equal(counted, trace.logStartOffset('orders') - committed);
  const series = seriesOf(report, 'stopped', 'orders')!;
  assert.equal(series.outlook, 'losing');
  assert.equal(series.earliest, 0);
});

test('what was fetched before it was deleted is still read: the loss is counted once, the rate stays true', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  trace.group('slow', { topics: ['orders'], members: 0, rate: 0 }).advance(hourMs);
  const engine = testEngine({ intervalMs: 2000 });
  let committed = 1000;
  let counted = 0;
  // Every 12 polls the consumer has read what it had fetched, finds it gone, and resets to the log start.
  for (let poll = 0; poll < 240; poll++) {
    const logStart = 2000 + Math.floor(poll / 4) * 40;
    committed = poll % 12 === 0 && poll > 0 ? logStart + 3 : committed + 3;
    const snapshot = trace.commit('slow', 'orders', 0, committed).advance(2000).snapshot();
    const value = [{ topic: 'orders', partitions: [0], offsets: [logStart] }];
    const { report } = advance(engine, changed(snapshot, 'log-start-offsets', { value }));
    const series = seriesOf(report, 'slow', 'orders')!;
    counted += series.lostNow;
    if (poll > 24) assert.ok(Math.abs(series.consumeRate - 1.5) < 0.3, `${series.consumeRate}`);
  }
  assert.ok(counted <= 59 * 40, `${counted}`);
  assert.ok(counted > 59 * 40 * 0.8, `${counted}`);
});

test('what was lost before tidemark came is not counted', () => {
  const config = { retentionMs: 5 * minuteMs, segmentMs: 30_000 };
  const trace = new TraceBuilder().topic('orders', { rate: 100, config });
  trace.group('old', { topics: ['orders'], rate: 0, members: 0 }).advance(20 * minuteMs);
  trace
    .setProduceRate('orders', 0)
    .advance(10 * minuteMs)
    .append('orders', 0, 100);
  assert.ok(trace.logStartOffset('orders') > 0);
  watch(testEngine(), trace, minuteMs, ({ report }) => {
    assert.equal(seriesOf(report, 'old', 'orders')!.lostNow, 0);
    assert.equal(seriesOf(report, 'old', 'orders')!.outlook, 'losing');
  });
});

test('at the edge of retention a loss is inferred from where the log start lies on the way of one poll', () => {
  // It reads 150 offsets a poll, and may be anywhere on that way when the broker's check comes.
  const cases = [
    {
      lag: 5820,
      passed: 130,
      moved: 210,
      lost: 60,
      why: 'three quarters of the way: most probably it had not come so far',
    },
    { lag: 5820, passed: 110, moved: 210, lost: 0, why: 'less: it may have read on' },
    { lag: 5820, passed: 130, moved: 150, lost: 0, why: 'it moved by what it reads' },
    { lag: 5820, passed: 210, moved: 210, lost: 60, why: 'reset to the log start, and stays there' },
    { lag: 5000, passed: 290, moved: 400, lost: 0, why: 'not due, and two polls may have read that' },
    { lag: 5000, passed: 310, moved: 400, lost: 250, why: 'not due, but more than could be read' },
    { lag: 5000, passed: 400, moved: 400, lost: 0, why: 'a purge up to the commit' },
  ];
  for (const { lag, passed, moved, lost, why } of cases) {
    const config = { retentionMs: 10 * minuteMs, segmentMs: 24 * hourMs };
    const trace = new TraceBuilder().topic('orders', { rate: 10, config }).advance(hourMs);
    trace.group('billing', { topics: ['orders'], rate: 0 });
    const engine = testEngine();
    const readTo = (offset: number) => {
      trace.commit('billing', 'orders', 0, offset);
      return seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!;
    };
    let committed = trace.endOffset('orders') - lag;
    for (let poll = 0; poll < 60; poll++) {
      committed += 150;
      assert.equal(readTo(committed).lostNow, 0);
    }
    trace.deleteRecords('orders', 0, committed + passed);
    assert.equal(readTo(committed + moved).lostNow, lost, why);
  }
});

test('DeleteRecords up to the commit is no loss, in bursts of traffic either', () => {
  const rate = (ms: number) => (ms % (5 * minuteMs) < 30_000 ? 5000 : 1);
  const trace = new TraceBuilder().topic('repartition', { rate, config: { retentionMs: hourMs } });
  trace.group('streams', { topics: ['repartition'], commitEveryMs: 30_000, purges: true });
  watch(testEngine(), trace, 40 * minuteMs, ({ report }) => {
    const series = seriesOf(report, 'streams', 'repartition')!;
    assert.equal(series.lostNow, 0);
    assert.notEqual(series.outlook, 'losing');
  });
  assert.ok(trace.logStartOffset('repartition') > 100_000);
});

test('a commit that goes back is rewound, one that leaps ahead is skipped; neither is consumption', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).advance(hourMs);
  trace.group('billing', { topics: ['orders'], rate: 100, lag: 100_000 });
  const engine = testEngine();
  watch(engine, trace, 10 * minuteMs);
  const before = trace.committedOffset('billing', 'orders');
  trace.commit('billing', 'orders', 0, before + 90_000);
  // Much is left unread after the leap: the next poll shows that the group does not race on, so that it did not catch up.
  assert.equal(seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!.skippedNow, 0);
  const leapt = seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!;
  assert.ok(Math.abs(leapt.skippedNow - 90_000) <= 3000, `${leapt.skippedNow}`);
  const later = seriesOf(watch(engine, trace, minuteMs).report, 'billing', 'orders')!;
  assert.ok(Math.abs(later.consumeRate - 100) < 10, `${later.consumeRate}`);
  trace.commit('billing', 'orders', 0, before);
  const rewound = seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!;
  assert.ok(rewound.rewoundNow > 90_000 && rewound.skippedNow === 0);
});

test('a group that was gone is compared with what it had, for 24 hours', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  trace.group('billing', { topics: ['orders'] });
  const engine = testEngine();
  watch(engine, trace, 5 * minuteMs);
  trace.deleteGroup('billing');
  watch(engine, trace, 5 * minuteMs);
  trace.group('billing', { topics: ['orders'] });
  const series = seriesOf(watch(engine, trace, 15_000).report, 'billing', 'orders')!;
  assert.ok(series.skippedNow > 2900 && series.skippedNow < 3300, `${series.skippedNow}`);
});

test('a poll without commits while Streams purges shows no loss: the log start is younger than the commit', () => {
  const trace = new TraceBuilder().topic('repartition', { rate: 20 });
  trace.group('streams', { topics: ['repartition'], purges: true, commitEveryMs: 5000 });
  const engine = testEngine();
  watch(engine, trace, 10 * minuteMs);
  let hadGap = false;
  trace.run(minuteMs, (snapshot) => {
    const { 'committed-offsets': _unread, ...reads } = snapshot.reads;
    const failures = [{ collector: 'committed-offsets', code: 'upstream.timeout', brokerId: 1 }] as const;
    const advanced = advance(engine, hadGap ? snapshot : { ...snapshot, reads, failures });
    const series = seriesOf(advanced.report, 'streams', 'repartition')!;
    assert.notEqual(series.outlook, 'losing');
    assert.deepEqual(advanced.transitions, []);
    hadGap = true;
    return advanced.timeProbes;
  });
});
