import type { Snapshot } from '../model/snapshot.ts';

/** The moment of a snapshot on the engine's own time axis. */
export interface Moment {
  /** Engine time: begins as the wall clock of the first snapshot and goes on by the monotonic clock, so it never steps. */
  nowMs: number;
  /** Since the snapshot before; 0 at the first. */
  elapsedMs: number;
  /** wall - engine time */
  wallOffsetMs: number;
  /** Wall and monotonic clock parted: by how much the wall clock stepped, else 0. */
  steppedMs: number;
}

/**
 * Makes one time axis of the clocks of all recorders. Within one recorder the monotonic clock counts; between two, or where a trace
 * has none, the wall clock does.
 */
export class TimeBase {
  readonly #stepMinMs: number;
  #last: { atMs: number; recorder: string | undefined; monotonicMs: number | undefined; nowMs: number } | null = null;

  constructor(stepMinMs: number) {
    this.#stepMinMs = stepMinMs;
  }

  advance({ atMs, recorder, monotonicMs }: Pick<Snapshot, 'atMs' | 'recorder' | 'monotonicMs'>): Moment {
    const last = this.#last;
    if (last === null) {
      this.#last = { atMs, recorder, monotonicMs, nowMs: atMs };
      return { nowMs: atMs, elapsedMs: 0, wallOffsetMs: 0, steppedMs: 0 };
    }
    const wallElapsed = atMs - last.atMs;
    const before = recorder === last.recorder ? last.monotonicMs : undefined;
    const elapsed = monotonicMs !== undefined && before !== undefined ? monotonicMs - before : wallElapsed;
    // Time must go on: a snapshot of another recorder whose clock is behind counts as one that came at once.
    const elapsedMs = Math.max(1, elapsed);
    const nowMs = last.nowMs + elapsedMs;
    const parted = wallElapsed - elapsedMs;
    const steppedMs = Math.abs(parted) > this.#stepMinMs ? parted : 0;
    this.#last = { atMs, recorder, monotonicMs, nowMs };
    return { nowMs, elapsedMs, wallOffsetMs: atMs - nowMs, steppedMs };
  }
}
