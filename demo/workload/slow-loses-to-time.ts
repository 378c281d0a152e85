import { SteadyProducer } from './producer.ts';
import { type DemoGroup, joinSlowly, keptFor } from './workload.ts';

const groupId = 'slow-loses-to-time';
const partitions = 3;
const recordsPerSecond = 20;

/** Reads a quarter of what arrives; retention takes the rest after a minute and a half. */
export const slowLosesToTime: DemoGroup = {
  groupId,
  finds: ['will-lose-data', 'lost-data', 'lagging'],
  shows: 'falls behind; retention by time deletes unread records about two minutes after the start',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: keptFor(90) });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond });
    await joinSlowly(workload, topic, { partitions, recordsPerSecondEach: recordsPerSecond / partitions / 4 });
  },
};
