import type { Database, Statement } from 'better-sqlite3';
import { blockAddress, sampleIdSql, type Tier, tickRange, tierStepMs, tiers } from './addresses.ts';
import { decodeBlockPlane, isKeyBlock, keyEvery } from './block-codec.ts';
import { absent, blockBits, blockSize, cellValue, type Kind, newCells, type Plane, planes } from './planes.ts';
import type { Track } from './thinning.ts';

/** A pause between two ticks is a gap from so many times the usual distance on. */
const gapFactor = 3;

interface Row {
  id: number;
  atMs: number;
  fresh: number;
  data: Buffer | null;
}

/** What has been read so far: moments, whether they stand after a gap, and by slot the value at each. */
interface Collected {
  atMs: number[];
  afterGap: number[];
  values: number[][];
}

/** Reads fields of few neighbours over a span of time, decoding only the blocks that they are in. */
export class SampleReader {
  readonly #reach: Statement<[number, number], { atMs: number; fresh: number }>;
  readonly #firstAt: Statement<[number, number, number], number | null>;
  readonly #rows: Statement<[address: number, firstId: number, lastId: number, toMs: number], Row>;

  constructor(database: Database) {
    this.#reach = database.prepare(
      `SELECT at_ms AS atMs, fresh FROM tick WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ${keyEvery + 1}`,
    );
    this.#firstAt = database
      .prepare<[number, number, number], number | null>(
        'SELECT min(id) FROM tick WHERE id BETWEEN ? AND ? AND at_ms >= ?',
      )
      .pluck();
    this.#rows = database.prepare(
      `SELECT tick.id, at_ms AS atMs, fresh, data FROM tick LEFT JOIN sample ON sample.id = ${sampleIdSql}
       WHERE tick.id BETWEEN ? AND ? AND at_ms <= ? ORDER BY tick.id`,
    );
  }

  /**
   * One track for each ID, in their order: from the finest tier that covers the span, and what that one does not have yet from
   * the raw one.
   */
  tracks(kind: Kind, ids: readonly number[], field: string, fromMs: number, toMs: number): Track[] {
    const index = planes[kind].findIndex((plane) => plane.field === field);
    const plane: Plane | undefined = planes[kind][index];
    if (plane === undefined) throw new RangeError(`a ${kind} has no history of ${field}`);
    const tracks = new Array<Track>(ids.length);
    for (const [block, slots] of byBlock(ids)) {
      const reading = { address: blockAddress(kind, block), index, plane, slots: slots.map(({ slot }) => slot) };
      const read = this.#readSpan(reading, fromMs, toMs);
      for (const [position, { at }] of slots.entries()) tracks[at] = read[position]!;
    }
    return tracks;
  }

  #readSpan(reading: Reading, fromMs: number, toMs: number): Track[] {
    const tier = this.#tierFor(fromMs);
    const collected: Collected = { atMs: [], afterGap: [], values: reading.slots.map(() => []) };
    this.#readTier(reading, tier, fromMs, toMs, collected);
    markGaps(collected, 0, tier);
    const coarse = collected.atMs.length;
    if (tier !== 'raw') this.#readTier(reading, 'raw', (collected.atMs.at(-1) ?? fromMs - 1) + 1, toMs, collected);
    markGaps(collected, coarse, 'raw');
    const afterGap = new Uint8Array(collected.afterGap);
    return collected.values.map((list) => ({ atMs: collected.atMs, afterGap, values: new Float64Array(list) }));
  }

  /** The finest tier that reaches back so far; where none does, the one that reaches back farthest. */
  #tierFor(fromMs: number): Tier {
    let best: { tier: Tier; atMs: number } = { tier: 'raw', atMs: Number.POSITIVE_INFINITY };
    for (const tier of tiers.toReversed()) {
      const atMs = this.#readableFromMs(tier);
      if (atMs <= fromMs) return tier;
      if (atMs < best.atMs) best = { tier, atMs };
    }
    return best.tier;
  }

  /** Every block of a tick can be read where it begins anew, or so many ticks after the oldest that each was a key block since. */
  #readableFromMs(tier: Tier): number {
    const { first, last } = tickRange(tier);
    const ticks = this.#reach.all(first, last);
    const readable = ticks.find(({ fresh }, index) => fresh === 1 || index === keyEvery);
    return readable?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #readTier(reading: Reading, tier: Tier, fromMs: number, toMs: number, collected: Collected): void {
    const { first, last } = tickRange(tier);
    const begin = this.#firstAt.get(first, last, fromMs);
    if (begin === undefined || begin === null) return;
    const { plane, slots } = reading;
    const cells = newCells(plane);
    const lastSlot = Math.max(...slots);
    // Reading begins with a key block, and each block is written as one within the last `keyEvery` ticks.
    let isKnown = false;
    for (const { atMs, fresh, data } of this.#rows.iterate(
      reading.address,
      Math.max(first, begin - keyEvery),
      last,
      toMs,
    )) {
      if (fresh === 1 || (data !== null && isKeyBlock(data))) {
        cells.fill(absent(plane));
        isKnown = true;
      }
      if (data !== null && isKnown) decodeBlockPlane(data, reading.index, cells, lastSlot);
      // Also after a clock that stepped back: a plot needs times that rise.
      if (atMs < fromMs || !isKnown || atMs <= (collected.atMs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
      collected.atMs.push(atMs);
      for (const [position, slot] of slots.entries()) collected.values[position]!.push(cellValue(plane, cells[slot]!));
    }
  }
}

interface Reading {
  address: number;
  /** Index of the plane in its block. */
  index: number;
  plane: Plane;
  slots: readonly number[];
}

function byBlock(ids: readonly number[]): Map<number, { slot: number; at: number }[]> {
  const blocks = new Map<number, { slot: number; at: number }[]>();
  for (const [at, id] of ids.entries()) {
    const block = id >> blockBits;
    const slots = blocks.get(block) ?? [];
    slots.push({ slot: id % blockSize, at });
    blocks.set(block, slots);
  }
  return blocks;
}

/** Marks what stands after a gap among the ticks of one tier, which begin at an index of what was collected. */
function markGaps({ atMs, afterGap }: Collected, from: number, tier: Tier): void {
  const distances: number[] = [];
  for (let index = Math.max(1, from); index < atMs.length; index++) distances.push(atMs[index]! - atMs[index - 1]!);
  // The median: neither a skipped cycle nor a night away moves it. What joins two tiers is one of many.
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  const widest = gapFactor * Math.max(usual, tier === 'raw' ? 0 : tierStepMs[tier]);
  for (let index = from; index < atMs.length; index++) {
    afterGap[index] = index > 0 && atMs[index]! - atMs[index - 1]! > widest ? 1 : 0;
  }
}
