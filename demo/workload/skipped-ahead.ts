import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'skipped-ahead';
const partitions = 2;
const recordsPerSecond = 40;
const readsMs = 45_000;
/** Away long enough for unread records to pile up, and for two polls to see the group without members. */
const awayMs = 12_000;

/** Stops for a while, and somebody sets it ahead to the end so that it need not read what has come meanwhile. */
export const skippedAhead: DemoGroup = {
  groupId,
  finds: ['skipped'],
  shows: 'each time it stops for a moment, somebody sets its offsets to the end: what came meanwhile is never read',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    const producer = new SteadyProducer(workload, topic, { partitions, recordsPerSecond });
    void forever(0, async () => {
      {
        await using _member = await kafka.join(groupId, [topic], { config: { 'auto.commit.interval.ms': 1_000 } });
        await pause(readsMs);
      }
      await pause(awayMs);
      const end = producer.sentPerPartition;
      await kafka.commit(groupId, { [topic]: { 0: end, 1: end } });
      await pause(awayMs / 2);
    });
  },
};
