import type { DemoGroup } from './workload.ts';

const groupId = 'transactional';
const partitions = 2;

/** Some transactions, then silence: a marker stands after the last record of each partition, and nobody commits past it. */
export const transactional: DemoGroup = {
  groupId,
  finds: [],
  shows: 'stands at a lag of 1 a partition for ever: the transaction markers of an idle topic',
  async start({ kafka }) {
    const topic = await kafka.createTopic(groupId, { partitions });
    await kafka.join(groupId, [topic], { config: { 'isolation.level': 'read_committed' } });
    const producer = await kafka.transactionalProducer(groupId);
    for (let each = 0; each < 5; each++) {
      const transaction = await producer.transaction();
      const messages = Array.from({ length: 10 * partitions }, (_, record) => ({
        partition: record % partitions,
        value: `transaction ${each}`,
      }));
      await transaction.send({ topic, messages });
      await transaction.commit();
    }
    await producer.disconnect();
  },
};
