import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFindings } from '../../../src/engine/causes.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { makeFinding } from '../../support/report-fixture.ts';

const offline = makeFinding({ code: 'offline-partition', severity: 'critical', topic: 'orders', partition: 3 });
const storm = makeFinding({ code: 'rebalance-storm', groupId: 'billing' });
const blind = makeFinding({ code: 'cluster-unreachable', severity: 'critical' });
const missing = (brokerId: number) =>
  makeFinding({ code: 'broker-missing', id: `missing ${brokerId}`, brokerId, severity: 'critical' });
const transaction = makeFinding({ code: 'open-transaction', topic: 'orders', evidence: { partitions: [1, 3] } });
const blockedOn = (...partitions: number[]) =>
  makeFinding({
    code: 'blocked-by-transaction',
    groupId: 'billing',
    evidence: { partitions: partitions.map((partition) => ({ topic: 'orders', partition })) },
  });
const truncated = makeFinding({ code: 'log-truncated', severity: 'critical', topic: 'orders', partition: 3 });
const onPartition = { groupId: 'billing', topic: 'orders', partition: 3 };

/** Finding, what else is open, and the code of the cause. */
const table: readonly (readonly [
  because: string,
  finding: Finding,
  others: readonly Finding[],
  cause: string | null,
])[] = [
  ['nothing else is open', makeFinding({ code: 'stuck-partition', ...onPartition }), [], null],
  [
    'its partition is offline',
    makeFinding({ code: 'stuck-partition', ...onPartition }),
    [offline],
    'offline-partition',
  ],
  ['another partition is', makeFinding({ code: 'stuck-partition', ...onPartition, partition: 4 }), [offline], null],
  [
    'a partition of another topic is',
    makeFinding({ code: 'stuck-partition', ...onPartition, topic: 'payments' }),
    [offline],
    null,
  ],
  [
    'its worst partition is offline',
    makeFinding({ code: 'stalled', groupId: 'billing', evidence: { worst: onPartition } }),
    [offline],
    'offline-partition',
  ],
  [
    'replicas of an offline partition',
    makeFinding({ code: 'under-min-isr', topic: 'orders', partition: 3 }),
    [offline],
    'offline-partition',
  ],
  [
    'a group that cannot sit still does not move',
    makeFinding({ code: 'stalled', groupId: 'billing' }),
    [storm],
    'rebalance-storm',
  ],
  ['another group cannot', makeFinding({ code: 'stalled', groupId: 'shipping' }), [storm], null],
  [
    'a storm never hides that data will be lost',
    makeFinding({ code: 'will-lose-data', ...onPartition }),
    [storm],
    null,
  ],
  ['nor does blindness', makeFinding({ code: 'lost-data', ...onPartition }), [blind], null],
  [
    'an offline partition explains even that: nothing reads or deletes there',
    makeFinding({ code: 'will-lose-data', ...onPartition }),
    [offline],
    'offline-partition',
  ],
  [
    'blindness explains collectors that fail',
    makeFinding({ code: 'collector-failing', collector: 'end-offsets' }),
    [blind],
    'cluster-unreachable',
  ],
  ['blindness explains what else it keeps from clearing', offline, [blind], 'cluster-unreachable'],
  [
    'the narrowest cause is named',
    makeFinding({ code: 'stuck-partition', ...onPartition }),
    [blind, storm, offline],
    'offline-partition',
  ],
  [
    'a muted storm explains nothing',
    makeFinding({ code: 'stalled', groupId: 'billing' }),
    [{ ...storm, severity: 'info' }],
    null,
  ],
  [
    'the broker of its missing replica does not live',
    makeFinding({ code: 'under-replicated', topic: 'orders', partition: 4, evidence: { missing: [2] } }),
    [missing(2)],
    'broker-missing',
  ],
  [
    'another broker does not',
    makeFinding({ code: 'under-replicated', topic: 'orders', partition: 4, evidence: { missing: [2] } }),
    [missing(1)],
    null,
  ],
  [
    'one of the two that are missing lives, and is a trouble of its own',
    makeFinding({ code: 'under-min-isr', topic: 'orders', partition: 4, evidence: { missing: [2, 3] } }),
    [missing(2)],
    null,
  ],
  [
    'neither of the two lives',
    makeFinding({ code: 'under-min-isr', topic: 'orders', partition: 4, evidence: { missing: [2, 3] } }),
    [missing(2), missing(3)],
    'broker-missing',
  ],
  [
    'the last that was in sync does not live',
    { ...offline, evidence: { replicas: [1, 2, 3], inSyncReplicas: [2] } },
    [missing(2)],
    'broker-missing',
  ],
  [
    'the last that was in sync lives',
    { ...offline, evidence: { replicas: [1, 2, 3], inSyncReplicas: [2] } },
    [missing(1), missing(3)],
    null,
  ],
  [
    'a broker that does not live explains no disk',
    makeFinding({ code: 'disk-filling', brokerId: 2, logDir: '/d0' }),
    [missing(2)],
    null,
  ],
  ['nor that records are lost', makeFinding({ code: 'lost-data', ...onPartition }), [missing(2)], null],
  ['a transaction is open where it waits', blockedOn(1, 3), [transaction], 'open-transaction'],
  ['it waits elsewhere too', blockedOn(1, 2), [transaction], null],
  ['what waits will soon be deleted: that is told', { ...blockedOn(3), severity: 'critical' }, [transaction], null],
  [
    'its group waits there for a transaction',
    makeFinding({ code: 'slo-breached', groupId: 'billing', evidence: { worst: onPartition } }),
    [transaction, blockedOn(3)],
    'open-transaction',
  ],
  [
    'its group waits elsewhere',
    makeFinding({ code: 'slo-breached', groupId: 'billing', evidence: { worst: onPartition } }),
    [transaction, blockedOn(1)],
    null,
  ],
  [
    'who reads what is not committed waits for no transaction',
    makeFinding({ code: 'stuck-partition', ...onPartition }),
    [transaction],
    null,
  ],
  [
    'an open transaction explains no replicas',
    makeFinding({ code: 'under-replicated', topic: 'orders', partition: 3, evidence: { missing: [2] } }),
    [transaction, blockedOn(3)],
    null,
  ],
  ['nor that records are lost', makeFinding({ code: 'lost-data', ...onPartition }), [transaction, blockedOn(3)], null],
  [
    'its log was cut off five minutes before',
    makeFinding({ code: 'offset-ahead-of-log', ...onPartition, sinceMs: truncated.sinceMs + 300_000 }),
    [truncated],
    'log-truncated',
  ],
  [
    'its log was cut off longer ago: somebody has committed that since',
    makeFinding({ code: 'offset-ahead-of-log', ...onPartition, sinceMs: truncated.sinceMs + 300_001 }),
    [truncated],
    null,
  ],
  ['a truncation explains nothing else', makeFinding({ code: 'stuck-partition', ...onPartition }), [truncated], null],
  ['what was cut off is told, whatever has become of the partition', truncated, [offline, blind], null],
  ['who was set over records is told', makeFinding({ code: 'skipped', ...onPartition }), [storm, blind], null],
  ['a cause does not explain itself', blind, [], null],
  [
    'a cause that has gone is forgotten',
    makeFinding({ code: 'stalled', groupId: 'billing', cause: { code: 'rebalance-storm', id: 'old' } }),
    [],
    null,
  ],
];
for (const [because, finding, others, cause] of table) {
  test(`causes: ${finding.code}: ${because}`, () => {
    const [explained] = explainFindings([finding, ...others]);
    assert.equal(explained?.cause?.code ?? null, cause);
  });
}

test('causes: a finding that is explained as before is the same object, so that nothing is told twice', () => {
  const [explained] = explainFindings([makeFinding({ code: 'stalled', groupId: 'billing' }), storm]);
  assert.ok(explained);
  assert.equal(explainFindings([explained, storm])[0], explained);
  assert.deepEqual(explained.cause, { code: 'rebalance-storm', id: storm.id });
});
