import { setTimeout as pause } from 'node:timers/promises';
import { appendToAll, SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'steady-high-lag';
const partitions = 3;
/** Records on each partition between the end and the consumer. */
const distance = 2_000;

/** Follows at a constant distance: reads one record for each that arrives. */
export const steadyHighLag: DemoGroup = {
  groupId,
  finds: [],
  shows: `stays ${distance * partitions} records behind: much, but never more`,
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    await appendToAll(workload, topic, { partitions, recordsEach: distance });
    const producer = new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 30 });
    await kafka.join(groupId, [topic], {
      concurrency: partitions,
      config: { 'auto.commit.interval.ms': 1_000 },
      async onRecord({ message }) {
        while (Number(message.offset) >= producer.sentPerPartition) await pause(200);
      },
    });
  },
};
