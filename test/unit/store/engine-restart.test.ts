import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../src/model/engine.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { Store } from '../../../src/store/store.ts';
import { advance, hourMs, minuteMs, seriesOf, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';
import { temporaryStore } from './temporary-store.ts';

const groups = ['quick', 'behind', 'slow-commits', 'stopped'];

function simulation(): TraceBuilder {
  const trace = new TraceBuilder().topic('orders', { partitions: 2, rate: 50 });
  return trace
    .group('quick', { topics: ['orders'] })
    .group('behind', { topics: ['orders'], rate: 40 })
    .group('slow-commits', { topics: ['orders'], commitEveryMs: 7 * minuteMs })
    .group('stopped', { topics: ['orders'] });
}

/** A cycle as the daemon runs it. */
function cycle(engine: Engine, store: Store | null, snapshot: Snapshot): Report {
  const advanced = advance(engine, snapshot);
  const discovery = { groups: new Map(), missingTopics: new Map() };
  store?.commit({ snapshot, advance: advanced, memory: engine.memory(), discovery });
  return advanced.report;
}

test('an engine that was refilled from the store judges as the one that was never stopped', (t) => {
  const opened = temporaryStore(t);
  const trace = simulation();
  const lasting = testEngine();
  trace.run(hourMs, (snapshot) => {
    cycle(lasting, opened.store, snapshot);
    if (trace.nowMs - trace.startMs === 30 * minuteMs) trace.setRate('stopped', 0);
    return undefined;
  });

  const restarted = testEngine();
  const { memory, snapshots } = opened.reopen().load('c1');
  assert.ok(memory !== null);
  restarted.restore(memory);
  for (const snapshot of snapshots) restarted.refill(snapshot);
  trace.advance(trace.intervalMs);
  const next = trace.snapshot();
  const one = cycle(lasting, null, next);
  const other = cycle(restarted, opened.store, { ...next, recorder: 'r2', monotonicMs: 5 });

  for (const groupId of groups) {
    for (const partition of [0, 1]) {
      const expected = seriesOf(one, groupId, 'orders', partition)!;
      const actual = seriesOf(other, groupId, 'orders', partition)!;
      const where = `${groupId} ${partition}`;
      assert.equal(actual.committedOffset, expected.committedOffset, where);
      assert.equal(actual.lag, expected.lag, where);
      assert.equal(actual.lagTrend, expected.lagTrend, where);
      assert.equal(actual.outlook, expected.outlook, where);
      assert.equal(actual.timeLagMethod, expected.timeLagMethod, where);
      for (const field of ['timeLagSeconds', 'produceRate', 'consumeRate', 'commitIntervalMs'] as const) {
        const tolerated = 0.1 * Math.abs(expected[field]) + 1;
        assert.ok(
          Math.abs(actual[field] - expected[field]) <= tolerated || Object.is(actual[field], expected[field]),
          `${where}: ${field} is ${actual[field]}, not ${expected[field]}`,
        );
      }
    }
  }
  const ids = (report: Report) => report.findings.map(({ id }) => id).toSorted();
  assert.ok(one.findings.some(({ groupId }) => groupId === 'stopped'));
  assert.deepEqual(ids(other), ids(one));
});
