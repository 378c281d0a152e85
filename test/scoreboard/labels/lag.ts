/** Lag that grows, jumps, or breaks a promise: the numbers, and for how long, are those of docs/decisions.md, "When a group lags". */
import { minuteMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import { type CommitDelay, commitDelays } from './commit-delays.ts';
import { longest } from './intervals.ts';
import { eachGroup, groupSubject, isRead, type Label, memory, type SeriesMoment, seriesSubject } from './label.ts';
import { lasting } from './lasting.ts';
import { lowerMedianOf, RateWindow } from './rates.ts';

const secondMs = 1000;
const late = { delayMs: 60 * secondMs, usualFactor: 2, growth: 0.05, forMs: 3 * minuteMs };
const rising = { delayMs: 30 * secondMs, growth: 0.05, growthAtMost: 0.9, doublesWithinMs: 30 * minuteMs, polls: 4 };
const hot = { ratio: 5, recordsPerSecond: 1, lag: 100, delayMs: minuteMs, forMs: 3 * minuteMs };
/** So many times the highest lag of late, as of so many polls ago; of the highest so much is forgotten at each poll. */
const cliff = { factor: 5, records: 100, polls: 4, forgotten: 0.002, pollsToKnow: 20 };

const lagging: Label = {
  code: 'lagging',
  severity: 'warning',
  begin() {
    const delayOf = commitDelays();
    const lateFor = lasting<SimulatedGroup>();
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        const delays = series.filter(isRead).map((one) => ({ one, delay: delayOf(moment, one) }));
        // Who has no members has stopped: another finding says so.
        if (!isManned(group)) return;
        const isLate = delays.some(({ one, delay }) => isLaterThanUsual(one, delay));
        if (lateFor(group, isLate, moment.nowMs) < late.forMs) return;
        if (delays.some(({ one, delay }) => fallsBehind(one, delay))) holds(groupSubject(group));
      });
    };
  },
};

function isManned({ members, plan }: SimulatedGroup): boolean {
  return members.length > 0 || plan.members === 0;
}

function isLaterThanUsual({ exact }: SeriesMoment, delay: CommitDelay): boolean {
  return delay.delayMs >= late.delayMs && exact.timeToDrainMs === null && delay.delayMs >= delay.usualMs;
}

/** Reads less than comes, is far later than usual, and ever later. */
function fallsBehind(one: SeriesMoment, delay: CommitDelay): boolean {
  const readsLess = one.exact.consumeRate > 0 && one.exact.consumeRate < one.exact.produceRate;
  if (!readsLess || !isLaterThanUsual(one, delay)) return false;
  return delay.delayMs >= late.usualFactor * delay.usualMs && delay.growth >= late.growth;
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
    const pastOf = memory<SimulatedGroup, { highest: number; polls: number; highestThen: number[] }>(() => ({
      ...{ highest: 0, polls: 0, highestThen: [] },
    }));
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        const past = pastOf(group);
        const lag = series.filter(isRead).reduce((sum, { exact }) => sum + exact.lag, 0);
        const isKnown = past.polls >= cliff.pollsToKnow;
        if (isKnown && lag >= cliff.factor * Math.max(cliff.records, past.highestThen[0]!)) holds(groupSubject(group));
        past.polls++;
        past.highest = Math.max(lag, past.highest * (1 - cliff.forgotten));
        past.highestThen.push(past.highest);
        if (past.highestThen.length > cliff.polls) past.highestThen.shift();
      });
    };
  },
};

const hotPartition: Label = {
  code: 'hot-partition',
  severity: 'info',
  begin() {
    const windowOf = memory<Reader, RateWindow>(() => new RateWindow());
    const delayOf = commitDelays();
    const hotFor = lasting<Reader>();
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        const rated = series.map((one) => {
          const { endOffset } = one.reader.state.log;
          return { one, rate: windowOf(one.reader).rate(endOffset, moment.nowMs, moment.intervalMs) };
        });
        const byTopic = Map.groupBy(rated, ({ one }) => one.reader.state.topic);
        for (const { one, rate } of rated) {
          const siblings = byTopic.get(one.reader.state.topic)!;
          const isBehind = delayOf(moment, one).delayMs >= hot.delayMs && isManned(group) && isRead(one);
          const isHot = isBehind && isFarAbove(one, rate, siblings);
          if (hotFor(one.reader, isHot, moment.nowMs) >= hot.forMs && isHot) holds(seriesSubject(one));
        }
      });
    };
  },
};

/** Its rate and its lag, each against the middle one of its topic, itself included. */
function isFarAbove({ exact }: SeriesMoment, rate: number, siblings: readonly Rated[]): boolean {
  if (siblings.length < 2 || !(rate >= hot.recordsPerSecond) || exact.lag < hot.lag) return false;
  const usualRate = lowerMedianOf(siblings.map((sibling) => sibling.rate));
  const usualLag = lowerMedianOf(siblings.map((sibling) => sibling.one.exact.lag));
  return rate >= hot.ratio * usualRate && exact.lag >= hot.ratio * usualLag;
}

interface Rated {
  one: SeriesMoment;
  /** Of the partition, over the window, records/s. */
  rate: number;
}

const commitDelayRising: Label = {
  code: 'commit-delay-rising',
  severity: 'info',
  begin() {
    const delayOf = commitDelays();
    const pollsOf = memory<SimulatedGroup, { risen: number }>(() => ({ risen: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        const delays = series.filter(isRead).map((one) => ({ one, delay: delayOf(moment, one) }));
        const polls = pollsOf(group);
        const isSo = isManned(group) && delays.some(({ one, delay }) => risesAlone(one, delay));
        polls.risen = isSo ? polls.risen + 1 : 0;
        if (polls.risen >= rising.polls) holds(groupSubject(group));
      });
    };
  },
};

/** The delay grows, and would soon be twice what it is; the lag in records does not rise. */
function risesAlone({ exact }: SeriesMoment, delay: CommitDelay): boolean {
  if (delay.delayMs < rising.delayMs || exact.consumeRate === 0 || exact.timeToDrainMs !== null) return false;
  const { growth } = delay;
  const isPace = growth >= rising.growth && growth <= rising.growthAtMost;
  return isPace && delay.delayMs / growth <= rising.doublesWithinMs && !delay.lagRises;
}

export const lagLabels: readonly Label[] = [lagging, sloBreached, lagCliff, hotPartition, commitDelayRising];
