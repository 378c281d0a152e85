import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetsPartition, Routing } from '../../../src/kafka/wire/routing.ts';
import type { PartitionState } from '../../../src/model/snapshot.ts';

const partition = (index: number, leader: number | null): PartitionState => ({
  partition: index,
  leader,
  leaderEpoch: leader === null ? null : 7,
  replicas: [1, 2],
  inSyncReplicas: [1],
  addingReplicas: [],
});

// Java: Utils.abs("...".hashCode()) % 50
const hashed: [groupId: string, offsetsPartition: number][] = [
  ['', 0],
  ['a', 47], // 97
  ['hello', 22], // 99162322
  ['billing', 9], // -109829509
  ['polygenelubricants', 0], // -2147483648, whose absolute value no int holds
];
for (const [groupId, expected] of hashed) {
  test(`Kafka keeps group "${groupId}" in offsets partition ${expected} of 50`, () => {
    assert.equal(offsetsPartition(groupId, 50), expected);
  });
}

test('leaders are found by topic and partition; offline and unknown partitions have none', () => {
  const topics = [{ topic: 'orders', topicId: null, partitions: [partition(3, 2), partition(1, null)] }];
  const routing = new Routing({ brokers: [], topics });
  assert.deepEqual(routing.leader('orders', 3), { brokerId: 2, epoch: 7 });
  assert.equal(routing.leader('orders', 1), undefined);
  assert.equal(routing.leader('orders', 2), undefined);
  assert.equal(routing.leader('bills', 0), undefined);
});

test('a coordinator is the leader of its offsets partition; none where that is offline or was never made', () => {
  const offsets = { topic: '__consumer_offsets', topicId: null, partitions: [partition(0, 4), partition(1, null)] };
  const routing = new Routing({ brokers: [], topics: [offsets] });
  const [even, odd] = [offsetsPartition('b', 2), offsetsPartition('a', 2)];
  assert.deepEqual([even, odd], [0, 1]);
  assert.equal(routing.coordinator('b'), 4);
  assert.equal(routing.coordinator('a'), null);
  assert.equal(routing.everyGroupHasCoordinator, false);
  assert.equal(new Routing({ brokers: [], topics: [] }).coordinator('b'), null);
});
