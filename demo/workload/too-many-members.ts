import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'too-many-members';
const partitions = 2;
const members = 3;

/** Scaled up beyond what its topic allows: one of three members reads nothing. */
export const tooManyMembers: DemoGroup = {
  groupId,
  finds: ['idle-members'],
  shows: 'has a member more than its topic has partitions, which does nothing',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 10 });
    const member = () =>
      kafka.join(groupId, [topic], { awaitsAssignment: false, config: { 'auto.commit.interval.ms': 1_000 } });
    await Promise.all(Array.from({ length: members }, member));
  },
};
