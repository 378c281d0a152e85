import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SteadyProducer } from './producer.ts';
import { type DemoGroup, forever } from './workload.ts';

const groupId = 'crash-loop';
const partitions = 3;
const member = join(import.meta.dirname, 'crash-loop-member.ts');

/** Two members that join, read a little, and die without a word; whoever restarts them does so for ever. */
export const crashLoop: DemoGroup = {
  groupId,
  finds: ['rebalance-storm'],
  shows: 'members join and die; the group rebalances again and again instead of reading',
  async start(workload) {
    const { kafka } = workload;
    const topic = await kafka.createTopic(groupId, { partitions });
    await kafka.commit(groupId, { [topic]: { 0: 0, 1: 0, 2: 0 } });
    new SteadyProducer(workload, topic, { partitions, recordsPerSecond: 5 });
    for (const delayMs of [0, 6_000]) void restartForEver(kafka.bootstrapServers, delayMs);
  },
};

async function restartForEver(bootstrapServers: string, delayMs: number): Promise<never> {
  await pause(delayMs);
  return await forever(4_000, async () => {
    // Its input is a pipe that ends with us, so that it does not outlive the demo.
    const running = spawn(process.execPath, [member, groupId, bootstrapServers], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    await once(running, 'exit');
  });
}
