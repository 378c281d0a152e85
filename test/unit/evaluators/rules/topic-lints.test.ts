/** The four lints: one finding a topic, however many of its partitions it is about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicPartition } from '../../../../src/evaluators/rows/topic-row.ts';
import { atMinIsr } from '../../../../src/evaluators/rules/at-min-isr.ts';
import { notPreferredLeader } from '../../../../src/evaluators/rules/not-preferred-leader.ts';
import { singleReplica } from '../../../../src/evaluators/rules/single-replica.ts';
import { uncleanElectionAllowed } from '../../../../src/evaluators/rules/unclean-election-allowed.ts';
import { topicPartition, topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** A healthy partition, and this one. */
const also = (over: Partial<TopicPartition>) => ({
  partitions: [topicPartition(), topicPartition({ partition: 1, ...over })],
});

testRule(atMinIsr, topicRow, [
  ['all are in sync', {}, 'clear recovered'],
  ['one is missing, and the minimum is left', also({ inSyncReplicas: [1, 3] }), 'raise info'],
  ['below the minimum is another finding', also({ inSyncReplicas: [1] }), 'clear recovered'],
  [
    'as many replicas as the minimum, all of them in sync',
    also({ replicas: [1, 2], inSyncReplicas: [1, 2] }),
    'clear recovered',
  ],
  [
    'the missing one is being added',
    also({ replicas: [1, 2, 4], inSyncReplicas: [1, 2], addingReplicas: 1 }),
    'clear recovered',
  ],
  [
    'its settings were not read',
    { ...also({ inSyncReplicas: [1, 3] }), config: {} },
    'unknown min-insync-replicas-unread',
  ],
  ['Metadata is old', { ...also({ inSyncReplicas: [1, 3] }), staleCollector: 'cluster' }, 'unknown stale'],
]);

testRule(notPreferredLeader, topicRow, [
  ['the first replica leads', {}, 'clear recovered'],
  ['another one leads', also({ leader: 2 }), 'raise info'],
  ['the first is not in sync: it cannot lead', also({ leader: 2, inSyncReplicas: [2, 3] }), 'clear recovered'],
  ['a reassignment runs', also({ leader: 2, addingReplicas: 1 }), 'clear recovered'],
  ['nobody leads', also({ leader: null, offline: true }), 'clear recovered'],
  ['replicas were not read', also({ leader: 2, replicas: [], inSyncReplicas: [] }), 'clear recovered'],
  ['Metadata is old', { ...also({ leader: 2 }), staleCollector: 'cluster' }, 'unknown stale'],
]);

const alone = { replicas: [1], inSyncReplicas: [1] };

testRule(singleReplica, topicRow, [
  ['three replicas', {}, 'clear recovered'],
  ['one replica', also(alone), 'raise info'],
  ['two replicas', also({ replicas: [1, 2], inSyncReplicas: [1, 2] }), 'clear recovered'],
  ['a second one is being added', also({ ...alone, replicas: [1, 2], addingReplicas: 1 }), 'raise info'],
  ['on the only broker', { ...also(alone), brokers: 1 }, 'clear recovered'],
  ['replicas were not read', also({ replicas: [], inSyncReplicas: [] }), 'clear recovered'],
  ['Metadata is old', { ...also(alone), staleCollector: 'cluster' }, 'unknown stale'],
]);

testRule(uncleanElectionAllowed, topicRow, [
  ['it is not', {}, 'clear recovered'],
  ['it is', { config: { uncleanLeaderElection: true } }, 'raise info'],
  [
    'it is, and there is nobody else to elect',
    { config: { uncleanLeaderElection: true }, partitions: [topicPartition(alone)] },
    'clear recovered',
  ],
  ['its settings were not read', { config: null }, 'unknown unclean-leader-election-unread'],
  ['Metadata is old', { config: { uncleanLeaderElection: true }, staleCollector: 'cluster' }, 'unknown stale'],
]);

for (const [rule, over, sentence] of [
  [atMinIsr, also({ inSyncReplicas: [1, 3] }), 'orders p1 is down to min.insync.replicas (2) (missing: broker 2)'],
  [
    notPreferredLeader,
    { partitions: [topicPartition({ leader: 2 }), topicPartition({ partition: 4, replicas: [3, 2], leader: 2 })] },
    'orders 2 partitions are not led by the preferred replica (broker 1, 3)',
  ],
  [singleReplica, also(alone), 'orders p1 is without a second replica, on a cluster of 3 brokers'],
  [
    uncleanElectionAllowed,
    { config: { uncleanLeaderElection: true } },
    'orders may elect a leader that is not in sync (unclean.leader.election.enable=true): records can be lost silently',
  ],
] as const) {
  test(`${rule.code}: says it in one sentence`, () => {
    const { evidence } = raisedBy(rule, topicRow(over));
    assert.equal(rule.summary(evidence as never, { topic: 'orders' }), sentence);
  });
}

test('a lint on thousands of partitions names a hundred and counts all', () => {
  const partitions = Array.from({ length: 2500 }, (_, partition) => topicPartition({ partition, ...alone }));
  const { evidence } = raisedBy(singleReplica, topicRow({ partitions }));
  assert.equal((evidence.partitions as number[]).length, 100);
  assert.equal(evidence.partitionCount, 2500);
});
