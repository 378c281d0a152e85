import type { Database } from 'better-sqlite3';
import type { ClusterState, FacetReads, Snapshot } from '../model/snapshot.ts';
import { type Tier, tickRange } from './addresses.ts';
import type { ClusterHeader } from './carried-state.ts';
import { readFrames } from './frame-reader.ts';
import { MovementCount } from './movement-count.ts';
import { PastStates } from './past-states.ts';
import { commitsOf, existingTopics, offsetsOf, wholeCluster } from './rebuilt-reads.ts';
import { type Roster, readRoster } from './roster.ts';
import { type Tick, Ticks } from './ticks.ts';

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
  const roster = readRoster(database, 'living');
  const last = ticks.last('raw');
  if (last === null) return;
  const raw = risingTo(ticks.from('raw', last.id - countOf(rawCount, roster) + 1), last.atMs);
  const state = { ...header, topics: existingTopics(roster) };
  const whole = wholeCluster(database, state, Number.MAX_VALUE);
  yield* snapshotsOf(ticks, cluster, roster, whole, planSegments(ticks, roster, raw));
}

/**
 * The same for a moment in the past: what an engine needs to go on with the tick `first` of the raw tier as if it had watched
 * before. `state` is the cluster as it was then.
 */
export function* rebuildBefore(
  database: Database,
  cluster: string,
  roster: Roster,
  state: ClusterState,
  first: Tick,
): Generator<Snapshot> {
  const ticks = new Ticks(database);
  const raw = [...ticks.each('raw', first.id).take(countOf(rawCount, roster))];
  const segments = planSegments(ticks, roster, risingTo(raw, Number.POSITIVE_INFINITY));
  const coarser = segments.filter(({ tier }) => tier !== 'raw');
  const whole = wholeCluster(database, state, first.atMs);
  const beginsMs = coarser.find((segment) => segment.ticks.length > 0)?.ticks[0]?.atMs ?? first.atMs;
  using states = new PastStates(database, beginsMs, ['quorum', 'log-dirs', 'usable-bytes', 'collector']);
  for (const { reads, ...snapshot } of snapshotsOf(ticks, cluster, roster, whole, coarser)) {
    yield { ...snapshot, reads: { ...reads, ...controlPlaneAt(states, snapshot.atMs) } };
  }
}

/** How full disks were and who led the quorum: what the rules make of it rests on hours of it. */
function controlPlaneAt(states: PastStates, atMs: number): FacetReads {
  states.advance(atMs);
  const logDirs = states.logDirs({ atMs, reads: null });
  return {
    ...states.quorumRead({ atMs, reads: null }),
    ...(logDirs !== undefined && { 'log-dirs': { ...logDirs, value: { logDirs: logDirs.value, sizes: [] } } }),
  };
}

/** `whole` goes into the first of them. */
function* snapshotsOf(
  ticks: Ticks,
  cluster: string,
  roster: Roster,
  whole: (atMs: number) => FacetReads,
  segments: readonly Segment[],
): Generator<Snapshot> {
  let isFirst = true;
  for (const { tier, ticks: wanted, withCommits, leftOut } of segments) {
    for (const { tick, values } of readFrames(ticks, tier, wanted, withCommits)) {
      const reads = {
        ...(isFirst ? whole(tick.atMs) : {}),
        ...offsetsOf(roster, tick, values),
        ...commitsOf(roster, tick, values, leftOut),
      };
      isFirst = false;
      yield { cluster, atMs: tick.atMs, completeness: 'filtered', reads, failures: [] };
    }
  }
}

/** How many snapshots a budget of rows is enough for. */
function countOf({ least, most }: typeof rawCount, { rows }: Roster): number {
  return Math.max(least, Math.min(most, Math.floor(mostRows / Math.max(1, rows))));
}

/** Those ticks of the raw tier, and before them coarser ones. Oldest first; times rise, even where the clock once stepped back. */
function planSegments(ticks: Ticks, roster: Roster, raw: Tick[]): Segment[] {
  const last = raw.at(-1);
  if (last === undefined) return [];
  const minuteFrom = ticks.firstAt('minute', last.atMs - minuteSpanMs);
  const minutes = minuteFrom === null ? [] : risingTo(ticks.from('minute', minuteFrom), raw[0]!.atMs - 1);
  const untilMs = (minutes[0] ?? raw[0]!).atMs - 1;
  const tens = risingTo(ticks.from('tenMinutes', tickRange('tenMinutes').first), untilMs);
  const recent = tens.filter(({ atMs }) => atMs >= last.atMs - tenMinutesSpanMs);
  const old = tens.slice(0, tens.length - recent.length);
  const coarse = countOf(coarseCount, roster);
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
