export interface TopicPartitionList {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Kafka's ConsumerProtocolSubscription, version 0: what a member says it wants to read. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  return Buffer.concat([int16(0), int32(topics.length), ...topics.map(string), noUserData()]);
}

/** Kafka's ConsumerProtocolAssignment, version 0: what a member is given. */
export function encodeAssignment(assignment: readonly TopicPartitionList[]): Buffer {
  const topics = assignment.flatMap(({ topic, partitions }) => [
    string(topic),
    int32(partitions.length),
    ...partitions.map(int32),
  ]);
  return Buffer.concat([int16(0), int32(assignment.length), ...topics, noUserData()]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([int16(bytes.length), bytes]);
}

function noUserData(): Buffer {
  return int32(-1);
}
