/** The older, fixed-length encoding of Kafka, in which the members of consumer groups talk to each other. */

export function int16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 0xff, value & 0xff]);
}

export function int32(value: number): Buffer {
  return Buffer.concat([int16(value >> 16), int16(value)]);
}

export function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function list(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items]);
}

/** A null where bytes could stand. */
export const noBytes: Buffer = int32(-1);

/** A subscription of version 3, as Java clients since 3.5 write it. */
export function subscriptionBytes(topics: readonly string[], generationId: number): Buffer {
  const [version, noRack] = [int16(3), int16(-1)];
  return Buffer.concat([version, list(...topics.map(text)), noBytes, list(), int32(generationId), noRack]);
}

/** An assignment of version 1: partitions of one topic. */
export function assignmentBytes(topic: string, partitions: readonly number[]): Buffer {
  return Buffer.concat([int16(1), list(Buffer.concat([text(topic), list(...partitions.map(int32))])), noBytes]);
}
