import { until } from '../../test/support/until.ts';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'batch-job';
const partitions = 3;

/** Comes once a minute, reads all that has gathered, commits and leaves. */
export const batchJob: DemoGroup = {
  groupId,
  finds: [],
  shows: 'has no members most of the time; reads everything once a minute',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    const producer = new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 9 });
    let read = 0;
    void forever(60_000, async () => {
      const unread = producer.sentPerPartition * partitions - read;
      if (unread === 0) return;
      await using member = await kafka.join(groupId, [topic]);
      await until('the batch is read', () => member.consumed >= unread, { withinMs: 120_000 });
      read += member.consumed;
    });
  },
};
