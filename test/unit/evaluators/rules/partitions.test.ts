import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offlinePartition } from '../../../../src/evaluators/rules/offline-partition.ts';
import { underMinIsr } from '../../../../src/evaluators/rules/under-min-isr.ts';
import { underReplicated } from '../../../../src/evaluators/rules/under-replicated.ts';
import { minute, partitionRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

testRule(offlinePartition, partitionRow, [
  ['it has a leader', {}, 'clear recovered'],
  ['it has none', { offline: true, leader: null }, 'raise critical'],
  ['Metadata is old: nobody knows', { offline: true, staleCollector: 'cluster' }, 'unknown stale'],
]);

testRule(underMinIsr, partitionRow, [
  ['all are in sync', {}, 'clear recovered'],
  ['at the minimum: writes still work', { inSyncReplicas: [1, 2] }, 'clear recovered'],
  ['one less than the minimum', { inSyncReplicas: [1] }, 'raise warning'],
  ['a minimum above the replicas refuses every write', { replicas: [1], inSyncReplicas: [1] }, 'raise warning'],
  [
    'min.insync.replicas was not read',
    { inSyncReplicas: [1], minInSyncReplicas: null },
    'unknown min-insync-replicas-unread',
  ],
  ['replicas were not read', { replicas: [], inSyncReplicas: [] }, 'unknown replicas-unread'],
  ['Metadata is old', { inSyncReplicas: [1], staleCollector: 'cluster' }, 'unknown stale'],
]);

test('under-min-isr: critical once a restart would be over', () => {
  const { escalates } = raisedBy(underMinIsr, partitionRow({ inSyncReplicas: [1] }));
  assert.deepEqual(escalates, { to: 'critical', afterMs: 3 * minute });
});

testRule(underReplicated, partitionRow, [
  ['all are in sync', {}, 'clear recovered'],
  ['one is missing', { inSyncReplicas: [1, 3] }, 'raise warning'],
  [
    'a reassignment adds two that are not in sync yet',
    { replicas: [1, 2, 3, 4, 5], addingReplicas: 2 },
    'clear recovered',
  ],
  [
    'a reassignment adds one, and an old one is missing',
    { replicas: [1, 2, 3, 4], inSyncReplicas: [1, 2], addingReplicas: 1 },
    'raise warning',
  ],
  ['replicas were not read', { replicas: [], inSyncReplicas: [] }, 'unknown replicas-unread'],
  ['Metadata is old', { inSyncReplicas: [1], staleCollector: 'cluster' }, 'unknown stale'],
]);

test('under-replicated: names the brokers whose replicas are missing', () => {
  const { evidence } = raisedBy(underReplicated, partitionRow({ inSyncReplicas: [1, 3] }));
  assert.equal(
    underReplicated.summary(evidence as never, { topic: 'orders', partition: 4 }),
    'orders p4 has 2 of 3 replicas in sync (missing: broker 2)',
  );
});
