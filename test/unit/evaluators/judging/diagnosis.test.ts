import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisiveWords, diagnosisOf } from '../../../../src/evaluators/judging/diagnosis.ts';
import type { GroupRow } from '../../../../src/evaluators/rows/row-types.ts';
import { rebalanceStorm } from '../../../../src/evaluators/rules/rebalance-storm.ts';
import { groupRow, member } from '../../../support/rule-rows.ts';
import { raisedBy } from '../rules/verdicts.ts';

const isStatic = { ...member, groupInstanceId: 'i1' };
/** Nothing is remarkable about it. */
const plain = { assignor: 'cooperative-sticky', memberList: [isStatic] } as const;
const onHosts = (...hosts: string[]) => hosts.map((clientHost) => ({ ...isStatic, clientHost, assignment: [] }));
const changes = (left: number, rejoinedFromSameHost: number, joinedFromNewHosts: number) => ({
  memberChanges: { left, rejoinedFromSameHost, joinedFromNewHosts },
});

const signs: readonly (readonly [because: string, over: Partial<GroupRow>, signs: readonly string[]])[] = [
  ['nothing remarkable', {}, []],
  ['same host and client, new member ID', changes(1, 1, 0), ['members-time-out']],
  ['new hosts in the place of others', changes(2, 0, 2), ['instances-replaced']],
  ['more instances, none left: scaled out', changes(0, 0, 2), []],
  ['both', changes(2, 1, 1), ['members-time-out', 'instances-replaced']],
  [
    'three hosts on two partitions, of which one has no owner',
    { memberList: [isStatic, ...onHosts('/h2', '/h3')], unassigned: [] },
    ['more-hosts-than-partitions'],
  ],
  [
    'three hosts on three partitions',
    { memberList: [isStatic, ...onHosts('/h2', '/h3')], unassigned: [{ topic: 'orders', partitions: [2] }] },
    [],
  ],
  ['while it rebalances nobody knows who has what', { memberList: onHosts('/h1', '/h2'), unassigned: null }, []],
  ['no member is static', { memberList: [member] }, ['no-static-members']],
  ['range stops all members at each rebalance', { assignor: 'range' }, ['eager-assignor']],
  ['so does sticky, not cooperative-sticky', { assignor: 'sticky' }, ['eager-assignor']],
  ['range of a KIP-848 group is another one', { assignor: 'range', type: 'consumer' }, []],
  ['nobody is there', { memberList: [], members: 0 }, []],
];
for (const [because, over, expected] of signs) {
  test(`diagnosis: ${because}`, () => {
    assert.deepEqual(diagnosisOf(groupRow({ ...plain, ...over })).signs, expected);
  });
}

const words: readonly (readonly [because: string, over: Partial<GroupRow>, said: RegExp])[] = [
  ['members stayed', changes(0, 0, 0), /^$/],
  ['timeouts', changes(3, 3, 0), /; members come back from the same hosts/],
  ['as many timeouts as new hosts', changes(4, 2, 2), /; members come back from the same hosts/],
  ['more new hosts', changes(4, 1, 3), /; members are replaced by new hosts/],
];
for (const [because, over, said] of words) {
  test(`diagnosis, in words: ${because}`, () => assert.match(decisiveWords(diagnosisOf(groupRow(over))), said));
}

test('rebalance-storm: says whether members time out or are replaced', () => {
  const row = groupRow({ rebalances: 12, rebalancingSeconds: 150, ...changes(12, 12, 0) });
  const { evidence } = raisedBy(rebalanceStorm, row);
  assert.equal(
    rebalanceStorm.summary(evidence as never, { groupId: 'billing' }),
    'billing rebalanced 12 times within 1 h, 2 min without consuming; members come back from the same hosts (session or max.poll timeouts, or a process that restarts)',
  );
});
