import { grown } from './columns.ts';

/**
 * A few (time, value) points a row, oldest first, both never falling in time. Row-major, so that a loop over one row's points
 * stays in a few cache lines. Rows get their block of points with the first one: what never moves costs four bytes.
 */
export class Points {
  readonly perRow: number;
  times = new Float64Array(0);
  values = new Float64Array(0);
  /** A second value of each point, where the plane was made with one. */
  extras = new Float32Array(0);
  readonly #withExtras: boolean;
  #blocks = new Int32Array(0);
  #counts = new Uint8Array(0);
  #used = 0;
  readonly #free: number[] = [];

  constructor(perRow: number, withExtras = false) {
    this.perRow = perRow;
    this.#withExtras = withExtras;
  }

  reserve(rows: number): void {
    if (rows <= this.#blocks.length) return;
    this.#blocks = grown(this.#blocks, new Int32Array(rows), -1);
    this.#counts = grown(this.#counts, new Uint8Array(rows), 0);
  }

  count(row: number): number {
    return this.#counts[row]!;
  }

  /** Index of the row's oldest point in `times`, `values` and `extras`; the others follow it. */
  start(row: number): number {
    return this.#blocks[row]! * this.perRow;
  }

  /** Appends a point that is not older than the newest. A full row first loses a point by `dropIndex` (of the row: 0 is the oldest). */
  append(
    row: number,
    time: number,
    value: number,
    extra: number,
    dropIndex: (start: number, count: number) => number,
  ): void {
    if (this.#blocks[row] === -1) this.#blocks[row] = this.#takeBlock();
    const start = this.start(row);
    let count = this.#counts[row]!;
    if (count === this.perRow) {
      this.remove(row, dropIndex(start, count));
      count--;
    }
    this.times[start + count] = time;
    this.values[start + count] = value;
    if (this.#withExtras) this.extras[start + count] = extra;
    this.#counts[row] = count + 1;
  }

  remove(row: number, index: number): void {
    const end = this.start(row) + this.#counts[row]! - 1;
    for (let i = this.start(row) + index; i < end; i++) {
      this.times[i] = this.times[i + 1]!;
      this.values[i] = this.values[i + 1]!;
      if (this.#withExtras) this.extras[i] = this.extras[i + 1]!;
    }
    this.#counts[row]!--;
  }

  clear(row: number): void {
    const block = this.#blocks[row]!;
    if (block === -1) return;
    this.#free.push(block);
    this.#blocks[row] = -1;
    this.#counts[row] = 0;
  }

  clearAll(): void {
    for (let row = 0; row < this.#blocks.length; row++) this.clear(row);
  }

  #takeBlock(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    const needed = (this.#used + 1) * this.perRow;
    // Twice as many, but no more than there are rows: what is never touched takes no memory, what is outgrown does for a while.
    if (needed > this.times.length)
      this.#grow(Math.min(this.#blocks.length, Math.max(64, 2 * this.#used)) * this.perRow);
    return this.#used++;
  }

  #grow(length: number): void {
    this.times = grown(this.times, new Float64Array(length), 0);
    this.values = grown(this.values, new Float64Array(length), 0);
    if (this.#withExtras) this.extras = grown(this.extras, new Float32Array(length), 0);
  }
}

/**
 * Which point to drop so that a row stays dense near and sparse far: of the older half, the one whose neighbours lie closest
 * together for their age. The newest half and the very oldest stay.
 */
export function dropForLogSpacing(times: Float64Array, start: number, count: number): number {
  const now = times[start + count - 1]!;
  let best = 1;
  let bestSpan = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= count >> 1; i++) {
    const at = start + i;
    const span = (times[at + 1]! - times[at - 1]!) / (now - times[at]! + 1);
    if (span < bestSpan) {
      bestSpan = span;
      best = i;
    }
  }
  return best;
}
