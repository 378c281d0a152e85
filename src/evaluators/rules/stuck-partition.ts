import { Type } from 'typebox';
import { ownerships } from '../../model/report.ts';
import {
  standingBeforeUnreadMs,
  standsBeforeRecords,
  standstillLimitMs,
  standstillThresholds,
} from '../judging/standstill.ts';
import { standingMs } from '../rows/group-reading.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

const owned = ownerships.indexOf('owned');

type Suspicion = 'poison-message' | 'hot-member' | 'blocked';

export const stuckPartition = defineRule({
  code: 'stuck-partition',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    ...standstillThresholds,
    ...hysteresis({ because: 'standing still is counted by standsFor and standsForPolls already' }),
  }),
  doc: {
    meaning: 'One partition stands still before unread records while others of its group move.',
    source: 'Movements of committed offsets, against the usual commit interval of the partition.',
    advice:
      'Read the record at the committed offset. The evidence says whether one record, one member or a transaction is suspected.',
  },
  supersededBy: ['stalled', 'stopped'],
  suspect(tables, row, monotonicMs, thresholds) {
    const { ownership, unreadRecords } = tables.series;
    const waits = ownership[row] === owned && unreadRecords[row]! >= thresholds.unreadRecords;
    return waits && standingMs(tables, row, monotonicMs) > thresholds.standsFor;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (row.unreadRecords === null) return unknown('lag-unknown');
    const interval = row.learnedIntervalMs ?? row.group.reading.learnedIntervalMs;
    const limitMs = standstillLimitMs(thresholds, interval);
    const standing = standingBeforeUnreadMs(row.standingMs, row.timeLagSeconds);
    const stands =
      standsBeforeRecords(standing, row.waitingSeconds, limitMs) &&
      row.pollsWithoutMovement >= thresholds.standsForPolls;
    if (row.unreadRecords < thresholds.unreadRecords) return clear();
    if (row.everMoved && row.standingMs <= limitMs) return clear();
    if (!stands) return unknown('not-watched-long-enough');
    if (row.ownership !== 'owned') return unknown('no-owner');
    // Half the limit: where all partitions stop together, the last to move has stood for nearly as long as this one.
    const othersMove = row.group.standingMs !== null && row.group.standingMs <= limitMs / 2;
    if (!othersMove) return unknown('no-other-partition-moves');
    if (row.sinceHeldMs !== null && row.sinceHeldMs <= limitMs) return clear('superseded');
    if (row.sinceLedMs !== null && row.sinceLedMs <= limitMs) return unknown('had-no-leader');
    return {
      is: 'raise',
      evidence: {
        suspicion: suspicionOf(row, limitMs),
        standingSeconds: Math.round(standing / 1000),
        limitSeconds: Math.round(limitMs / 1000),
        commitIntervalSeconds: interval === null ? null : interval / 1000,
        lag: row.lag,
        unreadRecords: row.unreadRecords,
        committedOffset: row.committedOffset,
        timeLagSeconds: row.timeLagSeconds,
        memberId: row.member?.memberId ?? null,
        clientId: row.member?.clientId ?? null,
        clientHost: row.member?.clientHost ?? null,
      },
    };
  },
  summary({ standingSeconds, unreadRecords, committedOffset, suspicion, clientHost }, subject) {
    const at = `${subject.groupId} has stood at offset ${committedOffset} of ${subject.topic} p${subject.partition}`;
    return `${at} for ${spokenSeconds(standingSeconds)} before ${countOf(unreadRecords, 'unread record')}: ${said(suspicion, clientHost)}`;
  },
});

/** What the neighbours tell: a read_committed reader waits at the last stable offset; a hung member stops all that it owns. */
function suspicionOf(row: SeriesRow, limitMs: number): Suspicion {
  const { committedOffset, lastStableOffset, highWatermark } = row;
  const waits = committedOffset !== null && committedOffset === lastStableOffset && committedOffset !== highWatermark;
  if (waits) return 'blocked';
  const owner = row.group.reading.byMember.get(row.memberIndex);
  return owner !== undefined && owner.series > 1 && owner.standingMs > limitMs / 2 ? 'hot-member' : 'poison-message';
}

function said(suspicion: Suspicion, clientHost: string | null): string {
  if (suspicion === 'blocked') return 'blocked by an open transaction';
  if (suspicion === 'hot-member')
    return `all partitions of its member${clientHost === null ? '' : ` on ${clientHost}`} stand`;
  return 'perhaps a record that it cannot process';
}
