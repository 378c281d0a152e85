import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { TidemarkError } from '../model/errors.ts';
import type { ClusterEvent, Transition } from '../model/finding.ts';
import type { HistoryField, HistoryKey, Points } from '../model/series-reader.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { loadClusterHeader, loadDiscovery, loadMemory } from './carried-state.ts';
import { type Backlog, ClusterWriter } from './cluster-writer.ts';
import { isDamage, isStorageFault, openDatabase, setAside } from './database-file.ts';
import { Journal } from './journal.ts';
import { planes } from './planes.ts';
import { rebuildSnapshots } from './refill.ts';
import { SampleReader } from './sample-reader.ts';
import { kindOf, SeriesLookup } from './series-lookup.ts';
import { StateParts } from './state-parts.ts';
import type { Cycle, StoredCluster, StoreSettings } from './store.ts';
import { thin } from './thinning.ts';

/** Transitions and events that wait for a disk that can be written, at most; then the oldest are lost. */
const mostInBacklog = 10_000;

interface Opened {
  database: Database;
  reader: SampleReader;
  lookup: SeriesLookup;
  journal: Journal;
}

const nothing: StoredCluster = { discovery: null, memory: null, snapshots: [] };

/** The file of one cluster. It is opened when it is needed, and again after it was set aside or could not be opened. */
export class ClusterStore implements Disposable {
  readonly #cluster: string;
  readonly #path: string;
  readonly #notify: (notice: TidemarkError) => void;
  #opened: Opened | null = null;
  #writer: ClusterWriter | null = null;
  #backlog: Backlog = { transitions: [], events: [] };

  constructor(cluster: string, path: string, notify: (notice: TidemarkError) => void) {
    this.#cluster = cluster;
    this.#path = path;
    this.#notify = notify;
  }

  load(): StoredCluster {
    return this.#read(nothing, ({ database }) => {
      const parts = new StateParts(database);
      const snapshots = rebuildSnapshots(database, this.#cluster, loadClusterHeader(parts));
      return { discovery: loadDiscovery(parts), memory: loadMemory(parts), snapshots: this.#guarded(snapshots) };
    });
  }

  /** Returns how many ticks were dropped for want of room. */
  commit(cycle: Cycle, settings: StoreSettings): number {
    try {
      return this.#write(cycle, settings);
    } catch (error) {
      if (!isDamage(error)) throw this.#failed(error, cycle);
      this.#setAside(error);
    }
    try {
      return this.#write(cycle, settings);
    } catch (error) {
      throw this.#failed(error, cycle);
    }
  }

  points(keys: readonly HistoryKey[], field: HistoryField, fromMs: number, toMs: number, atMost: number): Points[] {
    const kind = kindOf(keys[0]!);
    const plane = planes[kind].find((one) => one.field === field);
    if (plane === undefined) throw new RangeError(`there is no history of ${field} of a ${kind}`);
    const none = keys.map((): Points => []);
    return this.#read(none, ({ lookup, reader }) => {
      const found = keys.map((key) => lookup.find(key));
      const ids = found.filter((id) => id !== null);
      const tracks = reader.tracks(kind, ids, field, fromMs, toMs).values();
      return found.map((id) => (id === null ? [] : thin(tracks.next().value!, plane.keep, fromMs, toMs, atMost)));
    });
  }

  events(fromMs: number, toMs: number, atMost: number, topic?: string): ClusterEvent[] {
    return this.#read([], ({ journal }) => journal.events(fromMs, toMs, atMost, topic));
  }

  transitions(fromMs: number, toMs: number, atMost: number, topic?: string): Transition[] {
    return this.#read([], ({ journal }) => journal.transitions(fromMs, toMs, atMost, topic));
  }

  sizeBytes(): number {
    const sizes = ['', '-wal'].map((suffix) => statSync(this.#path + suffix, { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size);
  }

  [Symbol.dispose](): void {
    this.#writer = null;
    this.#opened?.database.close();
    this.#opened = null;
  }

  #write(cycle: Cycle, settings: StoreSettings): number {
    const { database } = this.#open();
    this.#writer ??= new ClusterWriter(database);
    const dropped = this.#writer.write(cycle, this.#backlog, settings);
    this.#backlog = { transitions: [], events: [] };
    return dropped;
  }

  /** What to throw for a cycle that is not stored; what it found goes with the next one. A bug stays what it is. */
  #failed(error: unknown, { advance }: Cycle): unknown {
    this.#writer = null;
    const keep = <T>(waiting: readonly T[], added: readonly T[]) => [...waiting, ...added].slice(-mostInBacklog);
    this.#backlog = {
      transitions: keep(this.#backlog.transitions, advance.transitions),
      events: keep(this.#backlog.events, advance.events),
    };
    if (!isStorageFault(error)) return error;
    const message = `This cycle of ${this.#cluster} could not be stored in ${this.#path} (${error.message}): check the space and the permissions of the data directory; the next cycle tries again.`;
    return new TidemarkError('store.write-failed', message, { cluster: this.#cluster, path: this.#path }, error);
  }

  /** What a file that cannot be read answers is the same as what an empty one does; it is told. */
  #read<T>(otherwise: T, read: (opened: Opened) => T): T {
    try {
      return read(this.#open());
    } catch (error) {
      this.#unreadable(error);
      return otherwise;
    }
  }

  *#guarded(snapshots: Iterable<Snapshot>): Generator<Snapshot> {
    try {
      yield* snapshots;
    } catch (error) {
      this.#unreadable(error);
    }
  }

  #unreadable(error: unknown): void {
    if (isDamage(error)) this.#setAside(error);
    else this.#tellUnreadable(error);
  }

  #setAside(why: Error): void {
    this[Symbol.dispose]();
    try {
      setAside(this.#path, why, this.#notify);
    } catch (error) {
      this.#tellUnreadable(error);
    }
  }

  #tellUnreadable(error: unknown): void {
    if (!isStorageFault(error)) throw error;
    const message = `The history of ${this.#cluster} in ${this.#path} cannot be read (${error.message}): check the permissions of the data directory.`;
    this.#notify(new TidemarkError('store.write-failed', message, { cluster: this.#cluster, path: this.#path }, error));
  }

  #open(): Opened {
    if (this.#opened === null) {
      const database = openDatabase(this.#path, this.#notify);
      this.#opened = {
        database,
        reader: new SampleReader(database),
        lookup: new SeriesLookup(database),
        journal: new Journal(database),
      };
    }
    return this.#opened;
  }
}
