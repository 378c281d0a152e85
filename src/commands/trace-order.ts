import type { Snapshot } from '../model/snapshot.ts';

type Moment = Pick<Snapshot, 'atMs' | 'recorder' | 'monotonicMs'>;

/**
 * Snapshots of a cluster must come in the order in which they were taken: by the recorder's monotonic clock, which no step of the
 * wall clock disturbs; by the wall clock where the recorder changed or told no monotonic time.
 */
export class TraceOrder {
  readonly #last = new Map<string, Moment>();

  /** A sentence where the snapshot does not come after its cluster's last one; null, and it is the last one, where it does. */
  advance({ cluster, atMs, recorder, monotonicMs }: Snapshot): string | null {
    const last = this.#last.get(cluster);
    const problem = last === undefined ? null : disorder(last, { atMs, recorder, monotonicMs } as Moment);
    if (problem === null) this.#last.set(cluster, { atMs, recorder, monotonicMs } as Moment);
    return problem;
  }
}

function disorder(last: Moment, next: Moment): string | null {
  if (last.monotonicMs !== undefined && next.monotonicMs !== undefined && last.recorder === next.recorder) {
    if (next.monotonicMs > last.monotonicMs) return null;
    return `monotonicMs ${next.monotonicMs} does not come after ${last.monotonicMs}`;
  }
  return next.atMs > last.atMs ? null : `atMs ${next.atMs} does not come after ${last.atMs}`;
}
