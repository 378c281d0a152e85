import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'purged-like-streams';
const partitions = 2;

/** As Kafka Streams keeps its repartition topics: kept for ever, and deleted up to the commit every few seconds. */
export const purgedLikeStreams: DemoGroup = {
  groupId,
  finds: [],
  shows: 'its own purges move the log start to its commits; nothing unread is deleted',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions, config: { 'retention.ms': '-1' } });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 10 });
    await kafka.join(groupId, [topic], { config: { 'auto.commit.interval.ms': 1_000 } });
    void forever(5_000, async () => {
      for (let partition = 0; partition < partitions; partition++) {
        const committed = await kafka.committedOffset(groupId, topic, partition);
        if (committed !== undefined) await kafka.deleteRecords(topic, partition, committed);
      }
    });
  },
};
