import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'gives-up-on-some';
const partitions = 2;
/** Every so many-th record cannot be processed. */
const failsEvery = 20;

/** Gives up on some records, and puts them into a dead letter topic that nobody reads. */
export const givesUpOnSome: DemoGroup = {
  groupId,
  finds: ['dead-letter-growing'],
  shows: `keeps up, but gives up on every ${failsEvery}th record: its dead letter topic grows, and nobody reads that`,
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    const deadLetters = await kafka.createTopic(`${groupId}.dlq`);
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 20 });
    await kafka.join(groupId, [topic], {
      config: { 'auto.commit.interval.ms': 1_000 },
      async onRecord({ message }) {
        if (Number(message.offset) % failsEvery === 0) await kafka.produce(deadLetters, 1);
      },
    });
  },
};
