import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import type { DemoGroup } from './workload.ts';

const groupId = 'hanging-transaction';
const partitions = 2;
/** Long enough for the group's usual pace to be learned. */
const wellForMs = 40_000;

/** A producer opens a transaction and never ends it; others go on writing behind it, and who reads committed records waits. */
export const hangingTransaction: DemoGroup = {
  groupId,
  finds: ['blocked-by-transaction', 'open-transaction'],
  shows: 'reads committed records only, and waits behind a transaction that nobody ends',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 10 });
    const config = { 'isolation.level': 'read_committed', 'auto.commit.interval.ms': 1_000 };
    await kafka.join(groupId, [topic], { config });
    // As long as the brokers allow: what hangs for longer no client can make.
    const producer = await kafka.transactionalProducer(groupId, { 'transaction.timeout.ms': 900_000 });
    void pause(wellForMs).then(async () => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: 'never committed' }] });
    });
  },
};
