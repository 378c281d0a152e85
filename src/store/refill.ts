import type { Database } from 'better-sqlite3';
import type { FacetReads, PartitionState, Read, Snapshot } from '../model/snapshot.ts';
import { type Tier, tickRange } from './addresses.ts';
import type { ClusterHeader } from './carried-state.ts';
import { type FrameValues, readFrames } from './frame-reader.ts';
import { MovementCount } from './movement-count.ts';
import { type Roster, type RosterTopic, readRoster } from './roster.ts';
import { type Tick, Ticks } from './ticks.ts';
import { latestConfigs } from './topic-configs.ts';

const hourMs = 3_600_000;
/** One snapshot a minute so far back, one in ten minutes so far; older ones serve only the curves from offset to time. */
const minuteSpanMs = 3 * hourMs;
const tenMinutesSpanMs = 24 * hourMs;
/**
 * Rows of all snapshots of the raw tier together, and of all others: what they cost the engine grows with them, and a start with
 * 100,000 series must stay within a few seconds.
 */
const mostRows = 2_500_000;
const rawCount = { least: 40, most: 400 };
const coarseCount = { least: 12, most: 400 };
/** Shares of the coarse ones. */
const shares = { minute: 0.45, tenMinutes: 0.3, old: 0.25 };
/** Beyond so many rows only partitions are read from the coarse tiers: every tick of a span must be decoded to read some. */
const mostRowsWithCommits = 50_000;
/** A series that moved so often in the finer snapshots is left out of the coarser ones: there it would look slow. */
const enoughMovements = 3;

/** Ticks of one tier that become snapshots. */
interface Segment {
  tier: Tier;
  ticks: readonly Tick[];
  withCommits: boolean;
  /** By series ID: 1 = its commits are left out. */
  leftOut: Uint8Array;
}

/**
 * Snapshots rebuilt from samples, oldest first, for Engine.refill: every cycle of the last minutes, before those a sample a minute,
 * one in ten minutes, and few. They are `filtered`: what is absent from them was not stored, which does not mean that it is gone.
 */
export function* rebuildSnapshots(database: Database, cluster: string, header: ClusterHeader): Generator<Snapshot> {
  const ticks = new Ticks(database);
  const roster = readRoster(database);
  const segments = planSegments(ticks, roster);
  let whole = wholeCluster(database, roster, header);
  for (const { tier, ticks: wanted, withCommits, leftOut } of segments) {
    for (const { tick, values } of readFrames(ticks, tier, wanted, withCommits)) {
      const reads = {
        ...whole(tick.atMs),
        ...offsetsOf(roster, tick, values),
        ...commitsOf(roster, tick, values, leftOut),
      };
      whole = () => ({});
      yield { cluster, atMs: tick.atMs, completeness: 'filtered', reads, failures: [] };
    }
  }
}

/** Oldest first; times rise over all of them, even where the clock once stepped back. */
function planSegments(ticks: Ticks, roster: Roster): Segment[] {
  const last = ticks.last('raw');
  if (last === null) return [];
  const countOf = ({ least, most }: typeof rawCount) =>
    Math.max(least, Math.min(most, Math.floor(mostRows / Math.max(1, roster.rows))));
  const raw = risingTo(ticks.from('raw', last.id - countOf(rawCount) + 1), last.atMs);
  const minuteFrom = ticks.firstAt('minute', last.atMs - minuteSpanMs);
  const minutes = minuteFrom === null ? [] : risingTo(ticks.from('minute', minuteFrom), raw[0]!.atMs - 1);
  const untilMs = (minutes[0] ?? raw[0]!).atMs - 1;
  const tens = risingTo(ticks.from('tenMinutes', tickRange('tenMinutes').first), untilMs);
  const recent = tens.filter(({ atMs }) => atMs >= last.atMs - tenMinutesSpanMs);
  const old = tens.slice(0, tens.length - recent.length);
  const coarse = countOf(coarseCount);
  return withMovements(ticks, roster, {
    old: evenly(old, coarse * shares.old),
    recent: evenly(recent, coarse * shares.tenMinutes),
    minutes: evenly(minutes, coarse * shares.minute),
    raw,
  });
}

