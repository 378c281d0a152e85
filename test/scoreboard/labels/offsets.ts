/** Commits that jump, vanish, expire, or never come. */
import { hourMs, minuteMs } from '../plan.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import { longest } from './intervals.ts';
import { eachGroup, groupSubject, type Label, type Moment, memory, type SeriesMoment, seriesSubject } from './label.ts';

/** Numbers of judgement.md's table. */
const fasterThanBest = 5;
const neverCommittedForMs = 10 * minuteMs;
const expiryNoticeMs = 24 * hourMs;
const expiryShare = 1 / 4;
const returnsWithinMs = 24 * hourMs;
/** One or two offsets may be the markers of a transaction. */
const jumpedRecords = 3;

interface SeenOffset {
  atMs: number;
  committed: number;
  bestPerMs: number;
  hadMembers: boolean;
  /** Its commit was there, and is not. */
  isAbsent: boolean;
}

const skipped: Label = {
  code: 'skipped',
  severity: 'warning',
  isEvent: true,
  begin() {
    const seenOf = memory<Reader, SeenOffset>(() => ({
      ...{ atMs: Number.NaN, committed: 0, bestPerMs: 0, hadMembers: true, isAbsent: false },
    }));
    return (moment, holds) => {
      for (const group of moment.cluster.groups) {
        for (const reader of group.readers) {
          const seen = seenOf(reader);
          const isThere = reader.hasCommit && !group.isDeleted;
          if (isThere && isSkip(moment, group, reader, seen)) holds(seriesSubject({ group, reader }));
          if (isThere) keepSeen(seen, reader, moment.nowMs, group.members.length > 0);
          else seen.isAbsent = !Number.isNaN(seen.atMs);
        }
      }
    };
  },
};

function isSkip({ nowMs }: Moment, { members }: SimulatedGroup, reader: Reader, seen: SeenOffset): boolean {
  const { jump, committed } = reader;
  const by = committed - seen.committed;
  if (seen.isAbsent) return by >= jumpedRecords && nowMs - seen.atMs <= returnsWithinMs;
  if (jump === null || !(jump.atMs > seen.atMs) || jump.to - jump.from < jumpedRecords) return false;
  const isImpossible = by > fasterThanBest * seen.bestPerMs * (nowMs - seen.atMs);
  return (members.length === 0 && !seen.hadMembers) || (isImpossible && seen.bestPerMs > 0);
}

function keepSeen(seen: SeenOffset, { jump, committed }: Reader, nowMs: number, hadMembers: boolean): void {
  const jumped = seen.isAbsent || (jump !== null && jump.atMs > seen.atMs);
  const perMs = (committed - seen.committed) / (nowMs - seen.atMs);
  if (!jumped && perMs > seen.bestPerMs) seen.bestPerMs = perMs;
  Object.assign(seen, { atMs: nowMs, committed, hadMembers, isAbsent: false });
}

const rewound: Label = {
  code: 'rewound',
  severity: 'warning',
  isEvent: true,
  begin() {
    const seenOf = memory<Reader, { atMs: number }>(() => ({ atMs: Number.NaN }));
    return (moment, holds) => {
      eachGroup(moment, (_group, series) => {
        for (const one of series) {
          const { reader, exact } = one;
          const seen = seenOf(reader);
          const back = reader.jump !== null && reader.jump.atMs > seen.atMs ? reader.jump.from - reader.jump.to : 0;
          const usualReplay = ((longest(reader.gapsMs) ?? minuteMs) / 1000) * exact.produceRate;
          if (back >= jumpedRecords && back > usualReplay) holds(seriesSubject(one));
          seen.atMs = moment.nowMs;
        }
      });
    };
  },
};

const offsetAheadOfLog: Label = {
  code: 'offset-ahead-of-log',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (_group, series) => {
      for (const one of series) {
        const { hasCommit, committed, state } = one.reader;
        if (hasCommit && committed > state.log.endOffset) holds(seriesSubject(one));
      }
    });
  },
};

const neverCommitted: Label = {
  code: 'never-committed',
  severity: 'warning',
  begin() {
    const sinceOf = memory<Reader, { ms: number; end: number }>(() => ({ ms: Number.NaN, end: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (_group, series) => {
        for (const one of series) {
          const { hasCommit, owner, state } = one.reader;
          const since = sinceOf(one.reader);
          if (hasCommit || owner === null) since.ms = Number.NaN;
          else if (Number.isNaN(since.ms)) Object.assign(since, { ms: moment.nowMs, end: state.log.endOffset });
          const isLong = moment.nowMs - since.ms >= neverCommittedForMs;
          if (isLong && state.log.endOffset > since.end) holds(seriesSubject(one));
        }
      });
    };
  },
};

const offsetsExpiring: Label = {
  code: 'offsets-expiring',
  severity: 'warning',
  begin: () => (moment, holds) => {
    const { offsetsRetentionMs } = moment.cluster.plan;
    const noticeMs = Math.min(expiryNoticeMs, offsetsRetentionMs * expiryShare);
    eachGroup(moment, (group) => {
      // From the moment it became Empty; simple consumers and KIP-848 count from a commit, whose time Kafka does not tell.
      const leftMs = group.emptySinceMs + offsetsRetentionMs - moment.nowMs;
      const hasCommits = group.readers.some(({ hasCommit }) => hasCommit);
      if (group.plan.type === 'classic' && hasCommits && leftMs <= noticeMs) holds(groupSubject(group));
    });
  },
};

interface SeenCommits {
  atMs: number;
  /** Those that there were, by reader. */
  committed: Map<Reader, number>;
  isGone: boolean;
}

const offsetsGone: Label = {
  code: 'offsets-gone',
  severity: 'warning',
  isEvent: true,
  begin() {
    const seenOf = memory<SimulatedGroup, SeenCommits>(() => ({
      atMs: Number.NaN,
      committed: new Map(),
      isGone: false,
    }));
    return (moment, holds) => {
      for (const group of moment.cluster.groups) {
        const seen = seenOf(group);
        if (group.isDeleted) {
          seen.isGone = true;
          continue;
        }
        const series = moment.seriesOf(group);
        const lost = lostCommits(moment, group, series, seen);
        const standsUnread = lost.some((reader) => reader.state.log.endOffset > seen.committed.get(reader)!);
        if (lost.length > 0) holds(groupSubject(group), standsUnread);
        seen.isGone = false;
        seen.atMs = moment.nowMs;
        seen.committed = new Map(group.readers.filter(({ hasCommit }) => hasCommit).map((one) => [one, one.committed]));
      }
    };
  },
};

/** Readers whose commit went though it had no reason to. */
function lostCommits(
  { nowMs }: Moment,
  group: SimulatedGroup,
  series: readonly SeriesMoment[],
  seen: SeenCommits,
): Reader[] {
  if (group.members.length === 0) return [];
  const had = series.map(({ reader }) => reader).filter((reader) => seen.committed.has(reader));
  if (seen.isGone) return nowMs - seen.atMs <= returnsWithinMs ? had : [];
  return had.filter(({ hasCommit }) => !hasCommit);
}

export const offsetLabels: readonly Label[] = [
  skipped,
  rewound,
  offsetAheadOfLog,
  neverCommitted,
  offsetsExpiring,
  offsetsGone,
];
