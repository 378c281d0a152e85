import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../src/model/engine.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { advance, groupRowOf, hourMs, minuteMs, seriesOf, testEngine, watch } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

function recorded(): Snapshot[] {
  const snapshots: Snapshot[] = [];
  const trace = new TraceBuilder().topic('orders', { rate: 100, partitions: 2 });
  trace
    .group('billing', { topics: ['orders'], rate: 40 })
    .group('audit', { topics: ['orders'], commitEveryMs: 30_000 });
  trace.run(15 * minuteMs, (snapshot) => {
    snapshots.push(snapshot);
    return undefined;
  });
  return snapshots;
}

/** What a restart must give back: all numbers of the series. */
function numbersOf(report: Report) {
  const { rows: _, ...series } = report.series;
  return series;
}

test('windows refilled from what was stored give the same numbers as having watched all along', () => {
  const snapshots = recorded();
  const watching = testEngine();
  const restarted = testEngine();
  for (const snapshot of snapshots.slice(0, -1)) {
    advance(watching, snapshot);
    restarted.refill(snapshot);
  }
  const last = snapshots.at(-1)!;
  assert.deepEqual(numbersOf(advance(restarted, last).report), numbersOf(advance(watching, last).report));
});

test('counters go on after a restart: nothing is counted twice, nothing is lost', () => {
  const snapshots = recorded();
  const watching = testEngine();
  for (const snapshot of snapshots.slice(0, -2)) advance(watching, snapshot);
  const memory = structuredClone(watching.memory());
  const restarted = testEngine();
  restarted.restore(memory);
  for (const snapshot of snapshots.slice(10, -2)) restarted.refill(snapshot);
  const last = snapshots.at(-1)!;
  const expected = advance(watching, last).report;
  const { report } = advance(restarted, last);
  const committed = (of: Report) => of.groupTopics.committedRecords.slice(0, of.groupTopics.rows);
  assert.ok(committed(expected)[0]! > 10_000);
  assert.deepEqual(committed(report), committed(expected));
  assert.equal(
    report.groups.rebalances[groupRowOf(report, 'audit')],
    expected.groups.rebalances[groupRowOf(expected, 'audit')],
  );
  assert.deepEqual(restarted.memory().groupTopics, watching.memory().groupTopics);
  assert.ok(expected.topics.producedRecords[0]! > 100_000);
  assert.deepEqual(report.topics.producedRecords, expected.topics.producedRecords);
});

test('counters of a group that has not come back are kept', () => {
  const engine = testEngine();
  const counters = { committedRecords: 5, lostRecords: 1, skippedRecords: 0, rewoundRecords: 0 };
  const groupTopics = [{ groupId: 'away', topic: 'orders', topicId: 'id-orders', counters }];
  engine.restore({
    ...engine.memory(),
    groupTopics,
    groups: [{ groupId: 'away', rebalances: 7, rebalancingSeconds: 3 }],
  });
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  watch(engine, trace, minuteMs);
  assert.deepEqual(engine.memory().groupTopics, groupTopics);
  trace.group('away', { topics: ['orders'], rate: 0 });
  const { report } = watch(engine, trace, minuteMs);
  assert.equal(report.groups.rebalances[groupRowOf(report, 'away')], 7);
  assert.equal(report.groupTopics.lostRecords[0], 1);
});

test('what was learned of a group goes on after a restart: markers, that it ran all the time, since when it is Empty', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).topic('payments', { rate: 0 });
  trace.group('billing', { topics: ['orders'] }).group('ledger', { topics: ['payments'] });
  const engine = testEngine();
  trace.append('payments', 0, 50);
  watch(engine, trace, minuteMs);
  trace.append('payments', 0, 1).setRate('ledger', 0);
  watch(engine, trace, 70 * minuteMs);
  trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  const before = watch(engine, trace, 5 * minuteMs).report;
  const restarted = testEngine();
  restarted.restore(structuredClone(engine.memory()));
  // All that is left of the samples is five minutes.
  trace.run(5 * minuteMs, (snapshot) => {
    restarted.refill(snapshot);
    return undefined;
  });
  const { report } = watch(restarted, trace, 15_000);
  assert.equal(seriesOf(before, 'ledger', 'payments')!.timeLagMethod, 'residue');
  assert.equal(seriesOf(report, 'ledger', 'payments')!.timeLagMethod, 'residue');
  const [was, is] = [before, report].map((one) => {
    const { row, movementRun } = seriesOf(one, 'billing', 'orders')!;
    const runMs = one.series.lastMovedMs[row]! - one.series.movementRunSinceMs[row]!;
    return { movementRun, runMs, stateSinceMs: one.groups.stateSinceMs[groupRowOf(one, 'billing')] };
  });
  assert.ok(was!.runMs > 65 * minuteMs);
  assert.deepEqual(is, was);
});