/** Decides whose commits are told in which segment. */
function withMovements(
  ticks: Ticks,
  roster: Roster,
  { old, recent, minutes, raw }: Record<'old' | 'recent' | 'minutes' | 'raw', Tick[]>,
): Segment[] {
  const nobody = new Uint8Array(0);
  const withCommits = roster.rows <= mostRowsWithCommits;
  const movements = new MovementCount(roster);
  if (withCommits) movements.add(ticks, 'raw', raw);
  const inRaw = movements.atLeast(enoughMovements);
  if (withCommits) movements.add(ticks, 'minute', minutes);
  const inBoth = movements.atLeast(enoughMovements);
  return [
    { tier: 'tenMinutes', ticks: old, withCommits: false, leftOut: nobody },
    { tier: 'tenMinutes', ticks: recent, withCommits, leftOut: inBoth },
    { tier: 'minute', ticks: minutes, withCommits, leftOut: inRaw },
    { tier: 'raw', ticks: raw, withCommits: true, leftOut: nobody },
  ];
}

/** The cluster for the first snapshot: what there is, but not where it is led from, which may have changed since. */
function wholeCluster(database: Database, roster: Roster, header: ClusterHeader): (atMs: number) => FacetReads {
  const configs = latestConfigs(database);
  const topics = roster.topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(existingPartition),
  }));
  const known = roster.topics.flatMap(({ topic, topicKey }) => {
    const config = configs.get(topicKey);
    return config === undefined ? [] : [{ topic, config }];
  });
  return (atMs) => ({ cluster: readAt({ ...header, topics }, atMs), 'topic-configs': readAt(known, atMs) });
}

function existingPartition(partition: number): PartitionState {
  const unread = { leader: null, leaderEpoch: null, replicas: [], inSyncReplicas: [], addingReplicas: [] };
  return { partition, ...unread, stateUnread: true };
}

function offsetsOf({ topics }: Roster, { atMs, reads }: Tick, values: FrameValues): FacetReads {
  const { logStartOffset, highWatermark, lastStableOffset } = values;
  const logStarts = topics.map((topic) => observedOf(topic, (id) => logStartOffset.value(id)));
  const ends = topics.map(({ topic, partitions, ids }) => {
    const isObserved = (_: unknown, index: number) => !Number.isNaN(highWatermark.value(ids[index]!));
    const observed = ids.filter(isObserved);
    return {
      topic,
      partitions: partitions.filter(isObserved),
      highWatermarks: observed.map((id) => highWatermark.value(id)),
      lastStableOffsets: observed.map((id) => lastStableOffset.value(id)),
    };
  });
  return {
    'log-start-offsets': readAt(logStarts.filter(isRead), reads?.['log-start-offsets'] ?? atMs),
    'end-offsets': readAt(ends.filter(isRead), reads?.['end-offsets'] ?? atMs),
  };
}

function commitsOf(roster: Roster, tick: Tick, { committedOffset }: FrameValues, leftOut: Uint8Array): FacetReads {
  if (committedOffset === null) return {};
  const offsetOf = (id: number) => (leftOut[id] === 1 ? Number.NaN : committedOffset.value(id));
  const groups = roster.groups.map(({ groupId, topics }) => ({
    groupId,
    topics: topics.map((topic) => observedOf(topic, offsetOf)).filter(isRead),
  }));
  const read = groups.filter(({ topics }) => topics.length > 0);
  return { 'committed-offsets': readAt(read, tick.reads?.['committed-offsets'] ?? tick.atMs) };
}

/** Those partitions of a topic that have a value. */
function observedOf({ topic, partitions, ids }: RosterTopic, offsetOf: (id: number) => number) {
  const observed = { topic, partitions: [] as number[], offsets: [] as number[] };
  for (const [index, id] of ids.entries()) {
    const offset = offsetOf(id);
    if (Number.isNaN(offset)) continue;
    observed.partitions.push(partitions[index]!);
    observed.offsets.push(offset);
  }
  return observed;
}

function isRead({ partitions }: { partitions: readonly number[] }): boolean {
  return partitions.length > 0;
}

function readAt<T>(value: T, observedAtMs: number): Read<T> {
  return { value, observedAtMs, failures: [] };
}

/** Those ticks whose times rise and are not after `untilMs`: a clock that stepped back leaves others. */
function risingTo(ticks: readonly Tick[], untilMs: number): Tick[] {
  const rising: Tick[] = [];
  for (const tick of ticks) {
    if (tick.atMs <= untilMs && tick.atMs > (rising.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) rising.push(tick);
  }
  return rising;
}

/** About so many of them at most, evenly spread. */
function evenly(ticks: readonly Tick[], atMost: number): Tick[] {
  const count = Math.ceil(atMost);
  if (ticks.length <= count) return [...ticks];
  return Array.from({ length: count }, (_, index) => ticks[Math.floor((index * ticks.length) / count)]!);
}
