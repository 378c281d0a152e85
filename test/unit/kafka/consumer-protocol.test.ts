import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAssignment, parseSubscription } from '../../../src/kafka/wire/consumer-protocol.ts';

/** The older encoding, field by field. */
function bytesOf(...parts: (Buffer | readonly Buffer[])[]): Buffer {
  return Buffer.concat(parts.flat());
}
const int16 = (value: number) => Buffer.from(Uint8Array.of((value >> 8) & 0xff, value & 0xff));
const int32 = (value: number) => bytesOf(int16(value >> 16), int16(value));
const text = (value: string) => bytesOf(int16(Buffer.byteLength(value)), Buffer.from(value));
const list = (...items: Buffer[]) => bytesOf(int32(items.length), items);
const noBytes = int32(-1);

test('a subscription of version 0 has topics and no generation', () => {
  const bytes = bytesOf(int16(0), list(text('orders'), text('bills')), noBytes);
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders', 'bills'], generationId: null });
});

test('the generation stands behind user data and owned partitions from version 2 on', () => {
  const userData = bytesOf(int32(3), Buffer.from('abc'));
  const owned = list(bytesOf(text('orders'), list(int32(0), int32(4))));
  const bytes = bytesOf(int16(3), list(text('orders')), userData, owned, int32(6), text('rack-1'));
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders'], generationId: 6 });
});

test('a version 1 subscription ends with the owned partitions', () => {
  const bytes = bytesOf(int16(1), list(text('orders')), noBytes, list());
  assert.deepEqual(parseSubscription(bytes), { topics: ['orders'], generationId: null });
});

test('librdkafka writes generation -1 where it keeps none: unknown', () => {
  const bytes = bytesOf(int16(3), list(text('orders')), noBytes, list(), int32(-1), int16(-1));
  assert.equal(parseSubscription(bytes)?.generationId, null);
});

test('an assignment lists partitions by topic', () => {
  const bytes = bytesOf(int16(1), list(bytesOf(text('orders'), list(int32(2), int32(5)))), noBytes);
  assert.deepEqual(parseAssignment(bytes), [{ topic: 'orders', partitions: [2, 5] }]);
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
  const aBillionTopics = bytesOf(int16(0), int32(1_000_000_000));
  assert.equal(parseSubscription(aBillionTopics), null);
});
