import { FlatReader } from './flat-reader.ts';
import { FlatWriter } from './flat-writer.ts';

/** Kafka's special timestamps of ListOffsets. */
export const earliestTimestamp = -2;
export const latestTimestamp = -1;

/** Sees open transactions' records or not: decides whether `latest` is the high watermark or the last stable offset. */
export const isolation = { readUncommitted: 0, readCommitted: 1 } as const;

export interface ListOffsetsTopic {
  topic: string;
  partitions: number[];
  /** Our knowledge of each leader's epoch: a broker that knows better answers FENCED or UNKNOWN_LEADER_EPOCH (KIP-320). */
  leaderEpochs: number[];
  timestamps: number[];
}

/** Parallel arrays. */
export interface ListedOffsets {
  topic: string;
  partitions: number[];
  errorCodes: number[];
  /** -1 where no record is at or after the timestamp. */
  offsets: number[];
}

export interface ListOffsetsResponse {
  throttleTimeMs: number;
  topics: ListedOffsets[];
}

const consumerReplicaId = -1;

/** ListOffsets request, versions 7 to 9 (KIP-405 and KIP-1005 only added meanings of timestamps). */
export function encodeListOffsets(isolationLevel: number, topics: readonly ListOffsetsTopic[]): Buffer {
  const writer = new FlatWriter().int32(consumerReplicaId).int8(isolationLevel).arrayLength(topics.length);
  for (const { topic, partitions, leaderEpochs, timestamps } of topics) {
    writer.string(topic).arrayLength(partitions.length);
    for (let i = 0; i < partitions.length; i++) {
      writer.int32(partitions[i]!).int32(leaderEpochs[i]!).int64(timestamps[i]!).noTags();
    }
    writer.noTags();
  }
  return writer.noTags().bytes;
}

/** ListOffsets response, versions 7 to 9. */
export function decodeListOffsets(bytes: Buffer): ListOffsetsResponse {
  const reader = new FlatReader(bytes);
  const throttleTimeMs = reader.int32();
  const topics: ListedOffsets[] = [];
  for (let topicsLeft = reader.arrayLength(); topicsLeft > 0; topicsLeft--) {
    const listed: ListedOffsets = { topic: reader.string(), partitions: [], errorCodes: [], offsets: [] };
    for (let left = reader.arrayLength(); left > 0; left--) {
      listed.partitions.push(reader.int32());
      listed.errorCodes.push(reader.int16());
      reader.int64(); // the timestamp found
      listed.offsets.push(reader.int64());
      reader.int32(); // leader epoch of the record found
      reader.skipTags();
    }
    reader.skipTags();
    topics.push(listed);
  }
  return { throttleTimeMs, topics };
}
