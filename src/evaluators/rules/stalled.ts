import { Type } from 'typebox';
import { decisiveWords, diagnosisOf } from '../judging/diagnosis.ts';
import { allowedStop, rhythmThresholds } from '../judging/rhythm.ts';
import {
  standingBeforeUnreadMs,
  standsBeforeRecords,
  standstillLimitMs,
  standstillThresholds,
} from '../judging/standstill.ts';
import { isJustLed } from '../rows/leader-wait.ts';
import { isHeld } from '../rows/transaction-wait.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const stalled = defineRule({
  code: 'stalled',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    ...standstillThresholds,
    ...rhythmThresholds,
    ...hysteresis({ because: 'standing still is counted by standsFor and standsForPolls already' }),
  }),
  doc: {
    meaning: 'The group has members and unread records, and none of its partitions moves.',
    source: 'Movements of committed offsets of all its partitions, against their usual commit intervals.',
    advice:
      'Look at the members: blocked on something downstream, hung, or failing before they commit? Where they come back from the same hosts under new IDs, they take longer over a batch than max.poll.interval.ms allows: perhaps one record that they cannot process.',
  },
  supersededBy: ['stopped', 'blocked-by-transaction'],
  suspect({ groups }, row, monotonicMs, thresholds) {
    const moves = monotonicMs - groups.lastMovedMs[row]! <= thresholds.standsFor;
    return groups.members[row]! > 0 && groups.lag[row]! > 0 && !moves;
  },
  judge(row, thresholds) {
    const { reading } = row;
    const limitMs = standstillLimitMs(thresholds, reading.learnedIntervalMs);
    const sinceMoved = row.standingMs ?? reading.watchedMs;
    const standing = standingBeforeUnreadMs(sinceMoved, reading.oldestUnreadSeconds);
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.standingMs !== null && row.standingMs <= thresholds.standsFor) return clear();
    // What cannot be read may be what stands.
    if (reading.mostUnreadRecords < thresholds.unreadRecords) {
      return reading.staleCollector === null ? clear() : unread(reading.staleCollector);
    }
    if (row.standingMs !== null && row.standingMs <= limitMs) return clear();
    const stands =
      standsBeforeRecords(standing, reading.waitingSeconds, limitMs) &&
      reading.pollsWithoutMovement >= thresholds.standsForPolls;
    if (!stands) return unknown('not-watched-long-enough');
    if (row.members === null) return unknown('membership-unread');
    if (row.members === 0) return unknown('no-members');
    const allowed = allowedStop(row, thresholds);
    if (allowed !== null && standing <= allowed.ms) return clear();
    if (isHeld(row, limitMs)) return clear('superseded');
    if (isJustLed(row, limitMs)) return unknown('had-no-leader');
    return {
      is: 'raise',
      evidence: {
        standingSeconds: Math.round(standing / 1000),
        limitSeconds: Math.round(limitMs / 1000),
        commitIntervalSeconds: reading.learnedIntervalMs === null ? null : reading.learnedIntervalMs / 1000,
        unreadRecords: reading.unreadRecords,
        unreadPartitions: reading.unreadPartitions,
        members: row.members,
        state: row.state,
        worst: reading.worst,
        diagnosis: diagnosisOf(row),
      },
    };
  },
  summary({ members, standingSeconds, unreadRecords, unreadPartitions, diagnosis }, { groupId }) {
    const unreadText = `${countOf(unreadRecords, 'record')} on ${countOf(unreadPartitions, 'partition')}`;
    return `${groupId} has ${countOf(members, 'member')} and has not moved for ${spokenSeconds(standingSeconds)}: ${unreadText} unread${decisiveWords(diagnosis)}`;
  },
});
