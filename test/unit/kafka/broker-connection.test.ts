import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { BrokerConnection } from '../../../src/kafka/wire/broker-connection.ts';
import { apiVersions, describeCluster } from '../../../src/kafka/wire/messages.ts';
import { Traffic } from '../../../src/kafka/wire/traffic.ts';
import { TidemarkError } from '../../../src/model/errors.ts';
import { until } from '../../support/until.ts';

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
  broker = connectionTo(server, 60_000);
});

afterEach(async () => {
  await broker.close();
  server.close();
});

function connectionTo(peer: Server, requestTimeoutMs: number): BrokerConnection {
  const address = peer.address();
  assert.ok(address !== null && typeof address === 'object');
  const options = { clientId: 'test', connectTimeoutMs: 60_000, requestTimeoutMs };
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  return new BrokerConnection({ host: '127.0.0.1', port: address.port }, options, new Traffic(), clock);
}

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

test('who falls silent is not asked again by a question that waited behind the first', async () => {
  const sockets: Socket[] = [];
  let isSilent = false;
  const fallsSilent = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (request) => {
      const isGreeting = request.readInt16BE(4) === apiVersions.key;
      if (!isSilent) socket.write(answered(request, isGreeting ? speaksDescribeCluster : noCluster));
    });
  }).listen(0, '127.0.0.1');
  await once(fallsSilent, 'listening');
  const { signal } = new AbortController();
  const asked = connectionTo(fallsSilent, 100);
  try {
    await until('it has answered in time', async () => {
      nowMs += 60_000; // what a slow machine missed is soon asked again
      return (await asked.ask(describeCluster, [], signal)) !== undefined;
    });
    isSilent = true;
    const connected = sockets.length;
    const first = Promise.allSettled([asked.ask(describeCluster, [], signal)]);
    // Sent later, its time is up later: when the first one's is, it still waits.
    const later = performance.now() + 20;
    await until('a while has passed', () => performance.now() > later, { everyMs: 5 });
    const second = Promise.allSettled([asked.ask(describeCluster, [], signal)]);
    const inVain = (await Promise.all([first, second])).flat();
    for (const outcome of inVain) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof TidemarkError);
      assert.equal(outcome.reason.code, 'upstream.timeout');
    }
    assert.equal(sockets.length, connected, 'nobody connected anew to wait as long again');
  } finally {
    await asked.close();
    for (const socket of sockets) socket.destroy();
    fallsSilent.close();
  }
});

/** No error, one API (DescribeCluster in version 0), no throttle, no tags: as ApiVersions 3 has it. */
const speaksDescribeCluster = [0, 0, 2, 0, describeCluster.key, 0, 0, 0, 0, 0, ...[0, 0, 0, 0], 0];
/** Tags of the header, throttle, no error and no message, empty id, controller 0, no brokers, no operations, no tags. */
const noCluster = [0, ...[0, 0, 0, 0], 0, 0, 0, 1, ...[0, 0, 0, 0], 1, ...[0, 0, 0, 0], 0];

/** The answer to a request: its length and correlation id first. */
function answered(request: Buffer, body: readonly number[]): Buffer {
  return Buffer.from([0, 0, 0, 4 + body.length, ...request.subarray(8, 12), ...body]);
}
