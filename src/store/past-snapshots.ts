import type { Database } from 'better-sqlite3';
import type { ClusterState, FacetReads, Snapshot } from '../model/snapshot.ts';
import type { Tier } from './addresses.ts';
import { storedClusterId } from './carried-state.ts';
import { type FrameValues, readTier } from './frame-reader.ts';
import { commitsOf, existingTopics, offsetsOf, readAt, sizesOf, wholeCluster } from './rebuilt-reads.ts';
import { rebuildBefore } from './refill.ts';
import { type Roster, readRoster } from './roster.ts';
import { PastStates } from './state-changes.ts';
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
  let past: Past | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { tick, values } of readTier(new Ticks(database), tier)) {
    if (tick.atMs <= lastMs) continue;
    lastMs = tick.atMs;
    let whole: FacetReads = {};
    if (past === undefined) {
      past = new Past(database, roster, tick);
      const state = past.cluster(database);
      // Coarser tiers begin without what lay before: only cycles are near enough to each other to go on from samples of a minute.
      if (tier === 'raw') {
        for (const snapshot of rebuildBefore(database, cluster, roster, state, tick))
          yield { snapshot, purpose: 'refill' };
      }
      whole = wholeCluster(database, state, tick.atMs)(tick.atMs);
    }
    const reads = { ...whole, ...past.reads(tick, values) };
    yield { snapshot: { cluster, atMs: tick.atMs, completeness: 'filtered', reads, failures: [] }, purpose: 'judge' };
  }
}

/** What is known beside the offsets, at moments that rise. */
class Past {
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

  reads(tick: Tick, values: FrameValues): FacetReads {
    this.#states.advance(tick.atMs);
    const readAtMs = tick.reads ?? { cluster: tick.atMs, 'group-membership': tick.atMs };
    return {
      ...this.#states.reads(readAtMs, tick.atMs),
      ...this.#configReads(tick.atMs),
      ...(this.#sizes.haveChanged(values) && sizesOf(this.#roster, tick, values)),
      ...offsetsOf(this.#roster, tick, values),
      ...commitsOf(this.#roster, tick, values, nobody),
    };
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

/** Sizes are stored in every cycle and read in some: that one of them has changed is the sign that they were. */
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
