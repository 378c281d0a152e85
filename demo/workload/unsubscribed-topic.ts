import { appendToAll, SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'unsubscribed-topic';
const partitions = 2;
const recordsBefore = 20;

/** Read one topic until it was subscribed to another; its old commits stay behind while the old topic grows. */
export const unsubscribedTopic: DemoGroup = {
  groupId,
  finds: [],
  shows: `reads ${groupId}-new; its commits on ${groupId}-old are left from before`,
  async start(workload) {
    const { kafka } = workload;
    const before = await kafka.createTopic(`${groupId}-old`, { partitions });
    await appendToAll(workload, before, { partitions, recordsEach: recordsBefore });
    await kafka.consume(groupId, before, recordsBefore * partitions);
    new SteadyProducer(workload, before, { partitions, recordsPerSecond: 2 });

    const after = await kafka.createTopic(`${groupId}-new`, { partitions });
    new SteadyProducer(workload, after, { partitions, recordsPerSecond: 6 });
    await kafka.join(groupId, [after], { config: { 'auto.commit.interval.ms': 1_000 } });
  },
};
