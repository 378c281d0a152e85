import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AclOperations,
  AclPermissionTypes,
  type Connection,
  consumerGroupHeartbeatV1,
  createAclsV3,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import type { Facet, Failure, Snapshot } from '../../src/model/snapshot.ts';
import { Cycles, committedOf, read, wirePort } from '../kafka/collectors/cycles.ts';
import { KafkaClients } from '../support/clients.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { until } from '../support/until.ts';
import { connected, connectedToCoordinator } from '../support/wire.ts';

let cluster: KafkaCluster;
let kafka: KafkaClients;

before(async () => {
  cluster = await KafkaCluster.start({
    brokers: 1,
    config: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  kafka = new KafkaClients(cluster.bootstrapServers);
});

after(async () => {
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

type ResourceType = 'TOPIC' | 'GROUP' | 'CLUSTER';
type Operation = 'DESCRIBE' | 'CLUSTER_ACTION';

/** Everybody is User:ANONYMOUS here, the broker itself too. A resource with any rule is closed but for what a rule allows. */
function rule(permission: 'ALLOW' | 'DENY', operation: Operation, type: ResourceType, name: string) {
  return {
    resourceType: ResourceTypes[type],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:ANONYMOUS',
    host: '*',
    operation: AclOperations[operation],
    permissionType: AclPermissionTypes[permission],
  };
}

function topicsOf(snapshot: Snapshot): string[] {
  return read(snapshot, 'cluster').topics.map(({ topic }) => topic);
}

function groupsOf(snapshot: Snapshot): string[] {
  return read(snapshot, 'group-membership')
    .map(({ groupId }) => groupId)
    .sort();
}

function deniedBy(snapshot: Snapshot, facet: Facet): Failure[] {
  const failures = [...(snapshot.reads[facet]?.failures ?? []), ...snapshot.failures];
  return failures.filter(({ collector, code }) => collector === facet && code === 'upstream.denied');
}

/** A heartbeat of the only member of a KIP-848 group; the first one, in epoch 0, says what it subscribes to. @returns the new epoch */
async function heartbeat(
  coordinator: Connection,
  groupId: string,
  epoch: number,
  topics: readonly string[] | null,
): Promise<number> {
  const [instance, rack, regex, assignor] = [null, null, null, null];
  const { memberEpoch } = await consumerGroupHeartbeatV1.api.async(
    coordinator,
    groupId,
    'member-of-both',
    epoch,
    instance,
    rack,
    topics ? 60_000 : -1,
    topics && [...topics],
    regex,
    assignor,
    topics && [],
  );
  return memberEpoch;
}

test('what Kafka hides without a word is unread, not gone, and the snapshot says that it is filtered', async () => {
  const [open, closed] = [await kafka.createTopic('open'), await kafka.createTopic('closed')];
  const [openGroup, closedGroup] = [kafka.name('open-group'), kafka.name('closed-group')];
  for (const groupId of [openGroup, closedGroup]) await kafka.commit(groupId, { [open]: { 0: 1 }, [closed]: { 0: 1 } });
  const both = kafka.name('reads-both');
  await kafka.commit(both, { [open]: { 0: 1 }, [closed]: { 0: 1 } });
  await using coordinator = await connectedToCoordinator(cluster.bootstrapServers, both);
  let epoch = await heartbeat(coordinator, both, 0, [open, closed]);
  await using cycles = new Cycles(wirePort(cluster.bootstrapServers), `${kafka.prefix}*`);
  const before = await cycles.next();
  assert.equal(before.completeness, 'full');
  assert.deepEqual(groupsOf(before), [closedGroup, openGroup, both]);

  await using connection = await connected(cluster.bootstrapServers);
  const rules = [
    rule('DENY', 'DESCRIBE', 'TOPIC', closed),
    rule('DENY', 'DESCRIBE', 'GROUP', closedGroup),
    // The broker goes on needing this.
    rule('ALLOW', 'CLUSTER_ACTION', 'CLUSTER', 'kafka-cluster'),
    rule('DENY', 'DESCRIBE', 'CLUSTER', 'kafka-cluster'),
  ];
  const { results } = await createAclsV3.api.async(connection, rules);
  assert.ok(results.every(({ errorCode }) => errorCode === 0));
  await until('the rules hold', async () => {
    epoch = await heartbeat(coordinator, both, epoch, null);
    return (await cycles.next()).completeness === 'filtered';
  });

  // More cycles than it takes to believe that a topic or a group is gone.
  for (let cycle = 0; cycle < 4; cycle++) {
    epoch = await heartbeat(coordinator, both, epoch, null);
    const snapshot = await cycles.next();
    assert.equal(snapshot.completeness, 'filtered');
    assert.ok(topicsOf(snapshot).includes(open));
    assert.ok(!topicsOf(snapshot).includes(closed));
    const deniedTopics = deniedBy(snapshot, 'cluster').flatMap(({ topics }) => topics ?? []);
    assert.deepEqual(deniedTopics, [{ topic: closed }]);
    assert.deepEqual(groupsOf(snapshot), [openGroup]);
    const deniedGroups = (facet: Facet) => deniedBy(snapshot, facet).flatMap(({ groupIds }) => groupIds ?? []);
    // Kafka describes no KIP-848 group that touches a topic which we may not see; its commits on the others it tells.
    assert.deepEqual(deniedGroups('group-membership').sort(), [closedGroup, both]);
    assert.deepEqual(deniedGroups('committed-offsets'), [closedGroup]);
    assert.deepEqual([committedOf(snapshot, both, open), committedOf(snapshot, both, closed)], [1, undefined]);
  }
});
