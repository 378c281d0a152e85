/** Lag that grows, jumps, or breaks a promise. What a trend is, is seen over the window that judgement.md defines. */
import { minuteMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import type { SimulatedTopic } from '../simulated-topic.ts';
import { longest, usualGap } from './intervals.ts';
import {
  eachGroup,
  groupSubject,
  isRead,
  type Label,
  type Moment,
  memory,
  type SeriesMoment,
  seriesSubject,
} from './label.ts';

/** Numbers of judgement.md. */
const windowMs = 10 * minuteMs;
const windowIntervals = 4;
const windowPolls = 20;
const siblingRatio = 5;
/** A rate is known within a tenth from such a window: what reads less than that below what comes falls behind beyond noise. */
const noise = 0.1;
/** Just after a commit nothing is unread: what has a heap but for such moments has one. */
const betweenCommitsMs = 90_000;
/** A jump: so many times the highest lag of the window before, within so many polls. */
const cliff = { factor: 5, records: 100, polls: 4 };
/** Of the window, what commits must span to tell of it. */
const wholeShare = 0.85;
/** Commit delay that grows by less than this share of the time that passes is noise. */
const delayGrowth = 0.2;

const lagging: Label = {
  code: 'lagging',
  severity: 'warning',
  begin() {
    const sinceOf = memory<Reader, { ms: number; timeLagMs: number }>(() => ({ ms: Number.NaN, timeLagMs: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        for (const one of series) {
          const { reader, exact } = one;
          const since = sinceOf(reader);
          // Who has no members has stopped: another finding says so.
          const isWatched = group.members.length > 0 || group.plan.members === 0;
          const falls =
            isWatched && isRead(one) && exact.unread > 0 && exact.consumeRate < exact.produceRate * (1 - noise);
          if (!falls) since.ms = Number.NaN;
          else if (Number.isNaN(since.ms)) Object.assign(since, { ms: moment.nowMs, timeLagMs: exact.timeLagMs });
          const isLong = falls && moment.nowMs - since.ms >= trendWindowMs(moment, reader);
          if (isLong && exact.timeLagMs > since.timeLagMs + moment.intervalMs) holds(groupSubject(group));
        }
      });
    };
  },
};

function trendWindowMs({ intervalMs }: Moment, reader: Reader): number {
  return Math.max(windowMs, windowIntervals * (usualGap(reader) ?? 0), windowPolls * intervalMs);
}

const sloBreached: Label = {
  code: 'slo-breached',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group, series) => {
      const { sloLagSeconds, sloSeverity } = moment.policyOf(group) ?? {};
      if (sloLagSeconds === undefined) return;
      const timeLagMs = longest(series.filter(isRead).map(({ exact }) => exact.timeLagMs)) ?? 0;
      if (timeLagMs > sloLagSeconds * 1000) holds(groupSubject(group), sloSeverity === 'critical');
    });
  },
};

const lagCliff: Label = {
  code: 'lag-cliff',
  severity: 'info',
  isEvent: true,
  begin() {
    const pastOf = memory<SimulatedGroup, { atMs: number; lag: number }[]>(() => []);
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        const past = pastOf(group);
        const lag = series.filter(isRead).reduce((sum, { exact }) => sum + exact.lag, 0);
        const isWhole = moment.nowMs - (past[0]?.atMs ?? moment.nowMs) >= windowMs - moment.intervalMs;
        if (isWhole && lag >= cliff.factor * highestBefore(past)) holds(groupSubject(group));
        past.push({ atMs: moment.nowMs, lag });
        while (moment.nowMs - past[0]!.atMs > windowMs) past.shift();
      });
    };
  },
};

const hotPartition: Label = {
  code: 'hot-partition',
  severity: 'info',
  begin() {
    const sinceOf = memory<Reader, { ms: number; lastMs: number }>(() => ({ ms: Number.NaN, lastMs: Number.NaN }));
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        if (group.members.length === 0) return;
        const usual = usualOfTopics(series);
        for (const one of series) {
          const since = sinceOf(one.reader);
          if (isHot(one, usual.get(one.reader.state.topic)!)) {
            if (!(moment.nowMs - since.lastMs <= betweenCommitsMs)) since.ms = moment.nowMs;
            since.lastMs = moment.nowMs;
          } else if (!(moment.nowMs - since.lastMs <= betweenCommitsMs)) since.ms = Number.NaN;
          if (moment.nowMs - since.ms >= windowMs) holds(seriesSubject(one));
        }
      });
    };
  },
};

/** The highest lag of the window, the last few polls left out: a jump takes some. */
function highestBefore(past: readonly { lag: number }[]): number {
  let highest = cliff.records;
  for (let index = 0; index < past.length - cliff.polls; index++) highest = Math.max(highest, past[index]!.lag);
  return highest;
}

interface Usual {
  partitions: number;
  rate: number;
  lag: number;
}

/** Medians over the partitions of each topic. */
function usualOfTopics(series: readonly SeriesMoment[]): Map<SimulatedTopic, Usual> {
  const byTopic = Map.groupBy(series, ({ reader }) => reader.state.topic);
  return new Map(
    [...byTopic].map(([topic, own]) => {
      const rate = medianOf(own.map(({ exact }) => exact.produceRate));
      return [topic, { partitions: own.length, rate, lag: medianOf(own.map(({ exact }) => exact.lag)) }];
    }),
  );
}

function isHot({ exact }: SeriesMoment, { partitions, rate, lag }: Usual): boolean {
  const isFar = exact.produceRate >= siblingRatio * rate && exact.lag >= siblingRatio * Math.max(1, lag);
  return partitions > 1 && isFar && exact.produceRate >= 1;
}

interface SeenCommit {
  movedAtMs: number;
  atMs: number;
  delayMs: number;
  lag: number;
}

const commitDelayRising: Label = {
  code: 'commit-delay-rising',
  severity: 'info',
  begin() {
    const pastOf = memory<Reader, SeenCommit[]>(() => []);
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        if (group.members.length === 0) return;
        for (const { reader, exact } of series.filter(isRead)) {
          const past = pastOf(reader);
          // How late it is, is told by a commit that moves.
          if (past.length > 0 && Object.is(past.at(-1)!.movedAtMs, reader.movedAtMs)) continue;
          const { movedAtMs } = reader;
          past.push({ movedAtMs, atMs: moment.nowMs, delayMs: exact.timeLagMs, lag: exact.lag });
          while (moment.nowMs - past[0]!.atMs > windowMs) past.shift();
          const isWhole = past.length >= 6 && moment.nowMs - past[0]!.atMs >= wholeShare * windowMs;
          if (isWhole && risesAlone(past)) holds(groupSubject(group));
        }
      });
    };
  },
};

/** The delay of each third of the window is longer than that of the one before, beyond noise, and lag is not. */
function risesAlone(past: readonly SeenCommit[]): boolean {
  const least = (delayGrowth * windowMs) / 3;
  if (past.at(-1)!.delayMs - past[0]!.delayMs <= least) return false;
  const third = Math.floor(past.length / 3);
  const thirds = [0, 1, 2].map((index) => past.slice(index * third, (index + 1) * third));
  const delays = thirds.map((part) => medianOf(part.map(({ delayMs }) => delayMs)));
  const lags = thirds.map((part) => medianOf(part.map(({ lag }) => lag)));
  const rises = delays[1]! - delays[0]! > least && delays[2]! - delays[1]! > least;
  return rises && lags[2]! <= lags[0]! * (1 + noise);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export const lagLabels: readonly Label[] = [lagging, sloBreached, lagCliff, hotPartition, commitDelayRising];
