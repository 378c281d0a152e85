import type { Database, Statement } from 'better-sqlite3';
import { addressOf, sampleId, type Tier, tickRange } from './addresses.ts';

/** The facets whose read times a tick keeps: those that samples are made of, and those that are kept as changes. */
export const timedFacets = [
  'log-start-offsets',
  'committed-offsets',
  'end-offsets',
  'cluster',
  'group-membership',
] as const;

/** When those of them that a cycle has read were read, ms since the epoch. */
export type ReadTimes = Partial<Record<(typeof timedFacets)[number], number>>;

export interface Tick {
  id: number;
  atMs: number;
  /** Everything begins anew with this tick: what has no block here has no value, whatever stood before. */
  fresh: boolean;
  /** Null in the coarser tiers. */
  reads: ReadTimes | null;
}

/** A block as block-codec.ts writes it. */
export interface EncodedBlock {
  address: number;
  data: Buffer;
}

interface TickRow {
  id: number;
  atMs: number;
  fresh: number;
  reads: string | null;
}

/** The moments of each tier, and what was written at them. */
export class Ticks {
  readonly #between: Statement<[number, number], TickRow>;
  readonly #each: Statement<[number, number], TickRow>;
  readonly #last: Statement<[number, number], TickRow>;
  readonly #firstAt: Statement<[number, number, number], number | null>;
  readonly #blocks: Statement<[number, number], { id: number; data: Buffer }>;

  constructor(database: Database) {
    const select = 'SELECT id, at_ms AS atMs, fresh, reads FROM tick WHERE id BETWEEN ? AND ? ORDER BY id';
    this.#between = database.prepare(select);
    this.#each = database.prepare(select);
    this.#last = database.prepare(`${select} DESC LIMIT 1`);
    this.#firstAt = database
      .prepare<[number, number, number], number | null>(
        'SELECT min(id) FROM tick WHERE id BETWEEN ? AND ? AND at_ms >= ?',
      )
      .pluck();
    this.#blocks = database.prepare('SELECT id, data FROM sample WHERE id BETWEEN ? AND ? ORDER BY id');
  }

  last(tier: Tier): Tick | null {
    const { first, last } = tickRange(tier);
    const row = this.#last.get(first, last);
    return row === undefined ? null : tickOf(row);
  }

  /** ID of the first tick of the tier at or after a time; null: there is none. */
  firstAt(tier: Tier, atMs: number): number | null {
    const { first, last } = tickRange(tier);
    return this.#firstAt.get(first, last, atMs) ?? null;
  }

  /** From a tick on, oldest first. */
  from(tier: Tier, firstId: number): Tick[] {
    const { first, last } = tickRange(tier);
    return this.#between.all(Math.max(first, firstId), last).map(tickOf);
  }

  /** The same, one at a time: a tier may hold more ticks than one would keep in memory. One such walk at a time. */
  *each(tier: Tier, firstId = 0): Generator<Tick> {
    const { first, last } = tickRange(tier);
    for (const row of this.#each.iterate(Math.max(first, firstId), last)) yield tickOf(row);
  }

  /** What was written at a tick, of the blocks between two addresses. */
  blocks(tick: Tick, firstAddress: number, lastAddress: number): EncodedBlock[] {
    const rows = this.#blocks.all(sampleId(tick.id, firstAddress), sampleId(tick.id, lastAddress));
    return rows.map(({ id, data }) => ({ address: addressOf(id), data }));
  }
}

/** The latest moment at which something in that tick was read. */
export function lastReadMs(tick: Tick | null): number {
  if (tick === null) return Number.NEGATIVE_INFINITY;
  return Math.max(tick.atMs, ...Object.values(tick.reads ?? {}));
}

function tickOf(row: TickRow): Tick {
  return { ...row, fresh: row.fresh === 1, reads: row.reads === null ? null : (JSON.parse(row.reads) as ReadTimes) };
}
