import type { Tier } from './addresses.ts';
import { readFrames } from './frame-reader.ts';
import type { Roster } from './roster.ts';
import type { Tick, Ticks } from './ticks.ts';

/** How often the committed offset of each series has moved. */
export class MovementCount {
  readonly #ids: Int32Array;
  /** By series ID. */
  readonly #counts: Uint32Array;

  constructor(roster: Roster) {
    this.#ids = Int32Array.from(roster.groups.flatMap(({ topics }) => topics.flatMap(({ ids }) => ids)));
    this.#counts = new Uint32Array(this.#ids.reduce((most, id) => Math.max(most, id), 0) + 1);
  }

  add(ticks: Ticks, tier: Tier, wanted: readonly Tick[]): void {
    const held = new Float64Array(this.#counts.length).fill(Number.NaN);
    for (const { values } of readFrames(ticks, tier, wanted, true)) {
      for (const id of this.#ids) {
        const offset = values.committedOffset!.value(id);
        if (Number.isNaN(offset) || offset === held[id]) continue;
        if (!Number.isNaN(held[id]!)) this.#counts[id]!++;
        held[id] = offset;
      }
    }
  }

  /** By series ID: 1 = it has moved at least so often. */
  atLeast(movements: number): Uint8Array {
    return Uint8Array.from(this.#counts, (count) => (count >= movements ? 1 : 0));
  }
}
