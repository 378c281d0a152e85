import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { BrokerConnection } from '../../../src/kafka/wire/broker-connection.ts';
import { describeCluster } from '../../../src/kafka/wire/messages.ts';
import { Traffic } from '../../../src/kafka/wire/traffic.ts';
import { TidemarkError } from '../../../src/model/errors.ts';

/** Somebody who takes connections and hangs up at once. */
let server: Server;
let attempts = 0;
let nowMs = 0;
let broker: BrokerConnection;

beforeEach(async () => {
  attempts = 0;
  nowMs = 1_000;
  server = createServer((socket) => {
    attempts++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const options = { clientId: 'test', connectTimeoutMs: 60_000, requestTimeoutMs: 60_000 };
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  broker = new BrokerConnection({ host: '127.0.0.1', port: address.port }, options, new Traffic(), clock);
});

afterEach(async () => {
  await broker.close();
  server.close();
});

async function askInVain(): Promise<TidemarkError> {
  try {
    await broker.ask(describeCluster, [], new AbortController().signal);
  } catch (error) {
    assert.ok(error instanceof TidemarkError);
    return error;
  }
  return assert.fail('it should not have answered');
}

test('after a failure the broker is left alone for a while, each time for longer; the error stays the same', async () => {
  const first = await askInVain();
  assert.equal(first.code, 'upstream.unreachable');
  assert.equal(await askInVain(), first);
  assert.equal(attempts, 1);
  const attemptsAfter = async (ms: number): Promise<number> => {
    nowMs += ms;
    await askInVain();
    return attempts;
  };
  assert.equal(await attemptsAfter(499), 1);
  assert.equal(await attemptsAfter(1), 2);
  assert.equal(await attemptsAfter(999), 2);
  assert.equal(await attemptsAfter(1), 3);
  for (let doubling = 0; doubling < 10; doubling++) await attemptsAfter(5_000);
  assert.equal(attempts, 13, 'never longer than 5 s where somebody hangs up');
});

test('questions at the same time share one attempt', async () => {
  const errors = await Promise.all([askInVain(), askInVain(), askInVain()]);
  assert.equal(attempts, 1);
  assert.equal(new Set(errors).size, 1);
  assert.equal(broker.isUp, false);
});
