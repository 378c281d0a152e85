import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TraceOrder } from '../../../src/commands/trace-order.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';

const at = (atMs: number, more: Partial<Snapshot> = {}): Snapshot => ({
  cluster: 'c',
  atMs,
  completeness: 'full',
  reads: {},
  failures: [],
  ...more,
});

/** Of each snapshot whether it was taken, in order. */
function taken(...snapshots: Snapshot[]): boolean[] {
  const order = new TraceOrder();
  return snapshots.map((snapshot) => order.advance(snapshot) === null);
}

describe('snapshots of a cluster come in order', () => {
  it('by the wall clock', () => {
    assert.deepEqual(taken(at(5), at(5), at(4), at(6)), [true, false, false, true]);
  });

  it('by the monotonic clock of one recorder, whatever the wall clock does', () => {
    const one = (atMs: number, monotonicMs: number) => at(atMs, { recorder: 'r', monotonicMs });
    assert.deepEqual(taken(one(500, 1), one(100, 2), one(600, 2)), [true, true, false]);
  });

  it('by the wall clock where the recorder changed: its monotonic clock began anew', () => {
    const first = at(500, { recorder: 'r1', monotonicMs: 900 });
    assert.deepEqual(taken(first, at(600, { recorder: 'r2', monotonicMs: 1 })), [true, true]);
    assert.deepEqual(taken(first, at(400, { recorder: 'r2', monotonicMs: 1000 })), [true, false]);
  });

  it('each cluster by itself', () => {
    assert.deepEqual(taken(at(5), at(3, { cluster: 'd' })), [true, true]);
  });

  it('and what was refused does not count as the last one', () => {
    assert.deepEqual(taken(at(5), at(2), at(4)), [true, false, false]);
  });
});
