import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, keptFor } from './workload.ts';

const groupId = 'poison-message';
const partitions = 4;
const poison = { partition: 2, offset: 30 };

/** One record that can never be processed is read again and again; the other partitions go on. */
export const poisonMessage: DemoGroup = {
  groupId,
  finds: ['stuck-partition'],
  shows: `partition ${poison.partition} stands at offset ${poison.offset} while the others move; what waits behind it dies after an hour`,
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: keptFor(3_600) });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 12 });
    await kafka.join(groupId, [topic], {
      concurrency: partitions,
      config: { 'auto.commit.interval.ms': 1_000 },
      async onRecord({ partition, message }) {
        if (partition !== poison.partition || Number(message.offset) !== poison.offset) return;
        await pause(2_000);
        throw new Error('this record cannot be processed');
      },
    });
  },
};
