/**
 * Named typed arrays over the same dense rows. Numbers start as NaN (not observed), codes as 0 (not known), links as -1 (none).
 */
export class Columns<Number extends string, Code extends string = never, Link extends string = never> {
  readonly numbers: Record<Number, Float64Array>;
  readonly codes: Record<Code, Uint8Array>;
  readonly links: Record<Link, Int32Array>;
  #capacity = 0;

  constructor(numbers: readonly Number[], codes: readonly Code[] = [], links: readonly Link[] = []) {
    this.numbers = record(numbers, () => new Float64Array(0));
    this.codes = record(codes, () => new Uint8Array(0));
    this.links = record(links, () => new Int32Array(0));
  }

  /** Makes room for so many rows; the arrays are replaced, so take them anew after it. */
  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return;
    this.#capacity = capacity;
    for (const name in this.numbers)
      this.numbers[name] = grown(this.numbers[name], new Float64Array(capacity), Number.NaN);
    for (const name in this.codes) this.codes[name] = grown(this.codes[name], new Uint8Array(capacity), 0);
    for (const name in this.links) this.links[name] = grown(this.links[name], new Int32Array(capacity), -1);
  }

  /** Forgets what a row held. */
  reset(row: number): void {
    for (const name in this.numbers) this.numbers[name][row] = Number.NaN;
    for (const name in this.codes) this.codes[name][row] = 0;
    for (const name in this.links) this.links[name][row] = -1;
  }
}

/** Copies an array into a larger one and fills the rest. */
export function grown<A extends Float64Array | Float32Array | Uint8Array | Int32Array>(
  from: A,
  into: A,
  fill: number,
): A {
  into.set(from);
  if (fill !== 0) into.fill(fill, from.length);
  return into;
}

function record<K extends string, V>(keys: readonly K[], make: () => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;
}
