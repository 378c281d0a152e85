import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listOffsetsV7, listOffsetsV9, offsetFetchV8, offsetFetchV9, Writer } from '@platformatic/kafka';
import fc from 'fast-check';
import { FlatReader } from '../../../src/kafka/wire/flat-reader.ts';
import { FlatWriter } from '../../../src/kafka/wire/flat-writer.ts';
import { decodeListOffsets, encodeListOffsets } from '../../../src/kafka/wire/list-offsets-codec.ts';
import { decodeOffsetFetch, encodeOffsetFetch } from '../../../src/kafka/wire/offset-fetch-codec.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const offset = fc.maxSafeInteger();

test('numbers and strings come back as they were written', () => {
  fc.assert(
    fc.property(int32, offset, fc.nat(), fc.string({ unit: 'grapheme', maxLength: 300 }), (int, long, varInt, text) => {
      const bytes = new FlatWriter().int32(int).int64(long).unsignedVarInt(varInt).string(text).bytes;
      const reader = new FlatReader(bytes);
      assert.deepEqual(
        [reader.int32(), reader.int64(), reader.unsignedVarInt(), reader.string()],
        [int, long, varInt, text],
      );
    }),
  );
});

test('a string longer than the first buffer is written whole', () => {
  const long = 'é'.repeat(10_000);
  assert.equal(new FlatReader(new FlatWriter().string(long).bytes).string(), long);
});

const requestTopics = fc.array(
  fc.record({
    topic: fc.string(),
    partitions: fc.array(fc.record({ partition: fc.nat(), epoch: int32, timestampMs: offset }), { maxLength: 5 }),
  }),
  { maxLength: 5 },
);

test("a ListOffsets request is the library's, byte for byte, in all versions", () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1), requestTopics, (isolationLevel, topics) => {
      const ours = encodeListOffsets(
        isolationLevel,
        topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map(({ partition }) => partition),
          leaderEpochs: partitions.map(({ epoch }) => epoch),
          timestamps: partitions.map(({ timestampMs }) => timestampMs),
        })),
      );
      for (const library of [listOffsetsV7, listOffsetsV9]) {
        const theirs = library.createRequest(
          -1,
          isolationLevel,
          topics.map(({ topic, partitions }) => ({
            name: topic,
            partitions: partitions.map(({ partition, epoch, timestampMs }) => ({
              partitionIndex: partition,
              currentLeaderEpoch: epoch,
              timestamp: BigInt(timestampMs),
            })),
          })),
        );
        assert.deepEqual(ours, theirs.buffer);
      }
    }),
  );
});

test("an OffsetFetch request is the library's, byte for byte, in both versions", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (groupIds) => {
      const topics = null as never; // all topics: the library's type does not know it
      const groups = groupIds.map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics }));
      const eighth = offsetFetchV8.createRequest(groups, false);
      const ninth = offsetFetchV9.createRequest(groups, false);
      assert.deepEqual(encodeOffsetFetch(8, groupIds), eighth.buffer);
      assert.deepEqual(encodeOffsetFetch(9, groupIds), ninth.buffer);
    }),
  );
});

test('a ListOffsets answer keeps the error of one partition beside the offset of another', () => {
  const bytes = Writer.create()
    .appendInt32(25)
    .appendArray(['orders'], (writer, topic) => {
      writer.appendString(topic).appendArray(
        [
          { partition: 0, errorCode: 0, offset: 2n ** 40n },
          { partition: 7, errorCode: 6, offset: -1n },
        ],
        (w, { partition, errorCode, offset: at }) => {
          w.appendInt32(partition).appendInt16(errorCode).appendInt64(-1n).appendInt64(at).appendInt32(3);
        },
      );
    })
    .appendTaggedFields().buffer;
  assert.deepEqual(decodeListOffsets(bytes), {
    throttleTimeMs: 25,
    topics: [{ topic: 'orders', partitions: [0, 7], errorCodes: [0, 6], offsets: [2 ** 40, -1] }],
  });
});

test('an OffsetFetch answer has commits only, errors by partition and by group, and skips tags it does not know', () => {
  const unknownTag = Buffer.from([1, 9, 2, 0xaa, 0xbb]);
  const partitions = [
    { partition: 0, offset: 5n, errorCode: 0 },
    { partition: 1, offset: -1n, errorCode: 0 },
    { partition: 2, offset: -1n, errorCode: 29 },
  ];
  const bytes = Writer.create()
    .appendInt32(0)
    .appendArray(
      ['billing', 'audit'],
      (writer, groupId) => {
        writer.appendString(groupId).appendArray(groupId === 'billing' ? ['orders'] : [], (w, topic) => {
          w.appendString(topic).appendArray(partitions, (p, { partition, offset: at, errorCode }) => {
            p.appendInt32(partition).appendInt64(at).appendInt32(-1).appendString('a note').appendInt16(errorCode);
          });
        });
        writer.appendInt16(groupId === 'audit' ? 14 : 0).append(unknownTag);
      },
      true,
      false,
    )
    .appendTaggedFields().buffer;
  assert.deepEqual(decodeOffsetFetch(bytes).groups, [
    {
      groupId: 'billing',
      topics: [{ topic: 'orders', partitions: [0], offsets: [5] }],
      errorCode: 0,
      rejected: [{ topic: 'orders', partition: 2, errorCode: 29 }],
    },
    { groupId: 'audit', topics: [], errorCode: 14, rejected: [] },
  ]);
});

test('an answer that ends too soon is an error, not a guess', () => {
  assert.throws(() => decodeListOffsets(Buffer.from([0, 0, 0, 0, 5, 3])), RangeError);
});
