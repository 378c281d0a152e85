import { grown } from './columns.ts';

/**
 * A few (time, value) points a row, oldest first, both never falling in time. Row-major, so that a loop over one row's points
 * stays in a few cache lines. A row gets room with its first point: what never moves costs six bytes. Where most rows keep few
 * points that is `firstRoom`, and room for all of them once it is full.
 */
export class Points {
  readonly perRow: number;
  times = new Float64Array(0);
  values = new Float64Array(0);
  /** A second value of each point, where the plane was made with one. */
  extras = new Float32Array(0);
  readonly #withExtras: boolean;
  readonly #firstRoom: number;
  #starts = new Int32Array(0);
  #rooms = new Uint8Array(0);
  #counts = new Uint8Array(0);
  #used = 0;
  /** Where room of that size was given back. */
  readonly #free = new Map<number, number[]>();

  constructor(perRow: number, { firstRoom = perRow, withExtras = false } = {}) {
    this.perRow = perRow;
    this.#firstRoom = firstRoom;
    this.#withExtras = withExtras;
  }

  reserve(rows: number): void {
    if (rows <= this.#starts.length) return;
    this.#starts = grown(this.#starts, new Int32Array(rows), -1);
    this.#rooms = grown(this.#rooms, new Uint8Array(rows), 0);
    this.#counts = grown(this.#counts, new Uint8Array(rows), 0);
  }

  count(row: number): number {
    return this.#counts[row]!;
  }

  /** Index of the row's oldest point in `times`, `values` and `extras`; the others follow it. */
  start(row: number): number {
    return this.#starts[row]!;
  }

  /** Appends a point that is not older than the newest. A full row first loses a point by `dropIndex` (of the row: 0 is the oldest). */
  append(
    row: number,
    time: number,
    value: number,
    extra: number,
    dropIndex: (start: number, count: number) => number,
  ): void {
    let count = this.#counts[row]!;
    if (count === this.perRow) {
      this.remove(row, dropIndex(this.start(row), count));
      count--;
    } else if (count === this.#rooms[row]) {
      this.#enlarge(row);
    }
    const start = this.start(row);
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
    const room = this.#rooms[row]!;
    if (room === 0) return;
    this.#giveBack(this.#starts[row]!, room);
    this.#starts[row] = -1;
    this.#rooms[row] = 0;
    this.#counts[row] = 0;
  }

  clearAll(): void {
    for (let row = 0; row < this.#starts.length; row++) this.clear(row);
  }

  /** The row's first room; or moves its points to where there is room for all that it may have. */
  #enlarge(row: number): void {
    const room = this.#rooms[row]!;
    const from = this.#starts[row]!;
    const larger = room === 0 ? this.#firstRoom : this.perRow;
    const to = this.#take(larger);
    if (room > 0) {
      for (const plane of [this.times, this.values, this.extras]) plane.copyWithin(to, from, from + room);
      this.#giveBack(from, room);
    }
    this.#starts[row] = to;
    this.#rooms[row] = larger;
  }

  #take(room: number): number {
    const freed = this.#free.get(room)?.pop();
    if (freed !== undefined) return freed;
    const start = this.#used;
    this.#used += room;
    // Twice as many, but no more than all rows can have: what is never touched takes no memory, what is outgrown does for a while.
    const most = 2 * this.perRow * this.#starts.length;
    if (this.#used > this.times.length) this.#grow(Math.min(most, Math.max(64 * this.perRow, 2 * this.#used)));
    return start;
  }

  #giveBack(start: number, room: number): void {
    const free = this.#free.get(room);
    if (free === undefined) this.#free.set(room, [start]);
    else free.push(start);
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
