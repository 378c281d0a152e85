import { hourMs, minuteMs, type SimulatedCluster, watchStartMs } from './simulated-cluster.ts';
import type { Reader, SimulatedGroup } from './simulated-group.ts';
import { type ExactState, exactState } from './truth.ts';

/** The codes whose truth the simulation knows. */
export const labelledCodes = [
  'will-lose-data',
  'lost-data',
  'stuck-partition',
  'stalled',
  'stopped',
  'offline-partition',
  'under-min-isr',
  'under-replicated',
  'rebalance-storm',
  'cluster-unreachable',
] as const;
export type LabelledCode = (typeof labelledCodes)[number];

/** From the first poll at which the exact state meets the rule to the last. Polls are counted from 0. */
export interface Episode {
  code: LabelledCode;
  /** null: it is about the group or the cluster. */
  partition: number | null;
  firstPoll: number;
  lastPoll: number;
}

/** What the rules of judgement.md leave to the group's owner and past. */
export interface KnownOfGroup {
  intervalMs: number;
  /** How long it may stand by its policy or its rhythm; null: neither says. */
  allowedStopMs: number | null;
}

/** Numbers of judgement.md's table: the label must not come from the code that it judges. */
const standsForMs = 4 * minuteMs;
const standsForPolls = 4;
const unlearnedForMs = 15 * minuteMs;
const unreadRecords = 3;
const stoppedForMs = 10 * minuteMs;
const irregularForMs = 26 * hourMs;
const regularMovements = 20;
const shortGapMs = 5 * minuteMs;
const lossStreak = { polls: 8, ms: 4 * minuteMs };
const losingHoldMs = 10 * minuteMs;
const replicationGraceMs = 15 * minuteMs;
const storm = { ms: 2 * minuteMs, rebalances: 7, overMs: hourMs };

interface SeriesPast {
  losesSincePoll: number;
  losesSinceMs: number;
  usualTimeLagMs: number;
  movedAtMs: number;
  pollsStanding: number;
  lost: number;
}

/** Judges the exact state at each poll by the rules as they are specified, and keeps when each of them held. */
export class Labels {
  readonly episodes: Episode[] = [];
  /** The exact state of each series at the last poll. */
  exact: readonly ExactState[] = [];
  readonly #known: KnownOfGroup;
  readonly #open = new Map<string, Episode>();
  readonly #series: SeriesPast[];
  readonly #underReplicatedSince = new Map<number, number>();
  #poll = -1;

