import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findingId } from '../../../src/engine/finding-id.ts';

test('an ID never changes: what a store has kept must be found again', () => {
  const subject = { groupId: 'billing', topic: 'orders', topicId: 'q8', partition: 3 };
  assert.equal(findingId('id-of-c1', 'stuck-partition', subject, 1_700_000_240_000), '53e945a6a653ce6f');
});

test('a topic counts by its ID where it has one, by its name where not', () => {
  const id = (subject: object) => findingId('c', 'lost-data', { groupId: 'g', partition: 0, ...subject }, 1);
  assert.equal(id({ topic: 'new-name', topicId: 'q8' }), id({ topic: 'orders', topicId: 'q8' }));
  assert.notEqual(id({ topic: 'orders', topicId: 'q9' }), id({ topic: 'orders', topicId: 'q8' }));
  assert.notEqual(id({ topic: 'orders' }), id({ topic: 'payments' }));
});

test('64 bits in hex, another for each cluster, code, subject and time', () => {
  const part = fc.string({ minLength: 1, maxLength: 12 });
  const facts = fc.tuple(part, part, part, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 2 ** 42 }));
  const idOf = ([cluster, code, groupId, partition, sinceMs]: [string, string, string, number, number]) =>
    findingId(cluster, code, { groupId, partition }, sinceMs);
  fc.assert(
    fc.property(facts, facts, (one, other) => {
      assert.match(idOf(one), /^[0-9a-f]{16}$/);
      assert.equal(
        idOf(one) === idOf(other),
        one.every((field, index) => field === other[index]),
      );
    }),
  );
});

test('neighbours do not collide: 200,000 series of one cluster raised at once', () => {
  const ids = new Set<string>();
  for (let group = 0; group < 200; group++) {
    for (let partition = 0; partition < 1000; partition++) {
      ids.add(findingId('id-of-c1', 'lost-data', { groupId: `g-${group}`, topic: 't', partition }, 1_700_000_000_000));
    }
  }
  assert.equal(ids.size, 200_000);
});
