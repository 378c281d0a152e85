import type { TopicPartitions } from '../../model/snapshot.ts';

/** What a member of a classic consumer group told its coordinator when it joined (ConsumerProtocolSubscription). */
export interface Subscription {
  topics: readonly string[];
  /** Generation in which it was written (KIP-792); null before version 2, and where the client writes -1. */
  generationId: number | null;
}

const generationVersion = 2;
const ownedPartitionsVersion = 1;

/**
 * Reads a member's subscription. Bytes are the client's own: anything may stand there.
 * @returns null where they are no subscription (empty outside of Stable)
 */
export function parseSubscription(bytes: Buffer): Subscription | null {
  return readOrNull(bytes, (reader) => {
    const version = reader.int16();
    const topics = reader.array(() => reader.string());
    reader.skipBytes();
    if (version < generationVersion) return { topics, generationId: null };
    if (version >= ownedPartitionsVersion) reader.topicPartitions();
    const generationId = reader.int32();
    return { topics, generationId: generationId >= 0 ? generationId : null };
  });
}

/**
 * Reads what the leader assigned to a member (ConsumerProtocolAssignment).
 * @returns null where the bytes are no assignment (empty outside of Stable)
 */
export function parseAssignment(bytes: Buffer): readonly TopicPartitions[] | null {
  return readOrNull(bytes, (reader) => {
    reader.int16();
    return reader.topicPartitions();
  });
}

function readOrNull<T>(bytes: Buffer, read: (reader: ProtocolReader) => T): T | null {
  if (bytes.length === 0) return null;
  try {
    return read(new ProtocolReader(bytes));
  } catch (error) {
    // The end of the bytes came too soon, or a length makes no sense.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The older, fixed-length encoding. Every read checks its bounds: RangeError. */
class ProtocolReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#position += 2;
    return this.#bytes.readInt16BE(this.#position - 2);
  }

  int32(): number {
    this.#position += 4;
    return this.#bytes.readInt32BE(this.#position - 4);
  }

  string(): string {
    const length = this.#checked(this.int16());
    this.#position += length;
    return this.#bytes.toString('utf8', this.#position - length, this.#position);
  }

  /** Nullable: -1 is none. */
  skipBytes(): void {
    const length = this.int32();
    if (length >= 0) this.#position += this.#checked(length);
  }

  array<T>(item: () => T): T[] {
    const length = this.#checked(this.int32());
    return Array.from({ length }, item);
  }

  topicPartitions(): TopicPartitions[] {
    return this.array(() => ({ topic: this.string(), partitions: this.array(() => this.int32()) }));
  }

  #checked(length: number): number {
    if (length < 0 || length > this.#bytes.length - this.#position) throw new RangeError(`a length of ${length}`);
    return length;
  }
}
