import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'kip-848';
const partitions = 4;

export const kip848: DemoGroup = {
  groupId,
  finds: [],
  shows: 'two members of the new group protocol (KIP-848) keep up',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 12 });
    const options = { groupProtocol: 'consumer', config: { 'auto.commit.interval.ms': 1_000 } } as const;
    await kafka.join(groupId, [topic], options);
    await kafka.join(groupId, [topic], options);
  },
};
