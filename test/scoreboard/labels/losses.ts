import { hourMs, minuteMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import { isBlocked, movedOrWatched } from './intervals.ts';
import { eachGroup, type Label, type Moment, memory, type SeriesMoment, seriesSubject } from './label.ts';
import { windowMsOf } from './rates.ts';

/** Numbers of judgement.md's table. */
const streak = { polls: 8, ms: 4 * minuteMs };
const usualFactor = 3;
const defaultLossPageMs = 4 * hourMs;
/** Who has just lost is told of that, not of what may come. */
const losingHoldMs = 10 * minuteMs;
/** The commit interval until it is learned; so many without a movement mean that nothing is read. */
const unlearned = { intervalMs: minuteMs, intervals: 3 };

interface Past {
  sincePoll: number;
  sinceMs: number;
  usualTimeLagMs: number;
}

const willLoseData: Label = {
  code: 'will-lose-data',
  severity: 'warning',
  begin() {
    const pastOf = memory<Reader, Past>(() => ({ sincePoll: Number.NaN, sinceMs: Number.NaN, usualTimeLagMs: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (_group, series) => {
        for (const one of series) {
          if (willLose(moment, one, pastOf(one.reader))) holds(seriesSubject(one), isPressing(moment, one));
        }
      });
    };
  },
};

function willLose(moment: Moment, { group, reader, exact }: SeriesMoment, past: Past): boolean {
  const { nowMs, poll, intervalMs } = moment;
  const keepsUp = exact.timeToExpiryMs === Number.POSITIVE_INFINITY && exact.consumeRate >= exact.produceRate;
  if (keepsUp) past.usualTimeLagMs = Math.max(past.usualTimeLagMs, exact.timeLagMs);
  const wasJustLost = nowMs - reader.lostAtMs < losingHoldMs;
  const drains = exact.timeToDrainMs !== null && exact.timeToDrainMs < exact.timeToExpiryMs;
  const losesFirst = exact.timeToExpiryMs < Number.POSITIVE_INFINITY && !drains && !wasJustLost;
  const isExpected =
    exact.timeToExpiryMs > lossPageMs(moment, group) && nowMs - reader.movedAtMs <= (moment.allowedStopMs(group) ?? 0);
  const isTold = isWatched(group, reader) && !isBlocked(group, reader);
  if (!losesFirst || isExpected || !isTold || !isPaceKnown(moment, reader)) {
    past.sincePoll = Number.NaN;
    return false;
  }
  if (Number.isNaN(past.sincePoll)) {
    past.sincePoll = poll;
    past.sinceMs = nowMs;
  }
  const lasts = poll - past.sincePoll >= streak.polls - 1 && nowMs - past.sinceMs >= streak.ms;
  const { retentionMs, retentionBytes } = reader.state.topic.config;
  const fillMs = (retentionBytes / (exact.produceRate * reader.state.topic.plan.recordBytes)) * 1000;
  const wholeMs = exact.lossBy === 'size' ? fillMs : retentionMs;
  const usualMs = Math.max(intervalMs, past.usualTimeLagMs);
  return lasts && exact.timeToExpiryMs < wholeMs / 2 && exact.timeLagMs >= usualFactor * usualMs;
}

/** Between two movements, or after a stand: one movement says nothing of a pace, and without a pace nothing is foretold. */
function isPaceKnown({ nowMs, intervalMs }: Moment, reader: Reader): boolean {
  if (reader.gapsMs.length > 0) return true;
  const waitsMs = Number.isNaN(reader.movedAtMs) ? unlearned.intervals * unlearned.intervalMs : windowMsOf(intervalMs);
  return nowMs - movedOrWatched(reader) > waitsMs;
}

/** Somebody reads it, or did since the watch began: what was left behind before is told of as an info. */
function isWatched({ members, subscribed }: SimulatedGroup, { hasCommit, movedAtMs, state }: Reader): boolean {
  if (!hasCommit) return false;
  return members.length > 0 ? subscribed.has(state.topic.topic) : !Number.isNaN(movedAtMs);
}

/** The owner must be woken: it does not drain, or too late, and the loss is near. */
function isPressing(moment: Moment, { group, exact }: SeriesMoment): boolean {
  const drainsInTime = exact.timeToDrainMs !== null && exact.timeToDrainMs <= exact.timeToLossMs;
  return !drainsInTime && exact.timeToExpiryMs <= lossPageMs(moment, group);
}

function lossPageMs(moment: Moment, group: SeriesMoment['group']): number {
  const seconds = moment.policyOf(group)?.lossPageSeconds;
  return seconds === undefined ? defaultLossPageMs : seconds * 1000;
}

const lostData: Label = {
  code: 'lost-data',
  severity: 'critical',
  isEvent: true,
  begin() {
    const lostOf = memory<Reader, { lost: number }>(() => ({ lost: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (_group, series) => {
        for (const one of series) {
          const before = lostOf(one.reader);
          if (one.reader.lost > before.lost && isWatched(one.group, one.reader)) holds(seriesSubject(one), true);
          before.lost = one.reader.lost;
        }
      });
    };
  },
};

export const lossLabels: readonly Label[] = [willLoseData, lostData];
