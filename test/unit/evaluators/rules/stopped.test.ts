import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import type { GroupReading, GroupRow } from '../../../../src/evaluators/rows/row-types.ts';
import { stopped } from '../../../../src/evaluators/rules/stopped.ts';
import { makeReport } from '../../../support/report-fixture.ts';
import { groupRow, hour, minute, policy, reading } from '../../../support/rule-rows.ts';
import { testRule } from './verdicts.ts';

type Over = Partial<Omit<GroupRow, 'reading'>> & { reading?: Partial<GroupReading> };

/** It ran all the time, and has been without members for eleven minutes. */
function away({ reading: read, ...group }: Over): GroupRow {
  const left = reading({ unreadRecords: 13_000, oldestUnreadSeconds: 660, pollsWithoutMovement: 44, ...read });
  return groupRow({
    state: 'Empty',
    members: 0,
    memberList: [],
    stateMs: 11 * minute,
    standingMs: 11 * minute,
    ...group,
    reading: left,
  });
}

/** Three runs a day, a few movements each. */
const irregular = { movementRun: 5 };

testRule(stopped, away, [
  ['it used to run all the time', {}, 'raise warning'],
  ['a slow deployment', { stateMs: 9 * minute, standingMs: 9 * minute }, 'clear recovered'],
  ['members are back', { members: 3, state: 'Stable' }, 'clear recovered'],
  ['nothing is unread', { reading: { unreadRecords: 0, oldestUnreadSeconds: null } }, 'clear recovered'],
  [
    'an assign() consumer still moves: Empty is not "no consumer"',
    { stateMs: 20 * hour, standingMs: 0 },
    'clear recovered',
  ],
  ['an assign() consumer that has stopped moving', { stateMs: 20 * hour }, 'raise warning'],
  [
    'gone for hours, but records came only now',
    { stateMs: 3 * hour, standingMs: 3 * hour, reading: { oldestUnreadSeconds: 60 } },
    'unknown not-watched-long-enough',
  ],
  ['idle for hours, gone for a minute', { stateMs: minute, standingMs: 3 * hour }, 'unknown not-watched-long-enough'],
  [
    'it commits every ten minutes: three of those',
    { reading: { movementRunIntervalMs: 10 * minute } },
    'clear recovered',
  ],
  ['nineteen movements in a row make no habit', { reading: { movementRun: 19 } }, 'unknown no-rhythm-known'],
  ['a job that ran for just under an hour', { reading: { movementRunMs: hour - 1 } }, 'unknown no-rhythm-known'],
  ['it ran for an hour', { reading: { movementRunMs: hour } }, 'raise warning'],
  [
    'no rhythm is known within a day and two hours',
    { stateMs: 25 * hour, standingMs: 25 * hour, reading: { ...irregular, oldestUnreadSeconds: 90_000 } },
    'unknown no-rhythm-known',
  ],
  [
    'even a daily job should have come',
    { stateMs: 27 * hour, standingMs: 27 * hour, reading: { ...irregular, oldestUnreadSeconds: 97_200 } },
    'raise warning',
  ],
  ['the owner said 26 h, whatever it does between', { policy: policy({ expectIdle: '26h' }) }, 'clear recovered'],
  [
    'the owner said 5 min',
    { policy: policy({ expectIdle: '5m' }), stateMs: 6 * minute, standingMs: 6 * minute },
    'raise warning',
  ],
  [
    'an hourly job, in its learned rhythm',
    { usualStopMs: hour, stateMs: hour, standingMs: hour, reading: { oldestUnreadSeconds: 3600 } },
    'clear recovered',
  ],
  [
    'an hourly job, two hours late',
    { usualStopMs: hour, stateMs: 3 * hour, standingMs: 3 * hour, reading: { oldestUnreadSeconds: 10_800 } },
    'raise warning',
  ],
  ['first seen idle: it may have been left long ago', { standingMs: null }, 'unknown never-seen-reading'],
  [
    'all its series are abandoned or unsubscribed by now',
    { reading: { series: 0, unreadRecords: 0 } },
    'clear superseded',
  ],
  ['membership was never read', { members: null }, 'unknown membership-unread'],
  ['membership is old', { staleCollector: 'group-membership' }, 'unknown stale'],
  ['what was unread cannot be read', { reading: { unreadRecords: 0, staleCollector: 'end-offsets' } }, 'unknown stale'],
]);

test('stopped: suspects who has stood for longer than the least that is allowed to it', () => {
  const isSuspect = (standsMs: number, { usualStopMs = Number.NaN, expectIdle = '', members = 0, lag = 1 } = {}) => {
    const numbers = { members, lag, usualStopMs, lastMovedMs: 50 * hour - standsMs };
    const tables = makeReport({
      groups: [{ groupId: 'billing', ...numbers, ...(expectIdle !== '' && { policy: { expectIdle } }) }],
    });
    return stopped.suspect?.(tables, 0, 50 * hour, defaultFindingSettings().stopped);
  };
  assert.equal(isSuspect(10 * minute), false);
  assert.equal(isSuspect(10 * minute + 1), true);
  assert.equal(isSuspect(11 * minute, { expectIdle: '1h' }), false);
  assert.equal(isSuspect(6 * minute, { expectIdle: '5m' }), true);
  assert.equal(isSuspect(90 * minute, { usualStopMs: hour }), false);
  assert.equal(isSuspect(90 * minute + 1, { usualStopMs: hour }), true);
  assert.equal(isSuspect(hour, { members: 1 }), false);
  assert.equal(isSuspect(hour, { lag: 0 }), false);
  assert.equal(isSuspect(Number.NaN), false);
});
