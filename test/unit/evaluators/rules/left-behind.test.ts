import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abandonedGroup } from '../../../../src/evaluators/rules/abandoned-group.ts';
import { droppedTopic } from '../../../../src/evaluators/rules/dropped-topic.ts';
import { groupRow, groupTopicRow, leftBehind } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const left = leftBehind({
  partitions: 2,
  unreadRecords: 900,
  unreadPartitions: 2,
  oldestUnreadSeconds: 172_800,
  timeToLossEarliestSeconds: 432_000,
  timeToLossLatestSeconds: 450_000,
  worst: { topic: 'orders', partition: 1, lag: 600, timeLagSeconds: 172_800 },
});
const caughtUp = { ...left, unreadRecords: 0 };
const nobody = { state: 'Empty', members: 0, memberList: [], standingMs: null } as const;
const gone = { ...nobody, abandoned: left };

testRule(abandonedGroup, groupRow, [
  ['somebody reads', {}, 'clear recovered'],
  ['nobody since tidemark came, and records stand unread', gone, 'raise info'],
  ['nothing is unread', { ...gone, abandoned: caughtUp }, 'clear recovered'],
  [
    'of some of it nobody knows how much is unread',
    { ...gone, abandoned: { ...caughtUp, staleCollector: 'end-offsets' } },
    'unknown stale',
  ],
  [
    'some of it is known to be unread',
    { ...gone, abandoned: { ...left, staleCollector: 'end-offsets' } },
    'raise info',
  ],
  ['nobody, but only for a while: an hour will tell', nobody, 'unknown not-watched-long-enough'],
  ['it read on, and left again', { ...nobody, standingMs: 60_000 }, 'clear recovered'],
  [
    'its members are not read yet',
    { ...nobody, abandoned: leftBehind({ unknownPartitions: 2 }) },
    'unknown membership-unread',
  ],
  ['its members were never read', { ...nobody, members: null }, 'unknown membership-unread'],
  ['its commits are old', { ...gone, staleCollector: 'committed-offsets' }, 'unknown stale'],
]);

testRule(droppedTopic, groupTopicRow, [
  ['somebody reads it', {}, 'clear recovered'],
  ['none of the members subscribes to it', { dropped: left }, 'raise info'],
  ['nothing is unread', { dropped: caughtUp }, 'clear recovered'],
  ['its end offsets are old', { dropped: { ...caughtUp, staleCollector: 'end-offsets' } }, 'unknown stale'],
  ['everybody has left: nobody can say who would subscribe', { group: groupRow(nobody) }, 'unknown no-members'],
  ['its members are not read yet', { dropped: leftBehind({ unknownPartitions: 2 }) }, 'unknown membership-unread'],
  ['membership is old', { dropped: left, group: groupRow({ staleCollector: 'group-membership' }) }, 'unknown stale'],
]);

test('abandoned-group: says lag and the clock that runs, and its evidence holds both', () => {
  const { evidence } = raisedBy(abandonedGroup, groupRow(gone));
  assert.equal(
    abandonedGroup.summary(evidence as never, { groupId: 'billing' }),
    'Nobody reads its topics for billing: 900 records on 2 partitions unread, the oldest for 2 d, the first deleted in 5 d',
  );
  assert.deepEqual(
    [evidence.unreadRecords, evidence.timeToDrainSeconds, evidence.timeToLossEarliestSeconds],
    [900, null, 432_000],
  );
});

test('abandoned-group: of a group that reads other partitions, it says of how many', () => {
  const { evidence } = raisedBy(abandonedGroup, groupRow({ ...gone, abandoned: { ...left, allPartitions: 10 } }));
  assert.match(
    abandonedGroup.summary(evidence as never, { groupId: 'billing' }),
    /^Nobody reads 2 of its 10 partitions/,
  );
});

test('dropped-topic: names group and topic', () => {
  const { evidence } = raisedBy(droppedTopic, groupTopicRow({ dropped: left }));
  assert.match(
    droppedTopic.summary(evidence as never, { groupId: 'billing', topic: 'orders' }),
    /^None of the 1 member of billing subscribes to orders any more: 900 records/,
  );
});
