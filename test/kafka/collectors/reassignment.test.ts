/** A reassignment in progress, slowed down so that it lasts as long as the test looks at it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
} from '@platformatic/kafka';
import { defaultFindingSettings, type FindingSettings } from '../../../src/evaluators/index.ts';
import type { Broker, PartitionState, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, changed, testEngine } from '../../support/engine-run.ts';
import { placeReplicas } from '../../support/leaders.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { connected } from '../../support/wire.ts';
import { Cycles, read, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

/** How fast throttled replicas may be copied (KIP-73); null: as fast as can be. A broker's own setting is for itself to take. */
async function limitReplication(brokers: readonly Broker[], bytesPerSecond: number | null): Promise<void> {
  const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
  const configs = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'].map((name) =>
    bytesPerSecond === null
      ? { name, configOperation: DELETE }
      : { name, configOperation: SET, value: String(bytesPerSecond) },
  );
  for (const { brokerId, host, port } of brokers) {
    await using connection = await connected(`${host}:${port}`);
    const resource = { resourceType: ConfigResourceTypes.BROKER, resourceName: String(brokerId), configs };
    await incrementalAlterConfigsV1.api.async(connection, [resource], false);
  }
}

/** Rules about replicas as they judge at the first poll, with no number too small to count. */
function strictFindings(): FindingSettings {
  const settings = defaultFindingSettings();
  const atOnce = { raiseAfter: 0, raiseAfterPolls: 1 };
  for (const code of ['under-replicated', 'not-preferred-leader', 'at-min-isr', 'broker-skew'] as const) {
    Object.assign(settings[code], atOnce);
  }
  Object.assign(settings['broker-skew'], { ratio: 1, leaders: 0, replicas: 0 });
  return settings;
}

/** Codes of what an engine without a past finds about a topic, and about how brokers are laden. */
function foundIn(snapshot: Snapshot, topic: string): string[] {
  const { report } = advance(testEngine({ findings: strictFindings() }), snapshot);
  const found = report.findings.filter((finding) => finding.topic === topic || finding.code === 'broker-skew');
  return [...new Set(found.map(({ code }) => code))].sort();
}

/** As it would be if nobody asked for the reassignments. */
function unasked(snapshot: Snapshot): Snapshot {
  const value = read(snapshot, 'cluster');
  const topics = value.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) => ({ ...partition, addingReplicas: [] })),
  }));
  return changed(snapshot, 'cluster', { value: { ...value, topics } });
}

test('replicas that a reassignment is adding are read as such, and nothing is found for them', async () => {
  const throttled = { 'leader.replication.throttled.replicas': '*', 'follower.replication.throttled.replicas': '*' };
  const topic = await kafka.createTopic('moving', {
    replicationFactor: 2,
    config: { 'min.insync.replicas': '2', ...throttled },
  });
  // Followers copy a megabyte at once before they are held back: this is several.
  await kafka.produce(topic, 60, { valueBytes: 100_000 });
  await using cycles = new Cycles(wirePort(kafka.bootstrapServers), topic);
  const stateIn = (snapshot: Snapshot): PartitionState => {
    const state = read(snapshot, 'cluster').topics.find((each) => each.topic === topic);
    return state!.partitions[0]!;
  };
  const before = await cycles.next();
  const { brokers } = read(before, 'cluster');
  const [first = 0, second = 0] = stateIn(before).replicas;
  const third = brokers.find(({ brokerId }) => brokerId !== first && brokerId !== second)!.brokerId;
  assert.deepEqual([stateIn(before).addingReplicas, stateIn(before).leader], [[], first]);
  await limitReplication(brokers, 1_000);
  try {
    await placeReplicas(kafka.bootstrapServers, topic, 0, [second, third]);
    const snapshot = await until('the new replica is being added, and brokers have heard of it', async () => {
      const next = await cycles.next();
      const { addingReplicas, replicas } = stateIn(next);
      return addingReplicas.length > 0 && replicas.length === 3 ? next : undefined;
    });
    const { addingReplicas, replicas, inSyncReplicas, leader } = stateIn(snapshot);
    assert.deepEqual({ addingReplicas, leader }, { addingReplicas: [third], leader: first });
    assert.deepEqual(replicas, [second, third, first]);
    assert.deepEqual(inSyncReplicas.toSorted(), [first, second].toSorted());
    assert.deepEqual(foundIn(snapshot, topic), []);
    const wronged = ['at-min-isr', 'broker-skew', 'not-preferred-leader', 'under-replicated'];
    assert.deepEqual(foundIn(unasked(snapshot), topic), wronged);
  } finally {
    await limitReplication(brokers, null);
  }
  await until('it is done', async () => {
    const { addingReplicas, replicas, inSyncReplicas } = stateIn(await cycles.next());
    return addingReplicas.length === 0 && replicas.join() === `${second},${third}` && inSyncReplicas.length === 2;
  });
});
