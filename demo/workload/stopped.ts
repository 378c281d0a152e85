import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, keptFor } from './workload.ts';

const groupId = 'stopped';
const partitions = 3;
/** Long enough for more than twenty commits that are seen, from which its habit is learned: a busy machine misses half of the polls. */
const livesMs = 120_000;

/** Reads with a commit a second for two minutes, then leaves for good while records go on arriving. */
export const stopped: DemoGroup = {
  groupId,
  finds: ['stopped'],
  shows: 'its only member leaves after two minutes, and unread records pile up and die after an hour',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: keptFor(3_600) });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 6 });
    const member = await kafka.join(groupId, [topic], { config: { 'auto.commit.interval.ms': 1_000 } });
    void pause(livesMs).then(() => member[Symbol.asyncDispose]());
  },
};
