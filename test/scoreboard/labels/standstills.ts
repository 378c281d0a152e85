import { hourMs, minuteMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import { isBlocked, longest, movedOrWatched, standLimitMs, usualGap } from './intervals.ts';
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

/** Numbers of judgement.md's table. */
const leastPolls = 4;
const unreadRecords = 3;
const stoppedForMs = 10 * minuteMs;
const irregularForMs = 26 * hourMs;
const regularMovements = 20;
const shortGapMs = 5 * minuteMs;
/** Departs from judgement.md, by whose 20 movements alone a job of six minutes that commits every few seconds runs all the time. */
const regularForMs = hourMs;

const stuckPartition: Label = {
  code: 'stuck-partition',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group, series) => {
      if (group.members.length === 0) return;
      for (const one of series) if (isStuck(moment, series, one)) holds(seriesSubject(one));
    });
  },
};

function isStuck(
  { nowMs, intervalMs }: Moment,
  series: readonly SeriesMoment[],
  { group, reader, exact, pollsStanding }: SeriesMoment,
): boolean {
  if (pollsStanding < leastPolls || exact.unread < unreadRecords) return false;
  if (reader.owner === null || !reader.hasCommit || isBlocked(group, reader)) return false;
  const ofGroupMs = () => longest(series.map((other) => usualGap(other.reader)));
  const limitMs = standLimitMs(usualGap(reader) ?? ofGroupMs(), intervalMs);
  const standsMs = Math.min(nowMs - movedOrWatched(reader), waitsMs(reader, nowMs));
  const othersMove = series.some((other) => nowMs - other.reader.movedAtMs <= limitMs / 2);
  return standsMs > limitMs && othersMove;
}

/** For how long something that can be read has waited, markers left out. */
function waitsMs({ unreadSinceMs }: Reader, nowMs: number): number {
  return Number.isNaN(unreadSinceMs) ? 0 : nowMs - unreadSinceMs;
}

/** For so long has nothing of the group moved while something could be read, and for so many polls. */
function standing({ nowMs }: Moment, series: readonly SeriesMoment[]) {
  return {
    standsMs: nowMs - Math.max(...series.map(({ reader }) => movedOrWatched(reader))),
    oldestMs: Math.max(...series.map(({ reader }) => waitsMs(reader, nowMs))),
    mostUnread: Math.max(...series.map(({ exact }) => exact.unread)),
    polls: Math.min(...series.map(({ pollsStanding }) => pollsStanding)),
  };
}

const stalled: Label = {
  code: 'stalled',
  severity: 'warning',
  begin() {
    const joinedOf = memory<SimulatedGroup, { ms: number }>(() => ({ ms: Number.NaN }));
    return (moment, holds) =>
      eachGroup(moment, (group, all) => {
        const joined = joinedOf(group);
        if (group.members.length === 0) joined.ms = Number.NaN;
        else if (Number.isNaN(joined.ms)) joined.ms = moment.nowMs;
        const series = all.filter(isRead);
        if (group.members.length === 0 || series.some(({ reader }) => isBlocked(group, reader))) return;
        const { oldestMs, mostUnread, polls, ...since } = standing(moment, series);
        // Who has just come back has not stood while it was away.
        const standsMs = Math.min(since.standsMs, moment.nowMs - joined.ms);
        if (polls < leastPolls || mostUnread < unreadRecords) return;
        const behind = series.filter(({ exact }) => exact.unread > 0);
        const gapMs = longest(behind.map(({ reader }) => usualGap(reader)));
        const limitMs = Math.max(standLimitMs(gapMs, moment.intervalMs), moment.allowedStopMs(group) ?? 0);
        if (Math.min(standsMs, oldestMs) > limitMs) holds(groupSubject(group));
      });
  },
};

/** Movements in a row with short gaps: since when, and up to which. */
interface Run {
  sinceMs: number;
  movedAtMs: number;
}

const stopped: Label = {
  code: 'stopped',
  severity: 'warning',
  begin() {
    const runOf = memory<Reader, Run>(() => ({ sinceMs: Number.NaN, movedAtMs: Number.NaN }));
    return (moment, holds) => {
      eachGroup(moment, (group, series) => {
        for (const { reader } of series) follow(runOf(reader), reader, moment);
        const hasRead = series.some(({ reader }) => !Number.isNaN(reader.movedAtMs));
        if (group.members.length > 0 || !hasRead) return;
        const { standsMs, oldestMs, mostUnread } = standing(moment, series);
        const awayMs = Math.min(standsMs, moment.nowMs - group.emptySinceMs, oldestMs);
        if (mostUnread > 0 && awayMs > stopLimitMs(moment, series, runOf)) holds(groupSubject(group));
      });
    };
  },
};

function follow(run: Run, { movedAtMs }: Reader, { intervalMs }: Moment): void {
  if (Number.isNaN(movedAtMs) || run.movedAtMs === movedAtMs) return;
  const isShort = movedAtMs - run.movedAtMs <= shortGapMs + intervalMs;
  if (!isShort) run.sinceMs = movedAtMs;
  run.movedAtMs = movedAtMs;
}

function stopLimitMs(moment: Moment, series: readonly SeriesMoment[], runOf: (reader: Reader) => Run): number {
  const allowedMs = moment.allowedStopMs(series[0]!.group);
  if (allowedMs !== null) return allowedMs;
  const isRegular = (reader: Reader) => {
    const { sinceMs, movedAtMs } = runOf(reader);
    return reader.gapsMs.length >= regularMovements && movedAtMs - sinceMs >= regularForMs;
  };
  const regular = series.map(({ reader }) => reader).filter(isRegular);
  return regular.length === 0 ? irregularForMs : Math.max(stoppedForMs, 3 * (longest(regular.map(usualGap)) ?? 0));
}

const blockedByTransaction: Label = {
  code: 'blocked-by-transaction',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group, series) => {
      for (const one of series) {
        const { reader, pollsStanding } = one;
        const { log } = reader.state;
        if (!isBlocked(group, reader) || log.endOffset - reader.committed < unreadRecords) continue;
        const standsMs = moment.nowMs - Math.max(movedOrWatched(reader), log.arrivedAtMs(reader.committed));
        const isLong = standsMs > standLimitMs(usualGap(reader), moment.intervalMs);
        if (isLong && pollsStanding >= leastPolls) holds(groupSubject(group));
      }
    });
  },
};

export const standstillLabels: readonly Label[] = [stuckPartition, stalled, stopped, blockedByTransaction];
