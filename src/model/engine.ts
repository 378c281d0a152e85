import type { EngineMemory } from './engine-memory.ts';
import type { ClusterEvent, Transition } from './finding.ts';
import type { Report } from './report.ts';
import type { Snapshot, TimeProbe } from './snapshot.ts';

/** What one `advance` gives back. */
export interface Advance {
  report: Report;
  transitions: readonly Transition[];
  events: readonly ClusterEvent[];
  timeProbes: readonly TimeProbe[];
}

/** What the engine does with a snapshot, in this order. `rules`: with the ledger and the causes. */
export type EnginePart = 'ingest' | 'measures' | 'rules';

/**
 * Judges one cluster. Pure: no clock, no I/O, no randomness; time comes in with the snapshot.
 * The daemon, the refill at start and replay all call it.
 */
export interface Engine {
  /**
   * Ingests and judges one snapshot. Yields every few thousand rows, so that the caller may let the event loop run; and where a part
   * ends, the one that begins. The first is `ingest`.
   */
  advance(snapshot: Snapshot): Generator<EnginePart | undefined, Advance>;
  /** Ingests only: fills the windows at start from what the store holds, oldest first, without judging. */
  refill(snapshot: Snapshot): void;
  /** Takes back what outlives the process; call once, before the first advance. */
  restore(memory: EngineMemory): void;
  /** What must outlive the process, as of the last advance. */
  memory(): EngineMemory;
}
