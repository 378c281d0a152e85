import type { GroupReading, GroupRow } from '../../../../src/evaluators/rows/row-types.ts';
import { stalled } from '../../../../src/evaluators/rules/stalled.ts';
import { groupRow, hour, minute, policy, reading } from '../../../support/rule-rows.ts';
import { testRule } from './verdicts.ts';

type Over = Partial<Omit<GroupRow, 'reading'>> & { reading?: Partial<GroupReading> };

/** Members, records waiting for ten minutes, and no movement in them. */
function standing({ reading: read, ...group }: Over): GroupRow {
  const stands = reading({
    unreadRecords: 300,
    mostUnreadRecords: 300,
    oldestUnreadSeconds: 600,
    waitingSeconds: 590,
    pollsWithoutMovement: 40,
    ...read,
  });
  return groupRow({ standingMs: 10 * minute, ...group, reading: stands });
}

testRule(stalled, standing, [
  ['members, unread records, no movement', {}, 'raise warning'],
  ['one partition moves', { standingMs: 0 }, 'clear recovered'],
  [
    'nothing to read',
    { reading: { unreadRecords: 0, mostUnreadRecords: 0, oldestUnreadSeconds: null } },
    'clear recovered',
  ],
  [
    'a marker has been there for ten minutes, two records and their marker for one: the limit of 4 min asks for 80 s',
    { reading: { mostUnreadRecords: 4, waitingSeconds: 80 } },
    'unknown not-watched-long-enough',
  ],
  ['they wait for longer than a reader needs', { reading: { waitingSeconds: 81 } }, 'raise warning'],
  [
    'two records on each of fifty partitions may be transaction markers',
    { reading: { unreadRecords: 100, mostUnreadRecords: 2 } },
    'clear recovered',
  ],
  ['a pause of two minutes', { standingMs: 2 * minute }, 'clear recovered'],
  [
    'a message an hour: the records came a minute ago',
    { standingMs: hour, reading: { oldestUnreadSeconds: 60 } },
    'unknown not-watched-long-enough',
  ],
  ['bursty commits, every seven minutes', { reading: { learnedIntervalMs: 7 * minute } }, 'clear recovered'],
  [
    'never seen moving, watched for ten minutes: it may commit seldom',
    { standingMs: null, reading: { learnedIntervalMs: null, watchedMs: 10 * minute } },
    'unknown not-watched-long-enough',
  ],
  [
    'never seen moving, watched for twenty minutes',
    { standingMs: null, reading: { learnedIntervalMs: null, watchedMs: 20 * minute, oldestUnreadSeconds: 1200 } },
    'raise warning',
  ],
  [
    'few polls saw it: tidemark was away for ten minutes',
    { reading: { pollsWithoutMovement: 3 } },
    'unknown not-watched-long-enough',
  ],
  [
    'one partition moved a minute ago, though records wait for an hour elsewhere',
    { standingMs: minute, reading: { oldestUnreadSeconds: 3600 } },
    'clear recovered',
  ],
  ['its members are gone: `stopped` will say so, when it is long enough', { members: 0 }, 'unknown no-members'],
  ['its owner expects it to stand', { policy: policy({ expectIdle: '26h' }) }, 'clear recovered'],
  ['a job that stops for an hour each time', { usualStopMs: hour }, 'clear recovered'],
  ['membership was never read', { members: null }, 'unknown membership-unread'],
  ['membership is old', { staleCollector: 'group-membership' }, 'unknown stale'],
  [
    'what stood cannot be read any more',
    { reading: { unreadRecords: 0, mostUnreadRecords: 0, staleCollector: 'end-offsets' } },
    'unknown stale',
  ],
  [
    'a part is unread, but what can be read moves',
    { standingMs: 0, reading: { staleCollector: 'end-offsets' } },
    'clear recovered',
  ],
]);
