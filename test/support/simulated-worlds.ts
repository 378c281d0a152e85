import fc from 'fast-check';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { minuteMs } from './engine-run.ts';
import { TraceBuilder } from './trace-builder.ts';

/** A small world: how fast each group reads, how often it commits, and which polls are missed. */
export const worlds = fc.record({
  produce: fc.integer({ min: 0, max: 500 }),
  consume: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 3 }),
  commitEverySeconds: fc.integer({ min: 1, max: 120 }),
  lag: fc.integer({ min: 0, max: 20_000 }),
  missed: fc.uniqueArray(fc.integer({ min: 1, max: 58 }), { maxLength: 30 }),
  retentionMinutes: fc.integer({ min: 2, max: 60 }),
});
export type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

const startMs = 1_700_000_000_000;

/** What was read of it, poll by poll, without those that were missed. */
export function snapshotsOf(world: World, { retentionMinutes = world.retentionMinutes, polls = 60 } = {}): Snapshot[] {
  const config = { retentionMs: retentionMinutes * minuteMs, segmentMs: 30_000 };
  const trace = new TraceBuilder({ startMs })
    .topic('orders', { rate: world.produce, partitions: 2, config })
    .advance(minuteMs);
  for (const [index, rate] of world.consume.entries()) {
    const commitEveryMs = world.commitEverySeconds * 1000 * (index + 1);
    trace.group(`g${index}`, { topics: ['orders'], rate, commitEveryMs, lag: world.lag });
  }
  const snapshots: Snapshot[] = [];
  trace.run(polls * trace.intervalMs, (snapshot) => {
    snapshots.push(snapshot);
    return undefined;
  });
  return snapshots.filter((_, poll) => !world.missed.includes(poll));
}

/** The same, so much later. */
export function shifted(snapshot: Snapshot, byMs: number): Snapshot {
  const reads = Object.entries(snapshot.reads).map(([facet, read]) => [
    facet,
    { ...read, observedAtMs: read.observedAtMs + byMs },
  ]);
  return { ...snapshot, atMs: snapshot.atMs + byMs, reads: Object.fromEntries(reads) as Snapshot['reads'] };
}
