import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'bursty-commits';
const partitions = 3;

export const burstyCommits: DemoGroup = {
  groupId,
  finds: [],
  shows: 'commits every 30 s: the lag is a sawtooth, and its lower edge stays at nothing',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 9 });
    await kafka.join(groupId, [topic], { config: { 'auto.commit.interval.ms': 30_000 } });
  },
};
