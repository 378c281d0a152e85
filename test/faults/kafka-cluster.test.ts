import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { metadataV12 } from '@platformatic/kafka';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { until } from '../support/until.ts';
import { connected } from '../support/wire.ts';

const cluster = await KafkaCluster.start();
after(() => cluster[Symbol.asyncDispose]());

/** The brokers that broker 1 counts among the living. */
async function livingBrokers(): Promise<number[]> {
  await using connection = await connected(cluster.broker(1).address);
  const metadata = await metadataV12.api.async(connection, []);
  return metadata.brokers.map((broker) => broker.nodeId).sort();
}

test('a killed broker leaves the living, and comes back with its data', async () => {
  const broker = cluster.broker(3);
  await broker.kill();
  assert.equal(broker.pid, undefined);
  await until('broker 3 is missed', async () => (await livingBrokers()).join() === '1,2', { withinMs: 60_000 });
  broker.start();
  await cluster.untilAllServe();
  assert.deepEqual(await livingBrokers(), [1, 2, 3]);
});

test('a frozen broker is alive, answers nothing, and goes on', async () => {
  const broker = cluster.broker(2);
  broker.freeze();
  assert.ok(broker.isRunning);
  await until('broker 2 is missed', async () => (await livingBrokers()).join() === '1,3', { withinMs: 60_000 });
  broker.thaw();
  await cluster.untilAllServe();
});

test('when the process that started it is killed, brokers and data go too', async () => {
  const script = `
    import { KafkaCluster } from ${JSON.stringify(new URL('../support/kafka-cluster.ts', import.meta.url).href)};
    const cluster = await KafkaCluster.start({ brokers: 2 });
    // A frozen broker ends by kill -9 alone, not because its data are gone.
    for (const broker of cluster.brokers) broker.freeze();
    const pids = cluster.brokers.map((broker) => broker.pid);
    process.stdout.write(JSON.stringify({ pids, folder: cluster.folder }));
    process.stdin.resume();
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [started] = await once(owner.stdout, 'data');
  const { pids, folder } = JSON.parse(String(started)) as { pids: number[]; folder: string };
  assert.ok(existsSync(folder) && pids.length === 2 && pids.every(isAlive));
  owner.kill('SIGKILL');
  await until('brokers and folder are gone', () => !pids.some(isAlive) && !existsSync(folder));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
