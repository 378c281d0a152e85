import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quorumUnhealthy } from '../../../../src/evaluators/rules/quorum-unhealthy.ts';
import type { QuorumState } from '../../../../src/model/report.ts';
import { clusterRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

type Voter = QuorumState['voters'][number];

const healthy = clusterRow().quorum!;
const quorum = (over: Partial<QuorumState>) => ({ quorum: { ...healthy, ...over } });
/** The quorum with its third voter changed. */
const third = (over: Partial<Voter>) =>
  quorum({ voters: healthy.voters.map((voter, i) => (i < 2 ? voter : { ...voter, ...over })) });

testRule(quorumUnhealthy, clusterRow, [
  ['all follow', {}, 'clear recovered'],
  ['three controllers were restarted in turn', quorum({ leaderChangesLastHour: 3 }), 'clear recovered'],
  ['one more change', quorum({ leaderChangesLastHour: 4 }), 'raise warning'],
  ['1,000 behind and not catching up', third({ lag: 1000, fallingSeconds: 600 }), 'clear recovered'],
  ['one more', third({ lag: 1001, fallingSeconds: 180 }), 'raise warning'],
  ['far behind, for less than a restart takes', third({ lag: 9000, fallingSeconds: 179 }), 'clear recovered'],
  ['far behind, and catching up', third({ lag: 9000, fallingSeconds: 0 }), 'clear recovered'],
  ['no fetch for almost 5 min', third({ silentSeconds: 299 }), 'clear recovered'],
  ['none for 5 min', third({ silentSeconds: 300 }), 'raise warning'],
  ['the leader has not heard of it in its epoch', third({ lag: null, silentSeconds: 300 }), 'raise warning'],
  ['nothing is told of its fetches (before KIP-836)', third({ lag: 3, silentSeconds: null }), 'clear recovered'],
  ['no quorum was read: ZooKeeper, or not allowed', { quorum: null }, 'unknown stale'],
  ['what was read is old', quorum({ leaderChangesLastHour: 9, age: 'stale' }), 'unknown stale'],
]);

test('quorum-unhealthy: names the voter, which need not be a broker', () => {
  const voters = [
    ...healthy.voters.slice(0, 2),
    { brokerId: 3003, lag: 2400, fallingSeconds: 700, silentSeconds: 1200 },
  ];
  const row = clusterRow(quorum({ leaderChangesLastHour: 5, voters }));
  assert.equal(
    quorumUnhealthy.summary(raisedBy(quorumUnhealthy, row).evidence as never, {}),
    'The metadata quorum of 3 voters: 5 leader changes in the last hour, voter 3003 has not fetched for 20 min',
  );
  const behind = clusterRow(third({ lag: 2400, fallingSeconds: 700 }));
  assert.equal(
    quorumUnhealthy.summary(raisedBy(quorumUnhealthy, behind).evidence as never, {}),
    'The metadata quorum of 3 voters: voter 3 is 2,400 records behind and does not catch up',
  );
});