/** What only rules and store read, within the cycle: it may change under a reader. */
const passing: ReadonlySet<string> = new Set([
  ...[
    'unreadRecords',
    'waitingSeconds',
    'consumeRateUncertainty',
    'usualTimeLagSeconds',
    'maxCommitIntervalMs',
    'lostNow',
    'skippedNow',
    'rewoundNow',
    'jumpedFrom',
    'bestRate',
    'endWhenAssigned',
    'uncommittedSinceMs',
  ],
  ...[
    'movementRun',
    'movementRunSinceMs',
    'pollsWithoutMovement',
    'lastMovedMs',
    'committedReadAtMs',
    'commitDelayGrowth',
  ],
]);

function publishedOf(report: Report) {
  return Object.fromEntries(Object.entries(numbersOf(report)).filter(([column]) => !passing.has(column)));
}

test('a published report stays as it is while the next one is being made', () => {
  const [first, second, ...rest] = recorded();
  const engine = testEngine();
  const { report } = advance(engine, first!);
  const before = structuredClone(publishedOf(report));
  const steps = engine.advance(second!);
  for (let step = steps.next(); !step.done; step = steps.next()) assert.deepEqual(publishedOf(report), before);
  assert.ok(rest.length > 0);
});

test('another recorder goes on where the last one stopped: the gap is a gap, not a step of the clock', () => {
  const snapshots = recorded();
  const engine = testEngine();
  for (const snapshot of snapshots.slice(0, 30)) advance(engine, snapshot);
  const later = snapshots.at(-1)!;
  const { report, events } = advance(engine, { ...later, recorder: 'r2', monotonicMs: 5 });
  assert.ok(events.every(({ what }) => what !== 'clock-stepped'));
  const series = seriesOf(report, 'audit', 'orders')!;
  assert.ok(Math.abs(series.consumeRate - 100) < 10, `${series.consumeRate}`);
});

/** The engine of another process, with what the store kept of the first. */
function restartOf(engine: Engine, settings: Parameters<typeof testEngine>[0] = {}): Engine {
  const next = testEngine(settings);
  next.restore(structuredClone(engine.memory()));
  return next;
}

test('a group that stopped is abandoned after abandonedAfter, however often tidemark was restarted', () => {
  const settings = { measures: { abandonedAfter: 8 * hourMs } };
  const trace = new TraceBuilder()
    .topic('orders', { rate: 10, partitions: 3 })
    .group('billing', { topics: ['orders'] });
  let engine = testEngine(settings);
  watch(engine, trace, 5 * minuteMs);
  trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  const ownership = (ms: number) => seriesOf(watch(engine, trace, ms).report, 'billing', 'orders', 2)?.ownership;
  for (let hour = 0; hour < 7; hour++) {
    assert.equal(ownership(hourMs), 'orphaned', `${hour} h after it stopped`);
    engine = restartOf(engine, settings);
  }
  assert.equal(ownership(70 * minuteMs), 'abandoned');
});

test('a group that stopped while tidemark was restarted had a reader all the same', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('billing', { topics: ['orders'] });
  const engine = testEngine();
  watch(engine, trace, 5 * minuteMs);
  trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  const { report } = watch(restartOf(engine), trace, 90 * minuteMs);
  assert.equal(seriesOf(report, 'billing', 'orders')?.ownership, 'orphaned');
});

test('a group that nobody has read for since tidemark came stays abandoned after a restart', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  trace.group('billing', { topics: ['orders'], members: 0, rate: 0 });
  const engine = testEngine();
  watch(engine, trace, 62 * minuteMs);
  const { report } = watch(restartOf(engine), trace, 30_000);
  assert.equal(seriesOf(report, 'billing', 'orders')?.ownership, 'abandoned');
});

test('what is remembered of readers is a few runs of partitions, and goes on where nothing has come back', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 10, partitions: 50 })
    .group('billing', { topics: ['orders'] });
  const engine = testEngine();
  watch(engine, trace, minuteMs);
  const { readers } = engine.memory();
  const runs = [{ from: 0, to: 49, wasRead: true, unreadSinceMs: null }];
  assert.deepEqual(readers, [{ groupId: 'billing', topic: 'orders', topicId: 'id-orders', runs }]);
  const next = restartOf(engine);
  watch(next, new TraceBuilder(), 15_000);
  assert.deepEqual(next.memory().readers, readers);
});
