import { SteadyProducer } from './producer.ts';
import { type DemoGroup, joinSlowly } from './workload.ts';

const groupId = 'slow-loses-to-size';
const partitions = 2;
const valueBytes = 4_000;
/** 50 kB/s into each partition: retention's 4 MiB and a segment are full in a minute and three quarters. */
const recordsPerSecond = 25;

/** Reads a quarter of what arrives; the partition is full long before it gets there. */
export const slowLosesToSize: DemoGroup = {
  groupId,
  finds: ['will-lose-data', 'lost-data', 'lagging'],
  shows: 'falls behind; retention by size deletes unread records about two minutes after the start',
  async start(workload) {
    const { kafka } = workload;
    const config = { 'retention.bytes': '4194304', 'segment.bytes': '1048576' };
    const topic = await kafka.createTopic(groupId, { partitions, config });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond, valueBytes });
    await joinSlowly(workload, topic, { partitions, recordsPerSecondEach: recordsPerSecond / partitions / 4 });
  },
};
