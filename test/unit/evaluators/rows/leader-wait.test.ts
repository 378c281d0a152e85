/** Who could not read for want of a leader neither is stuck nor has stalled, until it has had a limit's time to read on. */
import { stalled } from '../../../../src/evaluators/rules/stalled.ts';
import { stuckPartition } from '../../../../src/evaluators/rules/stuck-partition.ts';
import { groupRow, hour, minute, reading, seriesRow } from '../../../support/rule-rows.ts';
import { testRule } from '../rules/verdicts.ts';

const standing = { standingMs: hour, timeLagSeconds: 3600, waitingSeconds: 3600, pollsWithoutMovement: 240 };
const stuck = { ...standing, unreadRecords: 600, group: groupRow({ standingMs: 0 }) };

testRule(stuckPartition, seriesRow, [
  ['its partition always had a leader', { ...stuck, sinceLedMs: null }, 'raise warning'],
  ['its partition has had one for four minutes', { ...stuck, sinceLedMs: 4 * minute }, 'unknown had-no-leader'],
  ['its partition has had one for longer', { ...stuck, sinceLedMs: 4 * minute + 1 }, 'raise warning'],
]);

const hourUnread = reading({
  ...{ mostUnreadRecords: 600, unreadPartitions: 2, pollsWithoutMovement: 240 },
  ...{ oldestUnreadSeconds: 3600, waitingSeconds: 3600 },
});
const group = { standingMs: hour, reading: hourUnread };

testRule(stalled, groupRow, [
  ['no partition was seen without a leader', group, 'raise warning'],
  ['both have had one for four minutes', { ...group, sinceLedMs: [0, 4 * minute] }, 'unknown had-no-leader'],
  ['one of them has had one for longer', { ...group, sinceLedMs: [0, 4 * minute + 1] }, 'raise warning'],
  ['one of them always had one', { ...group, sinceLedMs: [0] }, 'raise warning'],
]);
