import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupSummary } from '../../../src/model/wire.ts';
import { type Glance, sentenceOf } from '../../../web/model/glance.ts';
import { brokerDown, inTrouble, neverReached, quiet, type Scenario, wentBlind } from '../../support/page-fixture.ts';
import { clusterAnswer, finding, fixtureNowMs, groupSummary } from '../../support/page-fixture-rows.ts';

function said(scenario: Scenario): string {
  const { lead, rest } = sentenceOf(glanceOf(scenario));
  return `${lead}${rest}`;
}

function glanceOf(scenario: Scenario): Glance {
  return { ...scenario, nowMs: fixtureNowMs };
}

function withGroups(...groups: GroupSummary[]): Scenario {
  return { ...quiet(), groups };
}

const lostFinding = {
  id: 'x',
  code: 'lost-data',
  severity: 'critical' as const,
  sinceMs: 0,
  held: false,
  cause: null,
  summary: '',
};

const sentences: [name: string, scenario: Scenario, sentence: string][] = [
  ['two groups lose data', inTrouble(), '2 groups lose data; the first in 41 min: billing on orders, partition 17.'],
  ['nothing is wrong', quiet(), 'Nothing is at risk. 412 groups, read 6 s ago.'],
  ['never reached', neverReached(), 'prod-eu cannot be reached. Nothing was ever read of it.'],
  [
    'gone blind over groups that lost data',
    wentBlind(),
    'prod-eu cannot be reached. 2 groups were losing data when last read, 14 min ago: billing on orders, partition 17 first.',
  ],
  [
    'partitions offline besides',
    brokerDown(),
    '2 groups lose data; the first in 41 min: billing on orders, partition 17. 3 partitions are offline.',
  ],
  [
    'partitions offline alone',
    {
      ...quiet(),
      clusters: [
        clusterAnswer({ partitions: { total: 9, offline: 1, underReplicated: 1, underMinIsr: 0, atMinIsr: 0 } }),
      ],
    },
    '1 partition is offline: nothing there can be read or written.',
  ],
  [
    'the outlook is bad but no rule has fired yet',
    withGroups(
      groupSummary('late', {
        outlook: 'loses-first',
        timeToLossEarliestSeconds: 600,
        worst: { topic: 't', partition: 3 },
      }),
    ),
    '1 group may lose data in 10 min: late on t, partition 3. Not confirmed yet: no finding stands on it so far.',
  ],
  [
    'a loss a week away without a finding wakes nobody',
    withGroups(groupSummary('far', { outlook: 'loses-first', timeToLossEarliestSeconds: 604_800 })),
    'Nothing is at risk. 412 groups, read 6 s ago.',
  ],
  [
    'losing at this moment',
    withGroups(groupSummary('gone', { outlook: 'losing', findings: [lostFinding] })),
    '1 group loses data now: gone.',
  ],
  [
    'lost data, and keeps up again',
    withGroups(groupSummary('was', { findings: [lostFinding] })),
    '1 group has lost data: was.',
  ],
  [
    'the deadline is not known any more',
    withGroups(groupSummary('old', { outlook: null, findings: [{ ...lostFinding, code: 'will-lose-data' }] })),
    '1 group was losing data by the last data; how soon is not known: old.',
  ],
  [
    'only warnings',
    { ...quiet(), findings: [finding('stopped', { severity: 'warning', groupId: 'g', summary: '' })] },
    'Nothing loses data; one finding needs a look.',
  ],
  [
    'what is critical beside a loss that is seen to come',
    {
      ...quiet(),
      findings: [
        finding('log-truncated', { topic: 'orders', partition: 3, summary: '' }),
        finding('stopped', { severity: 'warning', groupId: 'g', summary: '' }),
      ],
    },
    '1 finding is critical: orders, partition 3 has been truncated.',
  ],
  [
    'muted groups wake nobody',
    withGroups(groupSummary('muted', { outlook: 'losing', muted: true, findings: [lostFinding] })),
    'Nothing is at risk. 412 groups, read 6 s ago.',
  ],
  [
    'what another finding explains wakes nobody',
    withGroups(
      groupSummary('explained', { findings: [{ ...lostFinding, cause: { code: 'offline-partition', id: 'y' } }] }),
    ),
    'Nothing is at risk. 412 groups, read 6 s ago.',
  ],
  [
    'one cycle without an answer is no outage yet',
    { ...quiet(), clusters: [clusterAnswer({ reachable: false, problem: 'timeout' })] },
    'Nothing is at risk. 412 groups, read 4 s ago.',
  ],
  [
    'before the first report',
    { ...quiet(), clusters: [clusterAnswer({ atMs: null, reachable: false })], groups: [] },
    'The first reading is under way.',
  ],
];
for (const [name, scenario, sentence] of sentences) {
  test(`sentence: ${name}`, () => assert.equal(said(scenario), sentence));
}

test('one of several clusters that was never read is named with its problem', () => {
  const unread = { cluster: 'twin', atMs: null, readAtMs: null, reachable: false, problem: 'It is watched already.' };
  const clusters = [...quiet().clusters, clusterAnswer(unread)];
  const { beneath } = sentenceOf(glanceOf({ ...quiet(), clusters }));
  assert.match(beneath, /Of twin nothing was read yet: It is watched already\./);
});

test('what cannot be seen or judged yet is said beneath', () => {
  const cluster = clusterAnswer({
    completeness: 'filtered',
    partitions: { total: 10, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 0 },
    groups: { total: 5, unread: 2, byOutlook: { 'insufficient-data': 3 } },
  });
  const { beneath } = sentenceOf(glanceOf({ ...quiet(), clusters: [cluster] }));
  assert.equal(
    beneath,
    '5 groups, 10 partitions watched. 2 groups could not be read. Of prod-eu tidemark may not see everything: it lacks Describe on the cluster. Of 3 groups the trend is not known yet.',
  );
});
