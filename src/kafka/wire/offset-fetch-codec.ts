import type { GroupCommits, TopicOffsets } from '../../model/snapshot.ts';
import { FlatReader } from './flat-reader.ts';
import { FlatWriter } from './flat-writer.ts';

/** Partitions of one group whose committed offset the coordinator would not give. */
export interface RejectedCommit {
  topic: string;
  partition: number;
  errorCode: number;
}

export interface FetchedGroup extends GroupCommits {
  errorCode: number;
  rejected: RejectedCommit[];
}

export interface OffsetFetchResponse {
  throttleTimeMs: number;
  groups: FetchedGroup[];
}

/** The first version that carries a member's identity (KIP-848); ours is none. */
const memberVersion = 9;

/** OffsetFetch request, versions 8 (KIP-709: many groups) and 9, for all topics; unstable offsets are what a lag is measured from. */
export function encodeOffsetFetch(version: number, groupIds: readonly string[]): Buffer {
  const writer = new FlatWriter().arrayLength(groupIds.length);
  for (const groupId of groupIds) {
    writer.string(groupId);
    if (version >= memberVersion) writer.string(null).int32(-1);
    writer.nullArray().noTags();
  }
  const requireStable = 0;
  return writer.int8(requireStable).noTags().bytes;
}

/** OffsetFetch response, versions 8 and 9. */
export function decodeOffsetFetch(bytes: Buffer): OffsetFetchResponse {
  const reader = new FlatReader(bytes);
  const throttleTimeMs = reader.int32();
  const groups: FetchedGroup[] = [];
  for (let left = reader.arrayLength(); left > 0; left--) groups.push(decodeGroup(reader));
  return { throttleTimeMs, groups };
}

function decodeGroup(reader: FlatReader): FetchedGroup {
  const groupId = reader.string();
  const topics: TopicOffsets[] = [];
  const rejected: RejectedCommit[] = [];
  for (let left = reader.arrayLength(); left > 0; left--) {
    const read = decodeTopic(reader, rejected);
    if (read.partitions.length > 0) topics.push(read);
  }
  const errorCode = reader.int16();
  reader.skipTags();
  return { groupId, topics, errorCode, rejected };
}

function decodeTopic(reader: FlatReader, rejected: RejectedCommit[]): TopicOffsets {
  const topic = reader.string();
  const partitions: number[] = [];
  const offsets: number[] = [];
  for (let left = reader.arrayLength(); left > 0; left--) {
    const partition = reader.int32();
    const offset = reader.int64();
    reader.int32(); // leader epoch of the commit
    reader.skipString(); // the client's own note
    const errorCode = reader.int16();
    reader.skipTags();
    if (errorCode !== 0) rejected.push({ topic, partition, errorCode });
    else if (offset >= 0) {
      partitions.push(partition);
      offsets.push(offset);
    }
  }
  reader.skipTags();
  return { topic, partitions, offsets };
}
