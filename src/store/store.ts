import { join } from 'node:path';
import type { Advance } from '../model/engine.ts';
import type { EngineMemory } from '../model/engine-memory.ts';
import type { TidemarkError } from '../model/errors.ts';
import type { ClusterEvent, Transition } from '../model/finding.ts';
import type { HistoryField, HistoryKey, Points, SeriesReader } from '../model/series-reader.ts';
import type { Discovery, Snapshot } from '../model/snapshot.ts';
import { ClusterStore } from './cluster-store.ts';
import { lockDirectory, prepareDirectory } from './directory.ts';

/** All that one cycle leaves behind; it is stored in one transaction, or not at all. */
export interface Cycle {
  snapshot: Snapshot;
  advance: Advance;
  memory: EngineMemory;
  discovery: Discovery;
}

/** What the store knows of a cluster at start. */
export interface StoredCluster {
  /** Of the last cycle that was stored; null where there is none. */
  discovery: Discovery | null;
  memory: EngineMemory | null;
  /**
   * Snapshots rebuilt from the samples, oldest first, dense near and sparse far: for Engine.refill. Empty where nothing is
   * stored. To be iterated once, before the first commit.
   */
  snapshots: Iterable<Snapshot>;
}

/** How long each tier is kept in ms (the section `store` of the config). */
export interface StoreSettings {
  /** every cycle */
  raw: number;
  /** one sample a minute */
  minute: number;
  /** one sample in ten minutes; findings and events too */
  tenMinutes: number;
  /** bytes on disk over all clusters; beyond it the oldest samples of the finest tier are dropped, and counted */
  maxBytes: number;
}

export interface StoreOptions {
  settings: StoreSettings;
  /**
   * Takes what an operator should know and nobody has to catch: a file that was set aside, a directory on a network file
   * system. The message is a sentence for the log.
   */
  notify(notice: TidemarkError): void;
}

/** History on disk: one SQLite file a cluster, so that a damaged file or a large cluster costs the others nothing. */
export interface Store extends SeriesReader, Disposable {
  /** Never throws: what cannot be read is reported through `notify`, and an empty history is returned. */
  load(cluster: string): StoredCluster;
  /**
   * Stores one cycle in one transaction. Throws TidemarkError `store.write-failed` (disk full, read-only, ...): the caller
   * names it in what it publishes and goes on; the next commit tries again and brings along the transitions and events of
   * this one.
   */
  commit(cycle: Cycle): void;
  /** Samples (one a cycle and tier) that `maxBytes` has dropped before their time since start. */
  droppedSamples(): number;
}

/**
 * Opens the store in a directory, which is made where it is missing. Throws TidemarkError `store.in-use` where another
 * process has it; everything else that is wrong with the directory is told through `notify`, and commits fail until it is
 * mended: a full or read-only disk never keeps tidemark from watching.
 */
export function openStore(directory: string, options: StoreOptions): Store {
  prepareDirectory(directory, options.notify);
  const lock = lockDirectory(directory, options.notify);
  return new FileStore(directory, options, lock);
}

class FileStore implements Store {
  readonly #directory: string;
  readonly #options: StoreOptions;
  readonly #lock: Disposable | null;
  readonly #clusters = new Map<string, ClusterStore>();
  #dropped = 0;

  constructor(directory: string, options: StoreOptions, lock: Disposable | null) {
    this.#directory = directory;
    this.#options = options;
    this.#lock = lock;
  }

  load(cluster: string): StoredCluster {
    return this.#of(cluster).load();
  }

  commit(cycle: Cycle): void {
    const { settings } = this.#options;
    const store = this.#of(cycle.advance.report.cluster);
    // Every cluster gets the same share, so that none can take the others' room.
    const maxBytes = settings.maxBytes / this.#clusters.size;
    this.#dropped += store.commit(cycle, { ...settings, maxBytes });
  }

  droppedSamples(): number {
    return this.#dropped;
  }

  points(key: HistoryKey, field: HistoryField, fromMs: number, toMs: number, atMost: number): Points {
    return this.pointsOfMany([key], field, fromMs, toMs, atMost)[0]!;
  }

  pointsOfMany(
    keys: readonly HistoryKey[],
    field: HistoryField,
    fromMs: number,
    toMs: number,
    atMost: number,
  ): Points[] {
    const store = keys.length === 0 ? undefined : this.#clusters.get(keys[0]!.cluster);
    return store?.points(keys, field, fromMs, toMs, atMost) ?? keys.map(() => []);
  }

  events(cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): ClusterEvent[] {
    return this.#clusters.get(cluster)?.events(fromMs, toMs, atMost, topic) ?? [];
  }

  transitions(cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): Transition[] {
    return this.#clusters.get(cluster)?.transitions(fromMs, toMs, atMost, topic) ?? [];
  }

  sizeBytes(): number {
    return [...this.#clusters.values()].reduce((sum, store) => sum + store.sizeBytes(), 0);
  }

  [Symbol.dispose](): void {
    for (const store of this.#clusters.values()) store[Symbol.dispose]();
    this.#lock?.[Symbol.dispose]();
  }

  /** For load and commit alone: a question about a cluster that nobody watches must not leave a file behind. */
  #of(cluster: string): ClusterStore {
    let store = this.#clusters.get(cluster);
    if (store === undefined) {
      const path = join(this.#directory, `${encodeURIComponent(cluster)}.sqlite`);
      store = new ClusterStore(cluster, path, this.#options.notify);
      this.#clusters.set(cluster, store);
    }
    return store;
  }
}
