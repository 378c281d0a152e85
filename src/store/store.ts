import type { TidemarkError } from '../model/errors.ts';
import type { Advance, EngineMemory } from '../model/report.ts';
import type { SeriesReader } from '../model/series-reader.ts';
import type { Discovery, Snapshot } from '../model/snapshot.ts';

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
  throw new Error(`not yet: ${directory} ${options.settings.raw}`);
}
