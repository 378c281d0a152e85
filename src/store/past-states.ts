import type { Database } from 'better-sqlite3';
import type {
  CollectorRun,
  Facet,
  FacetReads,
  Failure,
  GroupMembership,
  LogDir,
  Read,
  TopicState,
} from '../model/snapshot.ts';
import { readAt } from './rebuilt-reads.ts';
import { lastStates, type StateChange, statesFrom } from './state-changes.ts';
import { logDirsOf, quorumOf, type StateKind, type StateKinds, theOne } from './state-kinds.ts';
import type { ReadTimes, Tick } from './ticks.ts';

/** How the collectors of one cycle fared. */
export interface PastRuns {
  /** Undefined: it was not kept. */
  runs: readonly CollectorRun[] | undefined;
  failures: ReadonlyMap<Facet, readonly Failure[]>;
}

type TickReads = Pick<Tick, 'atMs' | 'reads'>;

/** Of coarser samples it is not known what was read in their cycles: what had not failed was. */
const readInCoarse = ['cluster', 'group-membership', 'quorum', 'permissions', 'log-dirs'] as const;

/** What was known beside the offsets at moments that rise. Until it is disposed of the database cannot be closed. */
export class PastStates implements Disposable {
  readonly #kinds: { [K in StateKind]: Map<string, StateKinds[K]> } = {
    brokers: new Map(),
    topic: new Map(),
    group: new Map(),
    'broker-configs': new Map(),
    permissions: new Map(),
    quorum: new Map(),
    'log-dirs': new Map(),
    'usable-bytes': new Map(),
    collector: new Map(),
  };
  readonly #later: Iterator<StateChange>;
  #next: IteratorResult<StateChange>;
  /** Lists that are the same object while nothing in them changed. */
  readonly #lists: { topic: readonly TopicState[] | null; group: readonly GroupMembership[] | null } = {
    topic: null,
    group: null,
  };
  #brokerConfigsChanged = true;
  /** What is read seldom is told at the first tick too: of the last hours nobody would know it else. */
  #isFirst = true;

  /** @param kinds the others are passed over */
  constructor(database: Database, fromMs: number, kinds?: readonly StateKind[]) {
    for (const row of lastStates(database, fromMs, kinds)) this.#apply(row);
    this.#later = statesFrom(database, fromMs, kinds);
    this.#next = this.#later.next();
  }

  /** Goes on to a moment that is not before the last one. */
  advance(atMs: number): void {
    for (; this.#next.done !== true && this.#next.value.atMs <= atMs; this.#next = this.#later.next()) {
      this.#apply(this.#next.value);
    }
  }

  topics(): readonly TopicState[] {
    this.#lists.topic ??= [...this.#kinds.topic.values()];
    return this.#lists.topic;
  }

  /** Undefined: nothing is known of them. */
  brokers(): StateKinds['brokers'] | undefined {
    return this.#kinds.brokers.get(theOne);
  }

  /**
   * What it knows, as reads of a snapshot, and how the collectors fared; a facet is left out where nothing is known of it or it was
   * not read at that tick. Log dirs come apart.
   */
  at(tick: TickReads): PastRuns & { reads: FacetReads } {
    const told = { ...this.#runs(tick), reads: this.#reads(tick) };
    this.#brokerConfigsChanged = false;
    this.#isFirst = false;
    return told;
  }

  quorumRead(tick: TickReads): Pick<FacetReads, 'quorum'> {
    const { quorum: atMs } = this.#readTimes(tick);
    const quorum = this.#kinds.quorum.get(theOne);
    return atMs === undefined || quorum === undefined ? {} : { quorum: readAt(quorumOf(quorum, atMs), atMs) };
  }

  /** When log dirs were read at that tick, and what was read of them; undefined: they were not, or it was not kept. */
  logDirs(tick: TickReads): Read<readonly LogDir[]> | undefined {
    const { 'log-dirs': atMs } = this.#readTimes(tick);
    const [dirs, usableBytes] = [this.#kinds['log-dirs'].get(theOne), this.#kinds['usable-bytes'].get(theOne)];
    if (atMs === undefined || dirs === undefined || usableBytes === undefined) return undefined;
    return readAt(logDirsOf(dirs, usableBytes), atMs);
  }

  [Symbol.dispose](): void {
    this.#later.return?.();
  }

  #reads(tick: TickReads): FacetReads {
    const times = this.#readTimes(tick);
    const [brokers, permissions] = [this.brokers(), this.#kinds.permissions.get(theOne)];
    const { cluster: clusterAtMs, 'group-membership': membershipAtMs } = times;
    const permissionsAtMs = times.permissions ?? (this.#isFirst ? tick.atMs : undefined);
    const brokerConfigs = this.#brokerConfigsChanged ? this.#kinds['broker-configs'].get(theOne) : undefined;
    return {
      ...(clusterAtMs !== undefined &&
        brokers !== undefined && { cluster: readAt({ ...brokers, topics: this.topics() }, clusterAtMs) }),
      ...(membershipAtMs !== undefined &&
        this.#kinds.group.size > 0 && { 'group-membership': readAt(this.#groups(), membershipAtMs) }),
      ...(brokerConfigs !== undefined && { 'broker-configs': readAt(brokerConfigs, tick.atMs) }),
      ...(permissionsAtMs !== undefined &&
        permissions !== undefined && { permissions: readAt(permissions, permissionsAtMs) }),
      ...this.quorumRead(tick),
    };
  }

  /** A collector that failed runs again in each cycle until it has read something. */
  #runs({ atMs, reads }: TickReads): PastRuns {
    const failures = new Map<Facet, readonly Failure[]>();
    const runs: CollectorRun[] = [];
    for (const [name, state] of this.#kinds.collector) {
      const collector = name as Facet;
      const hasRun = reads === null || reads[collector] !== undefined || state.outcome === 'failed' || this.#isFirst;
      if (!hasRun) continue;
      const { outcome, everyMs } = state;
      runs.push({ collector, startedAtMs: reads?.[collector] ?? atMs, durationMs: 0, outcome, everyMs });
      failures.set(collector, state.failures);
    }
    return { runs: this.#kinds.collector.size === 0 ? undefined : runs, failures };
  }

  #readTimes({ atMs, reads }: TickReads): ReadTimes {
    if (reads !== null) return reads;
    const facets = readInCoarse.filter((facet) => this.#kinds.collector.get(facet)?.outcome !== 'failed');
    return Object.fromEntries(facets.map((facet) => [facet, atMs]));
  }

  #groups(): readonly GroupMembership[] {
    this.#lists.group ??= [...this.#kinds.group.values()];
    return this.#lists.group;
  }

  #apply({ kind, name, body }: Pick<StateChange, 'kind' | 'name' | 'body'>): void {
    if (kind === 'topic' || kind === 'group') this.#lists[kind] = null;
    if (kind === 'broker-configs') this.#brokerConfigsChanged = true;
    if (body === null) this.#kinds[kind].delete(name);
    // What was saved under a kind is what is read under it.
    else (this.#kinds[kind] as Map<string, unknown>).set(name, JSON.parse(body));
  }
}
