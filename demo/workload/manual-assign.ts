import librdkafka, { type KafkaConsumer, type Message } from '@confluentinc/kafka-javascript';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'manual-assign';
const partitions = 2;

/** Takes its partitions by itself, as Flink does: Kafka shows the group as Empty for ever, though it commits. */
export const manualAssign: DemoGroup = {
  groupId,
  finds: [],
  shows: 'has no members, yet reads: its commits move',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 6 });
    const consumer = new librdkafka.KafkaConsumer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'group.id': groupId, 'enable.auto.commit': false },
      { 'auto.offset.reset': 'earliest' },
    );
    await connect(consumer);
    // A round ends with the first lull that long.
    consumer.setDefaultConsumeTimeout(200);
    consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
    void forever(1_000, async () => {
      const last = new Map<number, Message>();
      for (const message of await consume(consumer, 100)) last.set(message.partition, message);
      for (const message of last.values()) consumer.commitMessage(message);
    });
  },
};

function connect(consumer: KafkaConsumer): Promise<void> {
  return new Promise((resolve, reject) => {
    consumer.connect({}, (error) => (error ? reject(error) : resolve()));
  });
}

function consume(consumer: KafkaConsumer, atMost: number): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    consumer.consume(atMost, (error, messages) => (error ? reject(error) : resolve(messages)));
  });
}
