import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAssignment, parseSubscription } from '../../../src/kafka/wire/consumer-protocol.ts';
import {
  assignmentBytes,
  int16,
  int32,
  list,
  noBytes,
  subscriptionBytes,
  text,
} from '../../support/subscription-bytes.ts';

test('a subscription of version 0 has topics and no generation', () => {
  const bytes = Buffer.concat([int16(0), list(text('orders'), text('bills')), noBytes]);
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders', 'bills'], generationId: null });
});

test('the generation stands behind user data and owned partitions from version 2 on', () => {
  const userData = Buffer.concat([int32(3), Buffer.from('abc')]);
  const owned = list(Buffer.concat([text('orders'), list(int32(0), int32(4))]));
  const bytes = Buffer.concat([int16(3), list(text('orders')), userData, owned, int32(6), text('rack-1')]);
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders'], generationId: 6 });
});

test('a version 1 subscription ends with the owned partitions', () => {
  const bytes = Buffer.concat([int16(1), list(text('orders')), noBytes, list()]);
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders'], generationId: null });
});

test('librdkafka writes generation -1 where it keeps none: unknown', () => {
  assert.deepEqual(parseSubscription(subscriptionBytes(['orders'], -1)), { topics: ['orders'], generationId: null });
});

test('an assignment lists partitions by topic', () => {
  assert.deepEqual(parseAssignment(assignmentBytes('orders', [2, 5])), [{ topic: 'orders', partitions: [2, 5] }]);
});

test('outside of Stable the bytes are empty: not known', () => {
  assert.equal(parseSubscription(Buffer.alloc(0)), null);
  assert.equal(parseAssignment(Buffer.alloc(0)), null);
});

test('whatever a client writes there, reading it neither throws nor runs away', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      parseSubscription(Buffer.from(array));
      parseAssignment(Buffer.from(array));
    }),
  );
  const aBillionTopics = Buffer.concat([int16(0), int32(1_000_000_000)]);
  assert.equal(parseSubscription(aBillionTopics), null);
});
