/** What the engine notes of topics while it takes snapshots in: open transactions, growth, and what changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../src/model/engine.ts';
import type { Report, TopicChange } from '../../../src/model/report.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { advance, changed, minuteMs, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

const topics = 'topic-configs';

function watched({ rate = 10 } = {}) {
  const trace = new TraceBuilder().topic('orders', { rate });
  const engine = testEngine();
  const next = () => trace.advance(15_000).snapshot();
  const poll = (snapshot = next()) => advance(engine, snapshot).report;
  poll();
  return { trace, engine, next, poll };
}

/** How long a transaction has been open by the report, and how far the high watermark has moved since; null: none is open. */
function openTransaction({ partitions, monotonicMs }: Report): [openMs: number, movedBy: number] | null {
  const since = partitions.openTransactionSinceMs[0]!;
  if (Number.isNaN(since)) return null;
  return [monotonicMs - since, partitions.highWatermark[0]! - partitions.endAtOpenTransaction[0]!];
}

function withStable(snapshot: Snapshot, lastStableOffset: number): Snapshot {
  const value = snapshot.reads['end-offsets']!.value.map((topic) => ({
    ...topic,
    lastStableOffsets: [lastStableOffset],
  }));
  return changed(snapshot, 'end-offsets', { value });
}

test('a transaction is open from the poll that first shows its last stable offset to the one that shows another', () => {
  const { trace, poll } = watched();
  assert.equal(openTransaction(poll()), null);
  trace.openTransaction('orders');
  assert.deepEqual(openTransaction(poll()), [0, 0]);
  assert.deepEqual(openTransaction(poll()), [15_000, 150]);
  trace.endTransaction('orders').openTransaction('orders');
  assert.deepEqual(openTransaction(poll()), [0, 0], 'the next one');
  trace.endTransaction('orders');
  assert.equal(openTransaction(poll()), null);
});

test('a last stable offset that always lags but moves is a topic of short transactions', () => {
  const { next, poll, trace } = watched();
  for (let polls = 0; polls < 5; polls++) {
    assert.deepEqual(openTransaction(poll(withStable(next(), trace.endOffset('orders') - 3))), [0, 0]);
  }
});

test('what was not read neither opens nor ends a transaction', () => {
  const { trace, next, poll } = watched();
  trace.openTransaction('orders');
  poll();
  assert.deepEqual(openTransaction(poll(withStable(next(), Number.NaN)))?.[0], 15_000);
  const { reads, ...unread } = next();
  const { 'end-offsets': _, ...others } = reads;
  assert.deepEqual(openTransaction(poll({ ...unread, reads: others }))?.[0], 30_000);
  assert.deepEqual(openTransaction(poll())?.[0], 45_000);
});

test('whether a transaction was open when its partition was first read', () => {
  const { trace, poll } = watched();
  const openedUnseen = ({ partitions }: Report) => partitions.openedUnseen[0] === 1;
  trace.openTransaction('orders');
  assert.equal(openedUnseen(poll()), false);
  const late = testEngine();
  const report = () => advance(late, trace.advance(15_000).snapshot()).report;
  assert.deepEqual([openedUnseen(report()), openedUnseen(report())], [true, true]);
  trace.endTransaction('orders').openTransaction('orders');
  assert.equal(openedUnseen(report()), false, 'the next one was seen to open');
});

test('a refill tells how long a transaction has been open', () => {
  const { trace } = watched();
  const engine = testEngine();
  trace.openTransaction('orders');
  for (let polls = 0; polls < 3; polls++) engine.refill(trace.advance(15_000).snapshot());
  assert.deepEqual(openTransaction(advance(engine, trace.advance(15_000).snapshot()).report)?.[0], 45_000);
});

test('the moment of the last record of a topic', () => {
  const { trace, poll } = watched({ rate: 0 });
  const ago = ({ topics: { producedAtMs }, monotonicMs }: Report) => monotonicMs - producedAtMs[0]!;
  assert.ok(Number.isNaN(ago(poll())));
  trace.append('orders', 0, 1);
  assert.equal(ago(poll()), 0);
  assert.equal(ago(poll()), 15_000);
});

function changeOf({ topics: { alive, change } }: Report): TopicChange | null {
  return change.find((_, row) => alive[row] === 1) ?? null;
}

test('changed settings and added partitions stand in the report of the poll that shows them, and in no other', () => {
  const { trace, poll } = watched();
  assert.equal(changeOf(poll()), null, 'the first reads');
  trace.configure('orders', { retentionMs: minuteMs }).addPartitions('orders', 2);
  const change = changeOf(poll());
  assert.equal(change?.partitionsBefore, 1);
  assert.equal(change?.configBefore?.retentionMs, 604_800_000);
  assert.equal(changeOf(poll()), null);
});

test('a setting that is read for the first time has not changed, and one that was left out keeps its value', () => {
  const { trace, next, poll } = watched();
  const configured = (config: object) => changed(next(), topics, { value: [{ topic: 'orders', config }] });
  assert.equal(changeOf(poll(configured({ minInSyncReplicas: 2 }))), null);
  assert.equal(changeOf(poll(configured({}))), null);
  trace.configure('orders', { retentionMs: minuteMs });
  assert.deepEqual(changeOf(poll()), {
    configBefore: { retentionMs: 604_800_000, retentionBytes: -1, cleanupPolicy: ['delete'], minInSyncReplicas: 2 },
  });
});

test('a topic that was created anew has not changed', () => {
  const { trace, poll } = watched();
  trace.deleteTopic('orders').topic('orders', { topicId: 'another', partitions: 3, config: { retentionMs: minuteMs } });
  assert.equal(changeOf(poll()), null);
});

for (const [how, restart] of [
  ['with a refilled window', (engine: Engine, snapshot: Snapshot) => engine.refill(snapshot)],
  ['without one', () => {}],
] as const) {
  test(`the first reads after a restart ${how} are no changes`, () => {
    const { trace, next } = watched();
    const engine = testEngine();
    restart(engine, next());
    trace.configure('orders', { retentionMs: minuteMs }).addPartitions('orders', 2);
    assert.equal(changeOf(advance(engine, next()).report), null);
    trace.configure('orders', { retentionMs: 2 * minuteMs }).addPartitions('orders', 2);
    const change = changeOf(advance(engine, next()).report);
    assert.deepEqual([change?.partitionsBefore, change?.configBefore?.retentionMs], [3, minuteMs]);
  });
}
