import type { Database } from 'better-sqlite3';
import type { ClusterState, Facet, FacetReads, Failure, Snapshot } from '../model/snapshot.ts';
import type { Tier } from './addresses.ts';
import { storedClusterId } from './carried-state.ts';
import { type FrameValues, readTier } from './frame-reader.ts';
import { PastStates } from './past-states.ts';
import { commitsOf, existingTopics, offsetsOf, readAt, sizesOf, wholeCluster } from './rebuilt-reads.ts';
import { rebuildBefore } from './refill.ts';
import { type Roster, readRoster } from './roster.ts';
import { type Tick, Ticks } from './ticks.ts';
import { configChanges } from './topic-configs.ts';

/** A snapshot of the past: to be judged, or only to fill the windows with what lay before the first one that is. */
export interface PastSnapshot {
  snapshot: Snapshot;
  purpose: 'judge' | 'refill';
}

const nobody = new Uint8Array(0);

/**
 * What a daemon has read, cycle by cycle or bucket by bucket of a coarser tier, oldest first. The snapshots are `filtered`: what is
 * absent from them was not stored, which does not mean that it was gone. Ticks whose time does not rise are left out: a clock has
 * stepped back. One snapshot is held at a time.
 */
export function* pastSnapshots(database: Database, cluster: string, tier: Tier): Generator<PastSnapshot> {
  const roster = readRoster(database, 'all');
  using open = new DisposableStack();
  let past: Past | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { tick, values } of readTier(new Ticks(database), tier)) {
    if (tick.atMs <= lastMs) continue;
    lastMs = tick.atMs;
    let whole: FacetReads = {};
    if (past === undefined) {
      past = open.use(new Past(database, roster, tick));
      const state = past.cluster(database);
      // Coarser tiers begin without what lay before: only cycles are near enough to each other to go on from samples of a minute.
      if (tier === 'raw') {
        for (const snapshot of rebuildBefore(database, cluster, roster, state, tick))
          yield { snapshot, purpose: 'refill' };
      }
      whole = wholeCluster(database, state, tick.atMs)(tick.atMs);
    }
    const snapshot = { cluster, atMs: tick.atMs, ...tick.clock, completeness: 'filtered' as const };
    yield { snapshot: { ...snapshot, ...past.cycle(tick, values, whole) }, purpose: 'judge' };
  }
}

/** What is known beside the offsets, at moments that rise. */
class Past implements Disposable {
  readonly #roster: Roster;
  readonly #states: PastStates;
  readonly #configs: ReturnType<typeof configChanges>;
  #nextConfig: IteratorResult<{ atMs: number; change: NonNullable<FacetReads['topic-configs']>['value'][number] }>;
  readonly #sizes: SizeMemory;

  constructor(database: Database, roster: Roster, first: Tick) {
    this.#roster = roster;
    this.#states = new PastStates(database, first.atMs);
    this.#configs = configChanges(database, first.atMs);
    this.#nextConfig = this.#configs.next();
    this.#sizes = new SizeMemory(roster);
  }

  /** The cluster as it was at the first tick; of what nothing else is known, that it existed at some time. */
  cluster(database: Database): ClusterState {
    const topics = new Map(existingTopics(this.#roster).map((topic) => [topic.topic, topic]));
    for (const topic of this.#states.topics()) topics.set(topic.topic, topic);
    const brokers: Omit<ClusterState, 'topics'> = this.#states.brokers() ?? {
      clusterId: storedClusterId(database),
      brokers: [],
      brokersUnread: true,
    };
    return { ...brokers, topics: [...topics.values()] };
  }

  /** @param whole what nothing else tells at the first tick */
  cycle(
    tick: Tick,
    values: FrameValues,
    whole: FacetReads,
  ): Pick<Snapshot, 'reads' | 'failures'> & Partial<Pick<Snapshot, 'runs'>> {
    this.#states.advance(tick.atMs);
    const { runs, failures, reads: states } = this.#states.at(tick);
    const reads = {
      ...whole,
      ...states,
      ...this.#configReads(tick.atMs),
      ...this.#logDirReads(tick, values),
      ...wasRead(tick, offsetsOf(this.#roster, tick, values)),
      ...wasRead(tick, commitsOf(this.#roster, tick, values, nobody)),
    };
    return { ...withFailures(reads, failures), ...(runs !== undefined && { runs }) };
  }

  [Symbol.dispose](): void {
    this.#states[Symbol.dispose]();
    this.#configs.return(undefined);
  }

  #logDirReads(tick: Tick, values: FrameValues): FacetReads {
    const haveChanged = this.#sizes.haveChanged(values);
    const logDirs = this.#states.logDirs(tick);
    if (logDirs === undefined && !haveChanged) return {};
    const sizes = sizesOf(this.#roster, values);
    return { 'log-dirs': readAt({ logDirs: logDirs?.value ?? [], sizes }, logDirs?.observedAtMs ?? tick.atMs) };
  }

  #configReads(atMs: number): FacetReads {
    const changes = [];
    for (
      ;
      this.#nextConfig.done !== true && this.#nextConfig.value.atMs <= atMs;
      this.#nextConfig = this.#configs.next()
    ) {
      changes.push(this.#nextConfig.value.change);
    }
    return changes.length === 0 ? {} : { 'topic-configs': readAt(changes, atMs) };
  }
}

/** Sizes are stored in every cycle and read in some: where the tick does not tell when, that one of them has changed is the sign. */
class SizeMemory {
  readonly #ids: readonly number[];
  readonly #sizes: Float64Array;

  constructor({ topics }: Roster) {
    this.#ids = topics.flatMap(({ ids }) => ids);
    this.#sizes = new Float64Array(this.#ids.length).fill(Number.NaN);
  }

  haveChanged({ sizeBytes }: FrameValues): boolean {
    let changed = false;
    for (const [index, id] of this.#ids.entries()) {
      const size = sizeBytes.value(id);
      if (Object.is(size, this.#sizes[index])) continue;
      this.#sizes[index] = size;
      changed = true;
    }
    return changed;
  }
}

/** Without what that cycle did not read. */
function wasRead({ reads: times }: Tick, reads: FacetReads): FacetReads {
  if (times === null) return reads;
  return Object.fromEntries(Object.entries(reads).filter(([facet]) => times[facet as Facet] !== undefined));
}

/** What was not read goes to what was, or stands alone where nothing was. */
function withFailures(
  reads: FacetReads,
  failures: ReadonlyMap<Facet, readonly Failure[]>,
): Pick<Snapshot, 'reads' | 'failures'> {
  const partial = [...failures].filter(([facet, its]) => its.length > 0 && reads[facet] !== undefined);
  const own = Object.fromEntries(partial.map(([facet, its]) => [facet, { ...reads[facet], failures: its }]));
  const whole = [...failures].flatMap(([facet, its]) => (reads[facet] === undefined ? its : []));
  return { reads: { ...reads, ...own }, failures: whole };
}
