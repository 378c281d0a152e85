import { appendToAll, SteadyProducer } from './producer.ts';
import { type DemoGroup, joinSlowly, keptFor } from './workload.ts';

const groupId = 'already-losing';
const partitions = 3;
const hourMs = 3_600_000;

/** Committed at the beginning of records that are past their retention when the brokers get them. */
export const alreadyLosing: DemoGroup = {
  groupId,
  finds: ['lost-data', 'lagging'],
  // In the seconds before the first loss.
  mayFind: ['will-lose-data'],
  shows: 'loses from the first look on: the log start runs ahead of what it has committed',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: keptFor(20) });
    await appendToAll(workload, topic, { partitions, recordsEach: 500, timestampMs: Date.now() - hourMs });
    await kafka.commit(groupId, { [topic]: { 0: 0, 1: 0, 2: 0 } });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 20 });
    await joinSlowly(workload, topic, { partitions, recordsPerSecondEach: 1 });
  },
};
