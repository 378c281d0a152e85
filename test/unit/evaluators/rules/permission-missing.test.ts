import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissionMissing } from '../../../../src/evaluators/rules/permission-missing.ts';
import type { Facet } from '../../../../src/model/snapshot.ts';
import { clusterRow, collectorStatus } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const allowed = clusterRow().permissions!;
const denied = (collector: Facet, scope: object = {}) => ({
  collectors: [collectorStatus({ collector, failures: [{ collector, code: 'upstream.denied', ...scope }] })],
});
const timeout = collectorStatus({ failures: [{ collector: 'end-offsets', code: 'upstream.timeout' }] });

testRule(permissionMissing, clusterRow, [
  ['all is allowed', {}, 'clear recovered'],
  ['without CLUSTER Describe', { permissions: { ...allowed, cluster: [] } }, 'raise info'],
  ['without CLUSTER DescribeConfigs', { permissions: { ...allowed, cluster: ['describe'] } }, 'raise info'],
  ['log directories are denied', denied('log-dirs', { brokerId: 1 }), 'raise info'],
  ['a group is denied', denied('committed-offsets', { groupIds: ['billing'] }), 'raise info'],
  ['other failures are another matter', { collectors: [timeout] }, 'clear recovered'],
  ['permissions were never read', { permissions: null }, 'unknown stale'],
  ['they were not, but something is denied', { permissions: null, ...denied('quorum') }, 'raise info'],
  [
    'what was read is old, and may be allowed by now',
    { permissions: { ...allowed, cluster: [], age: 'stale' } },
    'unknown stale',
  ],
]);

test('permission-missing: names what is missing, and the commands that grant it', () => {
  const row = clusterRow({ permissions: { ...allowed, cluster: [] } });
  const { evidence } = raisedBy(permissionMissing, row);
  assert.equal(
    permissionMissing.summary(evidence as never, {}),
    'tidemark may not read all of the cluster: it lacks Describe on CLUSTER, Describe on topics that Kafka hides, Describe on groups that Kafka hides',
  );
  assert.deepEqual(evidence.commands, [
    'kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal User:tidemark --operation Describe --cluster',
    "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal User:tidemark --operation Describe --topic '*'",
    "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal User:tidemark --operation Describe --group '*'",
  ]);
});

test('permission-missing: lists as many names as a page can bear, and counts them all', () => {
  const groupIds = Array.from({ length: 300 }, (_, index) => `group-${index}`);
  const { evidence } = raisedBy(permissionMissing, clusterRow(denied('committed-offsets', { groupIds })));
  const [missing] = evidence.missing as { names: string[]; count: number }[];
  assert.deepEqual([missing?.names.length, missing?.count], [20, 300]);
  assert.match(permissionMissing.summary(evidence as never, {}), /Describe on 300 groups$/);
});
