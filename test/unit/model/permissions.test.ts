import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aclCommands, missingPermissions } from '../../../src/model/permissions.ts';
import type { AclOperation, Facet, Failure } from '../../../src/model/snapshot.ts';

const both: readonly AclOperation[] = ['describe', 'describeConfigs'];
const allowed = { cluster: both, topics: [{ operations: both, names: ['orders'] }] };
const denied = (collector: Facet, scope: Partial<Failure> = {}) => ({
  collector,
  failures: [{ collector, code: 'upstream.denied', ...scope }],
});
const worded = (signs: Parameters<typeof missingPermissions>[0]) =>
  missingPermissions(signs).map(({ resource, operation, names, hidesOthers }) =>
    `${operation} ${resource} ${[...names, ...(hidesOthers ? ['?'] : [])]}`.trim(),
  );
const after = (...collectors: ReturnType<typeof denied>[]) => worded({ permissions: allowed, collectors });

describe('permissions that are missing', () => {
  it('are none where all is allowed', () => {
    assert.deepEqual(after(), []);
  });

  it('are those that Kafka does not name: of topics by name, of the cluster with all that it may hide', () => {
    const topics = [
      { operations: both, names: ['orders'] },
      { operations: ['describe' as const], names: ['b', 'a'] },
      { operations: [], names: ['secret'] },
    ];
    assert.deepEqual(worded({ permissions: { cluster: both, topics }, collectors: [] }), [
      'Describe topic secret',
      'DescribeConfigs topic a,b,secret',
    ]);
    assert.deepEqual(worded({ permissions: { cluster: [], topics: [] }, collectors: [] }), [
      'Describe cluster',
      'Describe topic ?',
      'Describe group ?',
    ]);
    assert.deepEqual(worded({ permissions: { cluster: ['describe'], topics: [] }, collectors: [] }), [
      'DescribeConfigs cluster',
    ]);
  });

  it('follow from what Kafka would not answer', () => {
    assert.deepEqual(after(denied('broker-configs')), ['DescribeConfigs cluster']);
    assert.deepEqual(after(denied('topic-configs', { topics: [{ topic: 'a' }] })), ['DescribeConfigs topic a']);
    assert.deepEqual(after(denied('end-offsets', { topics: [{ topic: 'a', partitions: [0] }] })), ['Describe topic a']);
    assert.deepEqual(after(denied('committed-offsets', { groupIds: ['g'] })), ['Describe group g']);
    const ofCluster = ['Describe cluster', 'Describe topic ?', 'Describe group ?'];
    assert.deepEqual(after(denied('quorum')), ofCluster);
    assert.deepEqual(after(denied('cluster', { topics: [] })), ofCluster, 'reassignments');
    assert.deepEqual(after(denied('quorum'), denied('committed-offsets', { groupIds: ['g'] })), [
      ...ofCluster.slice(0, 2),
      'Describe group g,?',
    ]);
    assert.deepEqual(after({ collector: 'quorum', failures: [] }), []);
  });

  it('are of topics where a group is described for nobody, though its offsets are read', () => {
    const membership = denied('group-membership', { groupIds: ['g', 'h'] });
    assert.deepEqual(after(membership), ['Describe topic ?']);
    assert.deepEqual(after(membership, denied('committed-offsets', { groupIds: ['g', 'h'] })), ['Describe group g,h']);
  });
});

describe('kafka-acls commands', () => {
  const grantee = { principal: 'User:tidemark', bootstrapServer: 'b1:9092' };
  const head = 'kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal User:tidemark';

  it('name few topics one by one, and many by a wildcard', () => {
    const of = (names: readonly string[], hidesOthers = false) =>
      aclCommands([{ resource: 'topic', operation: 'DescribeConfigs', names, hidesOthers }], grantee);
    assert.deepEqual(of(['a', 'b']), [`${head} --operation DescribeConfigs --topic a --topic b`]);
    assert.deepEqual(of(['1', '2', '3', '4', '5', '6']), [`${head} --operation DescribeConfigs --topic '*'`]);
    assert.deepEqual(of(['a'], true), [`${head} --operation DescribeConfigs --topic '*'`]);
  });

  it('keep a name one word of the shell, whatever stands in it', () => {
    const names = ["it's; rm -rf $HOME", 'a\nb'];
    assert.deepEqual(aclCommands([{ resource: 'group', operation: 'Describe', names, hidesOthers: false }], grantee), [
      `${head} --operation Describe --group 'a\nb' --group 'it'\\''s; rm -rf $HOME'`,
    ]);
  });

  it('leave a place for what is not known', () => {
    const missing = [{ resource: 'cluster', operation: 'Describe', names: [], hidesOthers: false }] as const;
    assert.deepEqual(aclCommands(missing, { principal: null, bootstrapServer: null }), [
      'kafka-acls.sh --bootstrap-server HOST:PORT --add --allow-principal User:TIDEMARK --operation Describe --cluster',
    ]);
  });
});
