import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { decisiveWords, diagnosisOf } from '../judging/diagnosis.ts';
import { allowedStop, rhythmThresholds } from '../judging/rhythm.ts';
import { known } from '../rows/group-reading.ts';
import type { GroupRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

type LimitFrom = 'expectIdle' | 'rhythm' | 'movements' | 'nothing';

export const stopped = defineRule({
  code: 'stopped',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    unreadRecords: Type.Integer({ default: 1, minimum: 1, description: 'unread records at least' }),
    regularMovements: Type.Integer({
      default: 20,
      minimum: 2,
      description: 'movements in a row of one series, close together, that make a group one that runs all the time',
    }),
    regularFor: Duration(
      '1h',
      'time that those movements must span: a job that commits every few seconds is done within minutes',
    ),
    stopsFor: Duration('10m', 'time that such a group may be away: longer than a slow deployment'),
    commitIntervals: Type.Number({ default: 3, minimum: 1, description: 'usual commit intervals that it may be away' }),
    irregularFor: Duration(
      '26h',
      'time that a group may be away of which neither its owner nor its past says anything: a daily job, two hours late',
    ),
    ...rhythmThresholds,
    ...hysteresis({ because: 'the time away is measured by stopsFor, rhythm or policy already' }),
  }),
  doc: {
    meaning: 'The group has read here before; now it has no members, and records wait for longer than is usual for it.',
    source: 'Members, movements of committed offsets, and the stops that it made before; or expectIdle of its policy.',
    advice: 'Was it scaled to nothing, did it crash, is a job late? If it is meant to pause, say so by expectIdle.',
  },
  suspect({ groups }, row, monotonicMs, thresholds) {
    if (groups.members[row] !== 0 || !(groups.lag[row]! > 0)) return false;
    const habits = { policy: groups.policy[row]!, usualStopMs: known(groups.usualStopMs[row]) };
    const leastMs = allowedStop(habits, thresholds)?.ms ?? Math.min(thresholds.stopsFor, thresholds.irregularFor);
    return monotonicMs - groups.lastMovedMs[row]! > leastMs;
  },
  judge(row, thresholds) {
    const { reading } = row;
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.members === null) return unknown('membership-unread');
    if (row.members > 0) return clear();
    if (reading.unreadRecords < thresholds.unreadRecords) {
      if (reading.staleCollector !== null) return unread(reading.staleCollector);
      return clear(reading.series === 0 ? 'superseded' : 'recovered');
    }
    if (row.standingMs === null) return unknown('never-seen-reading');
    const awayMs = awayFor(row, row.standingMs);
    const limit = limitOf(row, thresholds);
    if (row.standingMs <= limit.ms && limit.from !== 'nothing') return clear();
    if (awayMs <= limit.ms) return unknown(limit.from === 'nothing' ? 'no-rhythm-known' : 'not-watched-long-enough');
    return {
      is: 'raise',
      evidence: {
        awaySeconds: Math.round(awayMs / 1000),
        limitSeconds: Math.round(limit.ms / 1000),
        limitFrom: limit.from,
        movementRun: reading.movementRun,
        movementRunSeconds: Math.round(reading.movementRunMs / 1000),
        unreadRecords: reading.unreadRecords,
        unreadPartitions: reading.unreadPartitions,
        worst: reading.worst,
        diagnosis: diagnosisOf(row),
      },
    };
  },
  summary({ awaySeconds, unreadRecords, unreadPartitions, limitFrom, diagnosis }, { groupId }) {
    const unreadText = `${countOf(unreadRecords, 'record')} on ${countOf(unreadPartitions, 'partition')} unread`;
    return `${groupId} has no members and has not read for ${spokenSeconds(awaySeconds)}, ${because[limitFrom]}: ${unreadText}${decisiveWords(diagnosis)}`;
  },
});

const because: Record<LimitFrom, string> = {
  expectIdle: 'longer than its policy expects',
  rhythm: 'longer than its usual stops',
  movements: 'though it used to run all the time',
  nothing: 'longer than any daily job',
};

/** Away = no members, no movement, and something to read, all three. */
function awayFor(row: GroupRow, standingMs: number): number {
  const { oldestUnreadSeconds } = row.reading;
  const unreadMs = oldestUnreadSeconds === null ? Number.POSITIVE_INFINITY : oldestUnreadSeconds * 1000;
  return Math.min(standingMs, row.stateMs ?? Number.POSITIVE_INFINITY, unreadMs);
}

interface Limits {
  rhythmSlack: number;
  regularMovements: number;
  regularFor: number;
  stopsFor: number;
  commitIntervals: number;
  irregularFor: number;
}

function limitOf(row: GroupRow, thresholds: Limits): { ms: number; from: LimitFrom } {
  const allowed = allowedStop(row, thresholds);
  if (allowed !== null) return allowed;
  const { movementRun, movementRunMs, movementRunIntervalMs } = row.reading;
  const runsAlways = movementRun >= thresholds.regularMovements && movementRunMs >= thresholds.regularFor;
  if (!runsAlways) return { ms: thresholds.irregularFor, from: 'nothing' };
  return { ms: Math.max(thresholds.stopsFor, thresholds.commitIntervals * movementRunIntervalMs), from: 'movements' };
}
