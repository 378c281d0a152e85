import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineMemory } from '../../../src/model/engine-memory.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { advance, minuteMs, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

function countersOf({ groupTopics }: EngineMemory): Partial<Record<string, number>> {
  return groupTopics.find(({ groupId }) => groupId === 'billing')!.counters;
}

/** Every snapshot of a group that loses records, is set ahead and is set back. */
function troubled(): Snapshot[] {
  const snapshots: Snapshot[] = [];
  const keep = (snapshot: Snapshot) => {
    snapshots.push(snapshot);
    return undefined;
  };
  const config = { retentionMs: 5 * minuteMs, segmentMs: 30_000 };
  const trace = new TraceBuilder().topic('orders', { rate: 100, config });
  trace.group('billing', { topics: ['orders'], rate: 25 }).run(15 * minuteMs, keep);
  trace
    .setState('billing', 'Empty', 0)
    .setRate('billing', 0)
    .run(2 * minuteMs, keep);
  const end = trace.endOffset('orders');
  trace.commit('billing', 'orders', 0, end).run(minuteMs, keep);
  trace.commit('billing', 'orders', 0, end - 5000).run(minuteMs, keep);
  return snapshots;
}

test('what was lost, skipped and rewound is counted over a restart: once, with the windows refilled', () => {
  const snapshots = troubled();
  const watching = testEngine();
  for (const snapshot of snapshots) advance(watching, snapshot);
  const counted = countersOf(watching.memory());
  for (const name of ['lostRecords', 'skippedRecords', 'rewoundRecords']) assert.ok(counted[name]! >= 5000, name);

  const restarted = testEngine();
  restarted.restore(structuredClone(watching.memory()));
  for (const snapshot of snapshots) restarted.refill({ ...snapshot, completeness: 'filtered' });
  assert.deepEqual(countersOf(restarted.memory()), counted, 'before the first cycle');
  const last = snapshots.at(-1)!;
  const next = { ...last, atMs: last.atMs + 15_000, recorder: 'r2', monotonicMs: 0 };
  const { transitions } = advance(restarted, next);
  assert.deepEqual(countersOf(restarted.memory()), counted);
  assert.deepEqual(
    transitions.filter(({ type }) => type === 'raised'),
    [],
  );
});
