import type { Database, Statement } from 'better-sqlite3';
import type { Facet } from '../model/snapshot.ts';
import { addressOf, sampleId, type Tier, tickRange } from './addresses.ts';

/** When what a cycle has read was read, ms since the epoch. */
export type ReadTimes = Partial<Record<Facet, number>>;

export interface Tick {
  id: number;
  atMs: number;
  /** Everything begins anew with this tick: what has no block here has no value, whatever stood before. */
  fresh: boolean;
  /** Null in the coarser tiers. An older version named only what samples are made of, the cluster and the membership. */
  reads: ReadTimes | null;
  /** Null in the coarser tiers, and where an older version wrote it. */
  clock: Clock | null;
}

/** As in Snapshot. */
export interface Clock {
  recorder: string;
  monotonicMs: number;
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
  recorder: string | null;
  monotonicMs: number | null;
}

/** The moments of each tier, and what was written at them. */
export class Ticks {
  readonly #between: Statement<[number, number], TickRow>;
  readonly #each: Statement<[number, number], TickRow>;
  readonly #last: Statement<[number, number], TickRow>;
  readonly #firstAt: Statement<[number, number, number], number | null>;
  readonly #blocks: Statement<[number, number], { id: number; data: Buffer }>;

  constructor(database: Database) {
    const clock = isClockKept(database) ? 'recorder, monotonic_ms' : 'NULL AS recorder, NULL';
    const columns = `id, at_ms AS atMs, fresh, reads, ${clock} AS monotonicMs`;
    const select = `SELECT ${columns} FROM tick WHERE id BETWEEN ? AND ? ORDER BY id`;
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

  /** Since when ticks of the tier tell by which clock they were timed, ms since the epoch; null: none does. */
  clockKeptSince(tier: Tier): number | null {
    for (const { atMs, clock } of this.each(tier)) if (clock !== null) return atMs;
    return null;
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

/** False in a file that an older version has written, and none has opened to write since. */
function isClockKept(database: Database): boolean {
  return database.prepare("SELECT 1 FROM pragma_table_info('tick') WHERE name = 'monotonic_ms'").get() !== undefined;
}

function tickOf({ id, atMs, fresh, reads, recorder, monotonicMs }: TickRow): Tick {
  return {
    ...{ id, atMs, fresh: fresh === 1 },
    reads: reads === null ? null : (JSON.parse(reads) as ReadTimes),
    clock: recorder === null || monotonicMs === null ? null : { recorder, monotonicMs },
  };
}
