/** Commits that are gone: the topic may have been deleted with them since Metadata was read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, changed, minuteMs, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

/** `billing` stands on partition 1 of `orders`, and was told of it. */
function stuck() {
  const trace = new TraceBuilder().topic('orders', { rate: 100, partitions: 2 });
  trace.group('billing', { topics: ['orders'], members: 2 });
  const engine = testEngine();
  const told: string[] = [];
  const poll = (ms: number, distort = (snapshot: Snapshot) => snapshot) => {
    told.length = 0;
    trace.run(ms, (snapshot) => {
      const { transitions } = advance(engine, distort(snapshot));
      for (const one of transitions.filter(({ code }) => code === 'stuck-partition'))
        told.push(`${one.type} ${one.type === 'cleared' ? one.reason : ''}`.trim());
      return undefined;
    });
    return [...told];
  };
  poll(20 * minuteMs);
  trace.setRate('billing', 0, 1);
  assert.deepEqual(poll(10 * minuteMs), ['raised']);
  trace.setState('billing', 'Empty', 0);
  return { trace, poll: (distort?: (snapshot: Snapshot) => Snapshot) => poll(trace.intervalMs, distort) };
}

function withoutCommit(snapshot: Snapshot): Snapshot {
  const topics = [{ topic: 'orders', partitions: [0], offsets: [5] }];
  return changed(snapshot, 'committed-offsets', { value: [{ groupId: 'billing', topics }] });
}

test('a commit that is gone ends its finding as soon as Metadata lists the topic once more', () => {
  const { poll } = stuck();
  assert.deepEqual(poll(withoutCommit), ['changed'], 'held');
  assert.deepEqual(poll(withoutCommit), ['cleared unsubscribed']);
});

test('a topic that is deleted between Metadata and the commits of one cycle ends it as deleted, however late Metadata is', () => {
  const { trace, poll } = stuck();
  assert.deepEqual(poll(withoutCommit), ['changed'], 'held');
  const failures: Failure[] = [{ collector: 'cluster', code: 'upstream.stale', topics: [{ topic: 'orders' }] }];
  assert.deepEqual(
    poll((snapshot) => changed(withoutCommit(snapshot), 'cluster', { failures })),
    [],
  );
  trace.deleteTopic('orders');
  assert.deepEqual(poll(), ['cleared topic-deleted']);
});
