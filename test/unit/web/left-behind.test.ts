import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftBehindRows } from '../../../web/model/left-behind.ts';
import { leftBehind } from '../../support/page-fixture.ts';
import { finding, fixtureNowMs } from '../../support/page-fixture-rows.ts';

const rows = leftBehindRows(leftBehind().findings, fixtureNowMs);

test('left behind: soonest loss first, what no retention deletes last; what a policy mutes is not listed', () => {
  assert.deepEqual(
    rows.map(({ groupId, what, unread, oldest, loss }) => [groupId, what, unread, oldest, loss]),
    [
      ['nightly-export', 'all it reads', '1,204', '1 d', '5 to 6 h'],
      ['ledger', 'refunds', '310', '2 d', '4 d 4 h to 4 d 5 h'],
      ['old-report', 'all it reads', '88 M', '40 d', 'none ahead'],
    ],
  );
});

test('left behind: some partitions of a group that reads others', () => {
  const some = finding('abandoned-group', {
    groupId: 'billing',
    summary: 'Nobody reads 2 of its 24 partitions.',
    evidence: { partitions: 2, allPartitions: 24, unreadRecords: 5, timeToLossEarliestSeconds: 0 },
  });
  const [row] = leftBehindRows([some], fixtureNowMs);
  assert.deepEqual([row?.what, row?.oldest, row?.loss], ['2 of 24 partitions', 'not known', 'now']);
});
