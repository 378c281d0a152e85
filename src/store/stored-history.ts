import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { TidemarkError } from '../model/errors.ts';
import type { ClusterEvent, Finding, Transition } from '../model/finding.ts';
import { type Tier, tiers } from './addresses.ts';
import { storedFindings } from './carried-state.ts';
import { isStorageFault } from './database-file.ts';
import { Journal } from './journal.ts';
import { migrations } from './migrations/index.ts';
import { type PastSnapshot, pastSnapshots } from './past-snapshots.ts';
import { statesKeptSince } from './state-changes.ts';
import type { StateKind } from './state-kinds.ts';
import { Ticks } from './ticks.ts';

const ending = '.sqlite';
/** A daemon holds the file for some milliseconds at most. */
const busyTimeoutMs = 5_000;
/** Distances between samples that are enough to know the usual one. */
const distancesAtMost = 1_000;

/** The clusters whose history lies in a data directory, by name. Throws TidemarkError `config.unreadable` where there is none. */
export function storedClusters(directory: string): string[] {
  const clusters = namesIn(directory).flatMap(clusterOf).sort();
  if (clusters.length > 0) return clusters;
  const message = `${directory} holds no history of a cluster: name the directory that the daemon has as its dataDir`;
  throw new TidemarkError('config.unreadable', message, { directory });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const message = `${directory} cannot be read: ${(error as Error).message}; check the path and its permissions`;
    throw new TidemarkError('config.unreadable', message, { directory }, error);
  }
}

/** Only files that are named as tidemark names them: what it has set aside has a time behind the ending. */
function clusterOf(file: string): string[] {
  if (!file.endsWith(ending)) return [];
  try {
    const cluster = decodeURIComponent(file.slice(0, -ending.length));
    return fileOf(cluster) === file ? [cluster] : [];
  } catch {
    return []; // a stray % in a name that is not ours
  }
}

function fileOf(cluster: string): string {
  return `${encodeURIComponent(cluster)}${ending}`;
}

/** By kind; one of which there is nothing is not in it. */
export type KeptSince = Partial<Record<StateKind | 'clock', number>>;

/** What there is of one tier. */
export interface TierSpan {
  ticks: number;
  fromMs: number;
  toMs: number;
  /** Median distance of two ticks at the beginning, ms; null: there are not two. */
  usualDistanceMs: number | null;
}

/**
 * The file of one cluster, as it was at the moment of opening, however long it is read and whatever a daemon writes to it meanwhile.
 * Nothing is written to it. While it is open SQLite cannot shorten the daemon's write-ahead log: it is for commands, which end.
 * Every method throws TidemarkError `store.unreadable` where the file is damaged.
 */
export class StoredHistory implements Disposable {
  readonly path: string;
  readonly #cluster: string;
  readonly #database: Database;

  constructor(directory: string, cluster: string) {
    this.#cluster = cluster;
    this.path = join(directory, fileOf(cluster));
    this.#database = this.#guarded(() => this.#open());
  }

  /** Null: nothing is stored in this tier. */
  span(tier: Tier): TierSpan | null {
    return this.#guarded(() => spanOf(new Ticks(this.#database), tier));
  }

  /** Since when what is kept beside the samples of a tier is there, ms since the epoch. */
  keptSince(tier: Tier): KeptSince {
    return this.#guarded(() => {
      const clock = new Ticks(this.#database).clockKeptSince(tier);
      return { ...statesKeptSince(this.#database), ...(clock !== null && { clock }) };
    });
  }

  /** Oldest first, one in memory at a time. */
  snapshots(tier: Tier): Generator<PastSnapshot> {
    return this.#each(() => pastSnapshots(this.#database, this.#cluster, tier));
  }

  /** Oldest first. */
  transitions(fromMs: number, toMs: number): Generator<Transition> {
    return this.#each(() => new Journal(this.#database).eachTransition(fromMs, toMs));
  }

  /** What is open, as the last cycle left it. */
  openFindings(): Finding[] {
    return this.#guarded(() => storedFindings(this.#database));
  }

  /** Since when findings are kept: since the oldest sample, for both are kept equally long; null: nothing is. */
  keptSinceMs(): number | null {
    const begins = tiers.map((tier) => this.span(tier)?.fromMs).filter((atMs) => atMs !== undefined);
    return begins.length === 0 ? null : Math.min(...begins);
  }

  /** Oldest first. */
  events(fromMs: number, toMs: number): Generator<ClusterEvent> {
    return this.#each(() => new Journal(this.#database).eachEvent(fromMs, toMs));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #open(): Database {
    const database = new SqliteDatabase(this.path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    try {
      const version = database.pragma('user_version', { simple: true }) as number;
      if (version > migrations.length) {
        throw this.#unreadable(`it was written by a newer version of tidemark, with schema ${version}`);
      }
      // A transaction that reads goes on seeing what there was when it first read.
      database.exec('BEGIN');
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  *#each<T>(begin: () => Iterable<T>): Generator<T> {
    try {
      yield* begin();
    } catch (error) {
      throw this.#asUnreadable(error);
    }
  }

  #guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#asUnreadable(error);
    }
  }

  #asUnreadable(error: unknown): unknown {
    return isStorageFault(error) ? this.#unreadable(error.message, error) : error;
  }

  #unreadable(why: string, cause?: unknown): TidemarkError {
    const message = `the history of ${this.#cluster} in ${this.path} cannot be read: ${why}`;
    return new TidemarkError('store.unreadable', message, { path: this.path }, cause);
  }
}

function spanOf(ticks: Ticks, tier: Tier): TierSpan | null {
  const span = { ticks: 0, fromMs: Number.NaN, toMs: Number.NaN };
  const distances: number[] = [];
  for (const { atMs } of ticks.each(tier)) {
    if (span.ticks === 0) span.fromMs = atMs;
    else if (distances.length < distancesAtMost) distances.push(atMs - span.toMs);
    span.toMs = atMs;
    span.ticks++;
  }
  const usualDistanceMs = distances.sort((a, b) => a - b)[distances.length >> 1] ?? null;
  return span.ticks === 0 ? null : { ...span, usualDistanceMs };
}
