import type { Database, Statement } from 'better-sqlite3';
import { sampleRange, type Tier, tickRange, tiers } from './addresses.ts';
import { keyEvery } from './block-codec.ts';
import type { StoreSettings } from './store.ts';

/** Ticks of a tier that one cycle deletes at most: small steps, so that no cycle waits for the disk. */
const ticksPerStep = 8;
/** Rows of the journal and the dictionary that one cycle deletes at most, a table. */
const rowsPerStep = 200;
/** Free pages that one cycle gives back to the disk at most. */
const pagesPerStep = 2000;
/** A tick from further ahead than this was written by a clock that was wrong. */
const aheadMs = 86_400_000;

const fromFine: readonly Tier[] = tiers.toReversed();

interface OldTick {
  id: number;
  atMs: number;
}

/** Deletes what has had its time, and what there is no room for. */
export class Pruner {
  readonly #database: Database;
  readonly #oldest: Statement<[number, number, number], OldTick>;
  readonly #deleteTick: Statement<[number]>;
  readonly #deleteSamples: Statement<[number, number]>;
  readonly #expire: readonly Statement<[number, number]>[];
  readonly #dropConfigs: Statement<[]>;

  constructor(database: Database) {
    this.#database = database;
    this.#oldest = database.prepare('SELECT id, at_ms AS atMs FROM tick WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?');
    this.#deleteTick = database.prepare('DELETE FROM tick WHERE id = ?');
    this.#deleteSamples = database.prepare('DELETE FROM sample WHERE id BETWEEN ? AND ?');
    const expire = (table: string, column: string) =>
      database.prepare<[number, number]>(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${column} < ? LIMIT ?)`,
      );
    this.#expire = [
      expire('transition', 'at_ms'),
      expire('event', 'at_ms'),
      ...['series', 'partition', 'consumer_group', 'topic'].map((table) => expire(table, 'gone_ms')),
    ];
    // Settings stay for as long as their topic does, whatever their age: the latest are those in force.
    this.#dropConfigs = database.prepare('DELETE FROM topic_config WHERE topic NOT IN (SELECT id FROM topic)');
  }

  /** Deletes a step of what is older than its tier is kept; within the transaction of a cycle. */
  expire(atMs: number, settings: StoreSettings): void {
    for (const tier of fromFine) {
      for (const { id, reader } of this.#expendable(tier)) {
        if (reader.atMs >= atMs - settings[tier] && reader.atMs <= atMs + aheadMs) break;
        this.#delete(id);
      }
    }
    for (const statement of this.#expire) statement.run(atMs - settings.tenMinutes, rowsPerStep);
    this.#dropConfigs.run();
  }

  /**
   * Deletes a step of the oldest ticks of the finest tier where the file holds more than `maxBytes`; within the transaction of a
   * cycle. Returns how many went.
   */
  makeRoom(maxBytes: number): number {
    if (this.#heldBytes() <= maxBytes) return 0;
    for (const tier of fromFine) {
      const ticks = this.#expendable(tier);
      if (ticks.length === 0) continue;
      for (const { id } of ticks) this.#delete(id);
      return ticks.length;
    }
    return 0;
  }

  /**
   * The oldest ticks of a tier, at most a step. Reading at some moment begins with the key blocks of up to `keyEvery` ticks before
   * it: `reader` is the last tick that may need this one, and where there is none yet it must stay.
   */
  #expendable(tier: Tier): { id: number; reader: OldTick }[] {
    const { first, last } = tickRange(tier);
    const oldest = this.#oldest.all(first, last, ticksPerStep + keyEvery);
    return oldest.slice(keyEvery).map((reader, index) => ({ id: oldest[index]!.id, reader }));
  }

  /** Gives free pages back to the disk where the file is larger than `maxBytes`; outside of any transaction. */
  shrink(maxBytes: number): void {
    const pages = this.#pragma('page_count');
    if (pages * this.#pragma('page_size') <= maxBytes || this.#pragma('freelist_count') === 0) return;
    this.#database.pragma(`incremental_vacuum(${pagesPerStep})`);
  }

  #heldBytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pragma('page_size');
  }

  #pragma(name: string): number {
    return this.#database.pragma(name, { simple: true }) as number;
  }

  #delete(tickId: number): void {
    const { first, last } = sampleRange(tickId);
    this.#deleteSamples.run(first, last);
    this.#deleteTick.run(tickId);
  }
}
