import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlooks } from '../../../../src/model/report.ts';
import {
  advance,
  changed,
  groupRowOf,
  hourMs,
  minuteMs,
  seriesOf,
  testEngine,
  watch,
} from '../../../support/engine-run.ts';
import { TraceBuilder } from '../../../support/trace-builder.ts';

function ownershipOf(engine: ReturnType<typeof testEngine>, trace: TraceBuilder, ms: number, topic = 'orders') {
  return seriesOf(watch(engine, trace, ms).report, 'billing', topic)?.ownership;
}

test('owned while a member has it, held while the group rebalances, orphaned two polls after the last member left', () => {
  const trace = new TraceBuilder()
    .topic('orders', { rate: 10 })
    .group('billing', { topics: ['orders'], commitEveryMs: 1000 });
  const engine = testEngine();
  assert.equal(ownershipOf(engine, trace, 15_000), 'owned');
  trace.setState('billing', 'PreparingRebalance');
  assert.equal(ownershipOf(engine, trace, 5 * minuteMs), 'owned');
  trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  assert.equal(ownershipOf(engine, trace, 15_000), 'owned', 'one poll proves nothing');
  assert.equal(ownershipOf(engine, trace, 15_000), 'orphaned');
});

test('manual: no members, and its commit moves', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('billing', { topics: ['orders'], members: 0 });
  assert.equal(ownershipOf(testEngine(), trace, minuteMs), 'manual');
});

test('members of whom nothing is told, as of a streams group: somebody reads, whether it moves or not, until the group is empty', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  trace.group('billing', { topics: ['orders'], type: 'streams', rate: 0, commitEveryMs: 15_000 });
  const engine = testEngine({ measures: { abandonedWatch: 5 * minuteMs } });
  const watchUntold = (ms: number) => {
    let seen: ReturnType<typeof seriesOf>;
    trace.run(ms, (snapshot) => {
      const untold = snapshot.reads['group-membership']!.value.map((group) => ({ ...group, members: null }));
      seen = seriesOf(
        advance(engine, changed(snapshot, 'group-membership', { value: untold })).report,
        'billing',
        'orders',
      );
    });
    return seen?.ownership;
  };
  assert.equal(watchUntold(10 * minuteMs), 'manual');
  trace.setRate('billing', 20);
  assert.equal(watchUntold(5 * minuteMs), 'manual');
  trace.setRate('billing', 0);
  assert.equal(watchUntold(15 * minuteMs), 'manual', 'somebody is there, and stands');
  trace.setState('billing', 'Empty', 0);
  assert.equal(watchUntold(minuteMs), 'orphaned');
});

test('dropped: members exist, and none subscribes to the topic; its lag does not speak for the group', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).topic('old', { rate: 10 });
  trace.group('billing', { topics: ['orders', 'old'] });
  const engine = testEngine();
  watch(engine, trace, 5 * minuteMs);
  trace.unsubscribe('billing', 'old');
  const { report } = watch(engine, trace, 20 * minuteMs);
  assert.equal(seriesOf(report, 'billing', 'old')!.ownership, 'dropped');
  assert.ok(seriesOf(report, 'billing', 'old')!.lag > 10_000);
  assert.ok(report.groups.lag[groupRowOf(report, 'billing')]! < 100);
});

test('a group that has never committed has an outlook: nothing is known of it', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('billing', { topics: ['orders'] });
  const { report } = advance(testEngine(), changed(trace.snapshot(), 'committed-offsets', { value: [] }));
  assert.equal(outlooks[report.groups.outlook[groupRowOf(report, 'billing')]!], 'insufficient-data');
});

test('abandoned: nobody in the first hour; until then orphaned', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 });
  trace.group('billing', { topics: ['orders'], members: 0, rate: 0 });
  const engine = testEngine();
  assert.equal(ownershipOf(engine, trace, 59 * minuteMs), 'orphaned');
  const { report } = watch(engine, trace, 3 * minuteMs);
  assert.equal(seriesOf(report, 'billing', 'orders')!.ownership, 'abandoned');
  assert.equal(report.groups.outlook[groupRowOf(report, 'billing')], 0, 'an abandoned group has no outlook');
});

test('a group that consumed is abandoned only after abandonedAfter', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10 }).group('billing', { topics: ['orders'] });
  const engine = testEngine({ measures: { abandonedAfter: 2 * hourMs } });
  watch(engine, trace, 5 * minuteMs);
  trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  assert.equal(ownershipOf(engine, trace, 2 * hourMs), 'orphaned');
  assert.equal(ownershipOf(engine, trace, 10 * minuteMs), 'abandoned');
});

test('unassigned: members subscribe, nobody owns the new partition', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 10, partitions: 3 });
  trace.group('billing', { topics: ['orders'], members: 1 });
  const engine = testEngine();
  const unassign = () => {
    const snapshot = trace.advance(15_000).snapshot();
    const [membership] = snapshot.reads['group-membership']!.value;
    Object.assign(membership!.members![0]!, { assignment: [{ topic: 'orders', partitions: [0, 1] }] });
    const steps = engine.advance(snapshot);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value.report;
  };
  watch(engine, trace.setRate('billing', 0, 2), 15 * minuteMs);
  unassign();
  assert.equal(seriesOf(unassign(), 'billing', 'orders', 2)!.ownership, 'unassigned');
});

test('dropped two polls after the last member let it go, though its last commit is new; manual where somebody reads on', () => {
  for (const readsOn of [false, true]) {
    const trace = new TraceBuilder().topic('orders', { rate: 10 }).topic('old', { rate: 10 });
    trace.group('billing', { topics: ['orders', 'old'], commitEveryMs: 15_000 });
    const engine = testEngine();
    watch(engine, trace, 15 * minuteMs);
    const letGo = () => {
      const snapshot = trace.advance(15_000).snapshot();
      const [membership] = snapshot.reads['group-membership']!.value;
      const assignment = [{ topic: 'orders', partitions: [0] }];
      Object.assign(membership!.members![0]!, { subscribedTopics: ['orders'], assignment });
      return seriesOf(advance(engine, snapshot).report, 'billing', 'old')!.ownership;
    };
    assert.equal(letGo(), 'owned', 'one poll proves nothing');
    if (!readsOn) trace.unsubscribe('billing', 'old');
    assert.equal(letGo(), readsOn ? 'manual' : 'dropped');
  }
});
