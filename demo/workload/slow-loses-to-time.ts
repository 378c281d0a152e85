import { SteadyProducer } from './producer.ts';
import { type DemoGroup, fetchingLittle, slowly, timeLimited } from './workload.ts';

const groupId = 'slow-loses-to-time';
const partitions = 3;
const recordsPerSecond = 20;

/** Reads a quarter of what arrives; retention takes the rest after a minute and a half. */
export const slowLosesToTime: DemoGroup = {
  groupId,
  inTrouble: true,
  shows: 'falls behind; retention by time deletes unread records about two minutes after the start',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: timeLimited });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond });
    await kafka.join(groupId, [topic], { onRecord: slowly(recordsPerSecond / 4), config: fetchingLittle });
  },
};
