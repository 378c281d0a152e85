import { grown } from './columns.ts';

/** Hands out dense rows; those of what is gone are used again. */
export class Rows {
  /** Rows below this have been handed out at least once. */
  count = 0;
  alive = new Uint8Array(0);
  #living = 0;
  readonly #free: number[] = [];

  get living(): number {
    return this.#living;
  }

  get capacity(): number {
    return this.alive.length;
  }

  /** A row that nobody has, or -1 where `reserve` must make room first. */
  take(): number {
    const row = this.#free.pop() ?? (this.count < this.capacity ? this.count++ : -1);
    if (row !== -1) {
      this.alive[row] = 1;
      this.#living++;
    }
    return row;
  }

  release(row: number): void {
    this.alive[row] = 0;
    this.#living--;
    this.#free.push(row);
  }

  reserve(capacity: number): void {
    if (capacity > this.capacity) this.alive = grown(this.alive, new Uint8Array(capacity), 0);
  }
}

/** What to grow to when one more row is needed: by a quarter, so that large tables waste little. */
export function nextCapacity(capacity: number): number {
  return Math.max(64, capacity + (capacity >> 2));
}