  constructor(partitions: number, known: KnownOfGroup) {
    this.#known = known;
    this.#series = Array.from({ length: partitions }, () => ({
      ...{ losesSincePoll: Number.NaN, losesSinceMs: Number.NaN, usualTimeLagMs: 0 },
      ...{ movedAtMs: Number.NaN, pollsStanding: 0, lost: 0 },
    }));
  }

  /** Is called once a poll, when the cluster is as the poll will find it. */
  observe(cluster: SimulatedCluster): void {
    this.#poll++;
    const { readers } = cluster.group;
    this.exact = readers.map((reader) => exactState(cluster, reader));
    for (const reader of readers) this.#observeSeries(cluster, reader, this.exact[reader.partition]!);
    this.#observeGroup(cluster);
    this.#observeReplicas(cluster);
    this.#note('cluster-unreachable', null, !cluster.reachable);
  }

  /** Whether the exact state has met the rule at some poll from `fromPoll` to `toPoll`. */
  held(code: string, partition: number | null, fromPoll: number, toPoll: number): boolean {
    return this.episodes.some(
      (episode) =>
        episode.code === code &&
        episode.partition === partition &&
        episode.firstPoll <= toPoll &&
        episode.lastPoll >= fromPoll,
    );
  }

  #note(code: LabelledCode, partition: number | null, holds: boolean, gapPolls = 3): void {
    if (!holds) return;
    const key = `${code} ${partition}`;
    const open = this.#open.get(key);
    if (open !== undefined && this.#poll - open.lastPoll <= gapPolls) {
      open.lastPoll = this.#poll;
      return;
    }
    const episode = { code, partition, firstPoll: this.#poll, lastPoll: this.#poll };
    this.#open.set(key, episode);
    this.episodes.push(episode);
  }

  #observeSeries(cluster: SimulatedCluster, reader: Reader, exact: ExactState): void {
    const past = this.#series[reader.partition]!;
    past.pollsStanding = Object.is(past.movedAtMs, reader.movedAtMs) ? past.pollsStanding + 1 : 0;
    past.movedAtMs = reader.movedAtMs;
    // A loss is one event for as long as others follow within the hour.
    this.#note('lost-data', reader.partition, reader.lost > past.lost, hourMs / this.#known.intervalMs);
    past.lost = reader.lost;
    this.#note('will-lose-data', reader.partition, this.#willLose(cluster, reader, exact, past));
    this.#note('stuck-partition', reader.partition, this.#isStuck(cluster, reader, exact, past));
  }

  #willLose(cluster: SimulatedCluster, reader: Reader, exact: ExactState, past: SeriesPast): boolean {
    const keepsUp = exact.timeToExpiryMs === Number.POSITIVE_INFINITY && exact.consumeRate >= exact.produceRate;
    if (keepsUp) past.usualTimeLagMs = Math.max(past.usualTimeLagMs, exact.timeLagMs);
    const wasJustLost = cluster.nowMs - reader.lostAtMs < losingHoldMs;
    const drains = exact.timeToDrainMs !== null && exact.timeToDrainMs < exact.timeToExpiryMs;
    const losesFirst = exact.timeToExpiryMs < Number.POSITIVE_INFINITY && !drains && !wasJustLost;
    if (!losesFirst) {
      past.losesSincePoll = Number.NaN;
      return false;
    }
    if (Number.isNaN(past.losesSincePoll)) {
      past.losesSincePoll = this.#poll;
      past.losesSinceMs = cluster.nowMs;
    }
    const lasts =
      this.#poll - past.losesSincePoll >= lossStreak.polls - 1 && cluster.nowMs - past.losesSinceMs >= lossStreak.ms;
    const { retentionMs, retentionBytes } = cluster.plan.topicConfig;
    const fillMs = (retentionBytes / (exact.produceRate * cluster.plan.recordBytes)) * 1000;
    const wholeMs = exact.lossBy === 'size' ? fillMs : retentionMs;
    const usualMs = Math.max(this.#known.intervalMs, past.usualTimeLagMs);
    return lasts && exact.timeToExpiryMs < wholeMs / 2 && exact.timeLagMs >= 3 * usualMs;
  }

  #isStuck({ group, nowMs }: SimulatedCluster, reader: Reader, exact: ExactState, past: SeriesPast): boolean {
    if (group.members.length === 0 || exact.unread < unreadRecords) return false;
    const limitMs = this.#standLimit(usualGap(reader) ?? longest(group.readers.map(usualGap)));
    const standsMs = Math.min(nowMs - movedOrWatched(reader), exact.timeLagMs);
    const othersMove = group.readers.some(({ movedAtMs }) => nowMs - movedAtMs <= limitMs / 2);
    return standsMs > limitMs && past.pollsStanding >= standsForPolls && othersMove;
  }

  #standLimit(usualMs: number | null): number {
    if (usualMs === null) return unlearnedForMs;
    return Math.max(standsForMs, 3 * Math.max(usualMs, this.#known.intervalMs));
  }

  #observeGroup({ group, nowMs }: SimulatedCluster): void {
    const { readers } = group;
    const standsMs = nowMs - Math.max(...readers.map(movedOrWatched));
    const oldestMs = Math.max(...this.exact.map(({ timeLagMs }) => timeLagMs));
    const mostUnread = Math.max(...this.exact.map(({ unread }) => unread));
    const behind = readers.filter(({ partition }) => this.exact[partition]!.unread > 0);
    const limitMs = Math.max(this.#standLimit(longest(behind.map(usualGap))), this.#known.allowedStopMs ?? 0);
    const polls = Math.min(...this.#series.map(({ pollsStanding }) => pollsStanding));
    const stands = Math.min(standsMs, oldestMs) > limitMs && polls >= standsForPolls && mostUnread >= unreadRecords;
    this.#note('stalled', null, group.members.length > 0 && stands);
    const awayMs = Math.min(standsMs, nowMs - group.emptySinceMs, oldestMs);
    const hasRead = readers.some(({ movedAtMs }) => !Number.isNaN(movedAtMs));
    const isAway = group.members.length === 0 && hasRead && mostUnread > 0;
    this.#note('stopped', null, isAway && awayMs > this.#stopLimit(readers));
    this.#note('rebalance-storm', null, group.type === 'classic' && isStorm(group, nowMs));
  }

  #stopLimit(readers: readonly Reader[]): number {
    const { allowedStopMs, intervalMs } = this.#known;
    if (allowedStopMs !== null) return allowedStopMs;
    const isRegular = ({ gapsMs }: Reader) =>
      gapsMs.length >= regularMovements &&
      gapsMs.slice(-regularMovements).every((gap) => gap <= shortGapMs + intervalMs);
    const regular = readers.filter(isRegular);
    return regular.length === 0 ? irregularForMs : Math.max(stoppedForMs, 3 * (longest(regular.map(usualGap)) ?? 0));
  }

  #observeReplicas({ partitions, plan, nowMs }: SimulatedCluster): void {
    for (const { partition, leader, replicas, inSyncReplicas } of partitions) {
      this.#note('offline-partition', partition, leader === null);
      this.#note('under-min-isr', partition, inSyncReplicas.length < (plan.topicConfig.minInSyncReplicas ?? 1));
      const isUnder = inSyncReplicas.length < replicas.length;
      const since = this.#underReplicatedSince.get(partition) ?? nowMs;
      if (isUnder) this.#underReplicatedSince.set(partition, since);
      else this.#underReplicatedSince.delete(partition);
      this.#note('under-replicated', partition, isUnder && nowMs - since >= replicationGraceMs);
    }
  }
}

/** What never moved has stood since somebody watched it. */
function movedOrWatched({ movedAtMs }: Reader): number {
  return Number.isNaN(movedAtMs) ? watchStartMs : movedAtMs;
}

/** Median gap between movements, ms; null before there are two. */
function usualGap({ gapsMs }: Reader): number | null {
  return gapsMs.length < 2 ? null : gapsMs.toSorted((a, b) => a - b)[gapsMs.length >> 1]!;
}

function longest(gaps: readonly (number | null)[]): number | null {
  const known = gaps.filter((gap) => gap !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** While about as many members were replaced as there are, it may still be a deployment: nobody could know. */
function isStorm({ pauses, members }: SimulatedGroup, nowMs: number): boolean {
  const sinceMs = nowMs - storm.overMs;
  const recent = pauses.filter(({ toMs, explained }) => !explained && toMs > sinceMs);
  const pausedMs = recent.reduce((sum, { fromMs, toMs }) => sum + Math.min(toMs, nowMs) - Math.max(fromMs, sinceMs), 0);
  const begun = recent.filter(({ fromMs }) => fromMs > sinceMs).length;
  return begun > members.length + 1 && (pausedMs >= storm.ms || begun >= storm.rebalances);
}
