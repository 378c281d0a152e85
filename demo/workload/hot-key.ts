import { SteadyProducer } from './producer.ts';
import { type DemoGroup, joinSlowly } from './workload.ts';

const groupId = 'hot-key';
const partitions = 4;
/** Each member reads so many records a second: enough for every partition but the one of the hot key. */
const recordsPerSecondEach = 10;

/** Most records carry the same key, and so all go to one partition; more members would not help. */
export const hotKey: DemoGroup = {
  groupId,
  finds: ['hot-partition', 'lagging'],
  shows: 'partition 0 gets most records, for they share a key: it falls behind, the others keep up',
  async start(workload) {
    const topic = await workload.kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 8 });
    // As if by key: all of these to the first partition.
    new SteadyProducer(workload, topic, { partitions: 1, recordsPerSecond: 18 });
    await joinSlowly(workload, topic, { partitions, recordsPerSecondEach });
  },
};
