import type { Report } from '../model/report.ts';
import type { Kind } from './planes.ts';

/**
 * What was really read in a cycle. A report carries the last value on; a sample must not, or a restart would take a value that
 * nobody has read for a stand-still. A value is new where its read time is.
 */
export class ReadMarks {
  readonly #marks = {
    logStart: new Marks(),
    end: new Marks(),
    committed: new Marks(),
  };

  /** Values read up to this moment are old: they come from before the start. */
  constructor(floorMs: number) {
    for (const marks of Object.values(this.#marks)) marks.floorMs = floorMs;
  }

  update({ partitions, series }: Report): void {
    this.#marks.logStart.update(partitions.logStartReadAtMs, partitions.rows);
    this.#marks.end.update(partitions.endReadAtMs, partitions.rows);
    this.#marks.committed.update(series.committedReadAtMs, series.rows);
  }

  /** By row: 1 where the field was read in this cycle; null where the report's value is stored as it is. */
  observed(kind: Kind, field: string): Uint8Array | null {
    if (kind === 'series') return field === 'committedOffset' ? this.#marks.committed.observed : null;
    if (field === 'logStartOffset') return this.#marks.logStart.observed;
    return field === 'highWatermark' || field === 'lastStableOffset' ? this.#marks.end.observed : null;
  }
}

/**
 * Read times come from two clocks that are brought together anew in each cycle: the same one may move by some ms. Two reads are
 * at least an interval apart, which is 500 ms or more.
 */
const sameReadMs = 100;

class Marks {
  observed = new Uint8Array(0);
  floorMs = Number.NEGATIVE_INFINITY;
  #readAtMs = new Float64Array(0);

  update(readAtMs: Float64Array, rows: number): void {
    if (rows > this.observed.length) {
      const longer = new Float64Array(Math.max(rows, 2 * this.observed.length)).fill(Number.NaN);
      longer.set(this.#readAtMs);
      this.#readAtMs = longer;
      this.observed = new Uint8Array(longer.length);
    }
    for (let row = 0; row < rows; row++) {
      const atMs = readAtMs[row]!;
      const before = this.#readAtMs[row]!;
      const isNew = Number.isNaN(before) ? atMs > this.floorMs + sameReadMs : Math.abs(atMs - before) > sameReadMs;
      this.observed[row] = isNew ? 1 : 0;
      this.#readAtMs[row] = atMs;
    }
  }
}
