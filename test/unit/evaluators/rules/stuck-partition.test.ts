import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stuckPartition } from '../../../../src/evaluators/rules/stuck-partition.ts';
import { groupRow, hour, minute, reading, second, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** Ten minutes before 300 unread records, while its sibling moves. */
const stuck = {
  lag: 300,
  unreadRecords: 300,
  timeLagSeconds: 600,
  waitingSeconds: 590,
  standingMs: 10 * minute,
  pollsWithoutMovement: 40,
} as const;
const groupStands = groupRow({ standingMs: 10 * minute });

testRule(stuckPartition, seriesRow, [
  ['it moves', {}, 'clear recovered'],
  ['one partition stands, others move', stuck, 'raise warning'],
  [
    'a lag that does not grow is healthy as long as it moves',
    { lag: 1_000_000, unreadRecords: 1_000_000, timeLagSeconds: hour / second },
    'clear recovered',
  ],
  ['two records may be transaction markers', { ...stuck, unreadRecords: 2 }, 'clear recovered'],
  [
    'a marker has been there for ten minutes, two records and their marker for one: the limit of 4 min asks for 80 s',
    { ...stuck, waitingSeconds: 80 },
    'unknown not-watched-long-enough',
  ],
  ['they wait for longer than a reader needs', { ...stuck, waitingSeconds: 81 }, 'raise warning'],
  ['five markers and two records', { ...stuck, lag: 7, unreadRecords: 2 }, 'clear recovered'],
  ['a pause of three and a half minutes', { ...stuck, standingMs: 3.5 * minute }, 'clear recovered'],
  ['it commits every seven minutes', { ...stuck, learnedIntervalMs: 7 * minute }, 'clear recovered'],
  [
    'three intervals of seven minutes have passed',
    { ...stuck, standingMs: 22 * minute, timeLagSeconds: 22 * 60, learnedIntervalMs: 7 * minute },
    'raise warning',
  ],
  [
    'it had nothing to read all day; the records came a minute ago',
    { ...stuck, standingMs: 20 * hour, timeLagSeconds: 60 },
    'unknown not-watched-long-enough',
  ],
  [
    'too few polls saw it stand: tidemark was away',
    { ...stuck, pollsWithoutMovement: 3 },
    'unknown not-watched-long-enough',
  ],
  [
    'no interval is learned of anybody: some commit every ten minutes',
    { ...stuck, learnedIntervalMs: null, group: groupRow({ reading: reading({ learnedIntervalMs: null }) }) },
    'clear recovered',
  ],
  [
    'its own interval is not learned, its siblings commit every 5 s',
    { ...stuck, learnedIntervalMs: null },
    'raise warning',
  ],
  ['nobody else moves either: that is `stalled`', { ...stuck, group: groupStands }, 'unknown no-other-partition-moves'],
  [
    'its owner is gone: whatever it was, `stopped` will say it',
    { ...stuck, ownership: 'orphaned' },
    'unknown no-owner',
  ],
  ['the topic was unsubscribed', { ...stuck, ownership: 'dropped' }, 'clear unsubscribed'],
  ['its end offset was never read', { ...stuck, lag: null, unreadRecords: null }, 'unknown lag-unknown'],
  ['the commits are old', { ...stuck, staleCollector: 'committed-offsets' }, 'unknown stale'],
]);

const suspicions = [
  ['poison-message', 'another partition of its member moves', {}],
  [
    'hot-member',
    'both partitions of its member stand',
    { group: groupRow({ reading: reading({ byMember: new Map([[0, { series: 2, standingMs: 10 * minute }]]) }) }) },
  ],
  [
    'poison-message',
    'its member has no other partition to compare with',
    { group: groupRow({ reading: reading({ byMember: new Map([[0, { series: 1, standingMs: 10 * minute }]]) }) }) },
  ],
  ['blocked', 'it waits at the last stable offset under an open transaction', { lastStableOffset: 1000 }],
] as const;
for (const [suspicion, because, over] of suspicions) {
  test(`stuck-partition: suspects ${suspicion}: ${because}`, () => {
    assert.equal(raisedBy(stuckPartition, seriesRow({ ...stuck, ...over })).evidence.suspicion, suspicion);
  });
}
