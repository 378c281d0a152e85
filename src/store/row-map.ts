import { blockBits, blockSize } from './planes.ts';

/** What makes a row of a report table the same as in the last cycle: rows of what is gone are used again for others. */
export interface Identity<A, B> {
  first(row: number): A;
  second(row: number): B;
}

/** Which row of a report table is which ID on disk. */
export class RowMap<A, B> {
  /** By row; 0: none. */
  ids = new Int32Array(0);
  /** By ID; -1: none. */
  rows = new Int32Array(0);
  /** By block of IDs: how many of them have a row. */
  readonly #used = new Map<number, number>();
  readonly #firsts: A[] = [];
  readonly #seconds: B[] = [];

  /**
   * Follows the table: `take` finds or gives the ID of what is new in a row. Returns the IDs that have lost their row. A row
   * that is no longer alive, or is another's now, lets go of its ID first.
   */
  sync(rows: number, alive: Uint8Array, identity: Identity<A, B>, take: (first: A, second: B) => number): number[] {
    this.ids = grown(this.ids, rows, 0);
    const released: number[] = [];
    for (let row = 0; row < this.ids.length; row++) {
      const id = this.ids[row]!;
      const lives = row < rows && alive[row] === 1;
      if (id === 0) {
        if (lives) this.#fill(row, identity, take);
      } else if (!lives) {
        released.push(this.#release(row, id));
      } else if (this.#firsts[row] !== identity.first(row) || this.#seconds[row] !== identity.second(row)) {
        released.push(this.#release(row, id));
        this.#fill(row, identity, take);
      }
    }
    return released.filter((id) => this.rows[id] === -1);
  }

  /** Numbers of the blocks in which some ID has a row. */
  blocks(): Iterable<number> {
    return this.#used.keys();
  }

  /** The rows of a block, by slot; null: none has one. */
  rowsOf(block: number): Int32Array | null {
    return this.#used.has(block) ? this.rows.subarray(block * blockSize, (block + 1) * blockSize) : null;
  }

  #fill(row: number, identity: Identity<A, B>, take: (first: A, second: B) => number): void {
    const first = identity.first(row);
    const second = identity.second(row);
    const id = take(first, second);
    const block = id >> blockBits;
    this.rows = grown(this.rows, (block + 1) * blockSize, -1);
    // A row below may have had this ID until now; the one that is filled last is the one that lives.
    if (this.rows[id] === -1) this.#used.set(block, (this.#used.get(block) ?? 0) + 1);
    this.rows[id] = row;
    this.ids[row] = id;
    this.#firsts[row] = first;
    this.#seconds[row] = second;
  }

  #release(row: number, id: number): number {
    this.ids[row] = 0;
    // Another row may have taken the ID already in this very cycle.
    if (this.rows[id] === row) {
      this.rows[id] = -1;
      const block = id >> blockBits;
      const used = this.#used.get(block)! - 1;
      if (used === 0) this.#used.delete(block);
      else this.#used.set(block, used);
    }
    return id;
  }
}

function grown(list: Int32Array<ArrayBuffer>, length: number, fill: number): Int32Array<ArrayBuffer> {
  if (length <= list.length) return list;
  const longer = new Int32Array(Math.max(length, 2 * list.length)).fill(fill, list.length);
  longer.set(list);
  return longer;
}
