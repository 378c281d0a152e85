/** Who is a member, and who has what. */
import { hourMs, minuteMs, watchStartMs } from '../plan.ts';
import type { Reader } from '../simulated-group.ts';
import { eachGroup, groupSubject, type Label, memory, seriesSubject } from './label.ts';

/** Numbers of judgement.md's table. */
const stuckForMs = 5 * minuteMs;
const unassignedForMs = 5 * minuteMs;
const newcomerWatchedMs = hourMs;
const metadataPolls = 2;

const stuckRebalance: Label = {
  code: 'stuck-rebalance',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group) => {
      const begun = group.pauses.at(-1);
      const lasts = begun !== undefined && begun.toMs === Number.POSITIVE_INFINITY && group.members.length > 0;
      if (lasts && moment.nowMs - begun.fromMs > stuckForMs) holds(groupSubject(group));
    });
  },
};

const idleMembers: Label = {
  code: 'idle-members',
  severity: 'info',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group) => {
      const busy = new Set(group.readers.map(({ owner }) => owner));
      const isIdle = group.members.some((_, index) => !busy.has(index));
      if (group.state === 'Stable' && isIdle) holds(groupSubject(group));
    });
  },
};

const unassignedPartitions: Label = {
  code: 'unassigned-partitions',
  severity: 'warning',
  begin() {
    const sinceOf = memory<Reader, { ms: number; polls: number }>(() => ({ ms: Number.NaN, polls: 0 }));
    return (moment, holds) => {
      eachGroup(moment, (group) => {
        for (const reader of group.readers) {
          const since = sinceOf(reader);
          const isWanted = group.subscribed.has(reader.state.topic.topic) && !reader.state.topic.isDeleted;
          if (group.state !== 'Stable' || reader.owner !== null || !isWanted) {
            Object.assign(since, { ms: Number.NaN, polls: 0 });
            continue;
          }
          if (Number.isNaN(since.ms)) since.ms = moment.nowMs;
          since.polls++;
          if (moment.nowMs - since.ms > unassignedForMs && since.polls > metadataPolls) holds(groupSubject(group));
        }
      });
    };
  },
};

const abandonedGroup: Label = {
  code: 'abandoned-group',
  severity: 'info',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group, series) => {
      const isLeft = group.members.length === 0 && group.readers.every(({ movedAtMs }) => Number.isNaN(movedAtMs));
      const isUnread = series.some(({ reader, exact }) => reader.hasCommit && exact.unread > 0);
      if (isLeft && isUnread && moment.nowMs - watchStartMs >= newcomerWatchedMs) holds(groupSubject(group));
    });
  },
};

const droppedTopic: Label = {
  code: 'dropped-topic',
  severity: 'info',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group, series) => {
      if (group.members.length === 0 || group.state !== 'Stable') return;
      for (const one of series) {
        const { topic, partition: _, ...subject } = seriesSubject(one);
        const isDropped = one.reader.hasCommit && !group.subscribed.has(topic!);
        if (isDropped && one.exact.unread > 0) holds(subject);
      }
    });
  },
};

export const membershipLabels: readonly Label[] = [
  stuckRebalance,
  idleMembers,
  unassignedPartitions,
  abandonedGroup,
  droppedTopic,
];
