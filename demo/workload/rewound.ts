import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'rewound';
const partitions = 2;
const readsMs = 60_000;

/** Reads for a minute, stops, is set back to the beginning as by kafka-consumer-groups.sh --reset-offsets, and starts again. */
export const rewound: DemoGroup = {
  groupId,
  finds: ['rewound'],
  shows: 'somebody sets its offsets back to the beginning every minute: it reads everything again',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 40 });
    void forever(0, async () => {
      {
        await using _member = await kafka.join(groupId, [topic], { config: { 'auto.commit.interval.ms': 1_000 } });
        await pause(readsMs);
      }
      await kafka.commit(groupId, { [topic]: { 0: 0, 1: 0 } });
    });
  },
};
