import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'healthy';
const partitions = 6;

export const healthy: DemoGroup = {
  groupId,
  finds: [],
  shows: 'two members keep up and commit every second',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 18 });
    const config = { 'auto.commit.interval.ms': 1_000 };
    await Promise.all([kafka.join(groupId, [topic], { config }), kafka.join(groupId, [topic], { config })]);
  },
};
