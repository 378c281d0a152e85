import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { BrokerConnection } from '../../../src/kafka/wire/broker-connection.ts';
import { BrokerPool } from '../../../src/kafka/wire/broker-pool.ts';
import { apiVersions, describeCluster } from '../../../src/kafka/wire/messages.ts';
import { Traffic } from '../../../src/kafka/wire/traffic.ts';
import { TidemarkError } from '../../../src/model/errors.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { until } from '../../support/until.ts';

const megabyte = 2 ** 20;

/** What the peer sends to a first request, and what is said of it. */
const strangers: readonly [string, (request: Buffer) => Uint8Array, RegExp][] = [
  ['a negative length', () => int32(-1, 1), /no answer of Kafka, it begins with a length of -1 bytes/],
  ['no length', () => int32(0, 0), /a length of 0 bytes/],
  ['a length without room for the id', () => Buffer.from([0, 0, 0, 2, 0, 0]), /a length of 2 bytes/],
  ['the longest length there is', () => int32(2 ** 31 - 1), /a length of 2147483647 bytes/],
  ['more than a greeting has', (request) => framed(request, Buffer.alloc(2 * megabyte)), /a length of 2097156 bytes/],
  ['HTTP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /it begins with "HTTP\/1.1 400 Bad Request"/],
  ['SSH, with a command for the terminal', () => Buffer.from('SSH-2.0\u001b[2J\r\n'), /it begins with "SSH-2.0"$/],
  ['a TLS alert', () => Buffer.from([0x15, 3, 3, 0, 2, 2, 0x32]), /expects TLS, and tidemark speaks to plaintext/],
  ['an answer to another question', () => int32(8, 999_999, 0), /hung up on ApiVersions, as listeners for TLS or SASL/],
  [
    'an answer that ends too early',
    (request) => framed(request, int32(0)),
    /answered ApiVersions in a way that cannot/,
  ],
];

describe('a peer that is no broker', () => {
  for (const [what, answer, sentence] of strangers) {
    it(`sends ${what}: named, and the connection ends`, async () => {
      await using peer = await Peer.start((socket, request) => socket.write(answer(request)));
      const error = await peer.refusal();
      assert.equal(error.code, 'upstream.unreachable');
      assert.match(error.message, sentence);
      assert.match(error.message, /^the broker at 127\.0\.0\.1:\d+ /);
      await peer.everyoneLeft();
    });
  }

  it('sends a length in two pieces', async () => {
    await using peer = await Peer.start((socket) => {
      socket.write(Buffer.from([0xff, 0xff]), () => socket.write(Buffer.from([0xff, 0xff, 0])));
    });
    assert.match((await peer.refusal()).message, /a length of -1 bytes/);
  });

  it('takes the connection and says nothing', async () => {
    await using peer = await Peer.start(() => {}, 50);
    const error = await peer.refusal();
    assert.equal(error.code, 'upstream.timeout');
    assert.match(error.message, /did not answer the first greeting within 50 ms/);
  });

  it('is passed over for a bootstrap server that is one', async () => {
    await using stranger = await Peer.start((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await using broker = await Peer.start(likeABroker);
    const bootstrapServers = [stranger, broker].map(({ port }) => `127.0.0.1:${port}`);
    await using pool = new BrokerPool({ ...stranger.options, bootstrapServers }, systemClock);
    const { errorCode } = await pool.askAny(describeCluster, [], new AbortController().signal);
    assert.equal(errorCode, 0);
  });
});

it('a broker that greeted may send long answers, and no endless ones', async () => {
  const lengths = [3 * megabyte, 2 ** 31 - 1];
  await using peer = await Peer.start((socket, request) => {
    if (isGreeting(request)) likeABroker(socket, request);
    else if (lengths.length === 2)
      socket.write(framed(request, Buffer.concat([noCluster, Buffer.alloc(lengths.shift()!)])));
    else socket.write(int32(lengths[0]!));
  });
  const connection = peer.connection();
  const { signal } = new AbortController();
  assert.equal((await connection.ask(describeCluster, [], signal)).errorCode, 0);
  await assert.rejects(connection.ask(describeCluster, [], signal), {
    code: 'upstream.protocol',
    message: /cannot be understood: .* a length of 2147483647 bytes/,
  });
  await connection.close();
});

/** Somebody who listens where a broker is expected, and answers each request as it is told. */
class Peer implements AsyncDisposable {
  readonly port: number;
  readonly options;
  readonly #stop: () => Promise<void>;
  readonly #sockets: readonly Socket[];

  private constructor(port: number, connectTimeoutMs: number, sockets: readonly Socket[], stop: () => Promise<void>) {
    this.port = port;
    this.options = { clientId: 'test', connectTimeoutMs, requestTimeoutMs: 60_000 };
    this.#sockets = sockets;
    this.#stop = stop;
  }

  static async start(answer: (socket: Socket, request: Buffer) => void, connectTimeoutMs = 60_000): Promise<Peer> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {}); // whoever is refused resets
      socket.on('data', (request) => answer(socket, request));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return new Peer(address.port, connectTimeoutMs, sockets, async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
  }

  connection(): BrokerConnection {
    return new BrokerConnection({ host: '127.0.0.1', port: this.port }, this.options, new Traffic(), systemClock);
  }

  /** Why it is not asked. */
  async refusal(): Promise<TidemarkError> {
    try {
      await this.connection().ask(describeCluster, [], new AbortController().signal);
    } catch (error) {
      assert.ok(error instanceof TidemarkError);
      return error;
    }
    return assert.fail('it should not have been understood');
  }

  /** Resolves when all connections to it have ended. */
  async everyoneLeft(): Promise<void> {
    await until('the connection has ended', () => this.#sockets.every(({ closed }) => closed));
    assert.equal(this.#sockets.length, 1);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }
}

function isGreeting(request: Buffer): boolean {
  return request.readInt16BE(4) === apiVersions.key;
}

/** Speaks DescribeCluster only, of a cluster without brokers. */
function likeABroker(socket: Socket, request: Buffer): void {
  socket.write(framed(request, isGreeting(request) ? speaksDescribeCluster : noCluster));
}

/** No error, one API (DescribeCluster in version 0), no throttle, no tags: as ApiVersions 3 has it. */
const speaksDescribeCluster = Buffer.from([0, 0, 2, 0, describeCluster.key, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
/** Tags of the header, throttle, no error and no message, empty id, controller 0, no brokers, no operations, no tags. */
const noCluster = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);

/** An answer to the request: its length and correlation id first. */
function framed(request: Buffer, body: Uint8Array): Buffer {
  return Buffer.concat([int32(4 + body.length), request.subarray(8, 12), body]);
}

function int32(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * index);
  return bytes;
}
