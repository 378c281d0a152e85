import type { Cells } from './plane-codec.ts';
import { absent, blockSize, type Plane } from './planes.ts';
import { toCode } from './rounded.ts';

/** Turns columns of a report, which are in the order of its rows, into planes of a block, which are in the order of IDs on disk. */
export class Gatherer {
  readonly #exact = new Float64Array(blockSize);
  readonly #rounded = new Uint16Array(blockSize);

  /**
   * The cells of a plane, good until the next call. `rows` has the row of each slot, -1 for none; a row whose `observed` is 0
   * gets no value.
   */
  gather(plane: Plane, rows: Int32Array, column: Float64Array, observed: Uint8Array | null): Cells {
    return plane.exact ? this.#gatherExact(rows, column, observed) : this.#gatherRounded(plane, rows, column);
  }

  #gatherExact(rows: Int32Array, column: Float64Array, observed: Uint8Array | null): Cells {
    for (let slot = 0; slot < blockSize; slot++) {
      const row = rows[slot]!;
      const isRead = row >= 0 && (observed === null || observed[row] === 1);
      this.#exact[slot] = isRead ? column[row]! : Number.NaN;
    }
    return this.#exact;
  }

  #gatherRounded(plane: Plane, rows: Int32Array, column: Float64Array): Cells {
    const none = absent(plane);
    for (let slot = 0; slot < blockSize; slot++) {
      const row = rows[slot]!;
      this.#rounded[slot] = row >= 0 ? toCode(column[row]!) : none;
    }
    return this.#rounded;
  }
}
