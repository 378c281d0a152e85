import { Connection, NetworkError, TimeoutError } from '@platformatic/kafka';
import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import type { ClusterConnection } from '../port.ts';
import { abortable, pause } from './abortable.ts';
import { type Address, formatAddress } from './address.ts';
import { AnswerFrames } from './answer-frames.ts';
import { throwOn } from './error-class.ts';
import { apiVersions, type Message } from './messages.ts';
import type { Traffic } from './traffic.ts';

export type ConnectionOptions = Pick<ClusterConnection, 'clientId' | 'connectTimeoutMs' | 'requestTimeoutMs'>;

const clientSoftware = { name: 'tidemark', version: '1' };

/** After a failure a broker is left alone for this long, doubled with each further one, up to the longest. */
const firstBackoffMs = 500;
/** To be refused costs nothing; but a frozen broker must not cost every phase of every cycle its timeout. */
const longestBackoffMs = { refused: 5_000, silent: 30_000 };

/** Requests on their way at once. The broker answers one connection's requests strictly in their order. */
const maxInflights = 5;

/** A connection, and what watches over the bytes that come. */
interface Line {
  connection: Connection;
  frames: AnswerFrames;
}

interface Session extends Line {
  /** Highest version that the broker speaks, by key of the API. */
  highestVersions: ReadonlyMap<number, number>;
}

/** One broker: connects when asked, anew when the connection was lost, with backoff when that fails. */
export class BrokerConnection {
  readonly address: Address;
  readonly #options: ConnectionOptions;
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  #session: Session | undefined;
  #connecting: Promise<Session> | undefined;
  /** Whether it ever answered more than the greeting. */
  #hasAnswered = false;
  #failures = 0;
  #retryAtMs = 0;
  #lastError: TidemarkError | undefined;
  /** The broker asked us to be quiet until then (KIP-219). */
  #quietUntilMs = 0;

  constructor(address: Address, options: ConnectionOptions, traffic: Traffic, clock: Clock) {
    this.address = address;
    this.#options = options;
    this.#traffic = traffic;
    this.#clock = clock;
  }

  /** Whether the last that we heard of it was an answer. */
  get isUp(): boolean {
    return this.#failures === 0 && this.#isConnected;
  }

  /**
   * Sends one request. A connection that the broker closed meanwhile (a restart, idleness) is replaced once: all we ask are questions.
   * @throws TidemarkError upstream.unreachable, upstream.timeout, upstream.unsupported, upstream.protocol
   */
  async ask<Args extends readonly unknown[], Response>(
    message: Message<Args, Response>,
    args: Args,
    signal: AbortSignal,
  ): Promise<Response> {
    const wasConnected = this.#isConnected;
    try {
      return await this.#askOnce(message, args, signal);
    } catch (error) {
      const closedMeanwhile = wasConnected && error instanceof TidemarkError && error.code === 'upstream.unreachable';
      if (!closedMeanwhile || signal.aborted) throw error;
      // Closed by ourselves, for a request before this one waited in vain: so would this one.
      const silent = this.#lastFailure;
      if (silent?.code === 'upstream.timeout') throw silent;
      this.#retryAtMs = 0;
      return await this.#askOnce(message, args, signal);
    }
  }

  async close(): Promise<void> {
    const session = this.#session ?? (await this.#connecting?.catch(() => undefined));
    this.#session = undefined;
    await session?.connection.close();
  }

  async #askOnce<Args extends readonly unknown[], Response>(
    message: Message<Args, Response>,
    args: Args,
    signal: AbortSignal,
  ): Promise<Response> {
    const session = await abortable(this.#ready(), signal);
    const quietMs = this.#quietUntilMs - this.#clock.monotonicMs();
    if (quietMs > 0) await pause(quietMs, signal);
    const highest = session.highestVersions.get(message.key) ?? -1;
    const version = Math.max(-1, ...[...message.versions.keys()].filter((known) => known <= highest));
    if (version < 0) {
      throw new TidemarkError('upstream.unsupported', `${this.#name} does not speak ${message.api} as tidemark does`);
    }
    const response = await abortable(this.#send(session, message, version, args), signal);
    this.#hasAnswered = true;
    this.#failures = 0;
    this.#retryAtMs = 0;
    this.#honourThrottle(response);
    return response;
  }

  #ready(): Promise<Session> {
    if (this.#session?.connection.isConnected()) return Promise.resolve(this.#session);
    if (this.#connecting) return this.#connecting;
    const failure = this.#lastFailure;
    if (failure) return Promise.reject(failure);
    this.#connecting = this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Session> {
    const { clientId, connectTimeoutMs, requestTimeoutMs } = this.#options;
    const connection = new Connection(clientId, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      maxInflights,
    });
    // Each failure reaches us by a callback as well; an 'error' event that nobody hears would end the process.
    connection.on('error', () => {});
    // A frozen broker's kernel still accepts: only an answer shows that it lives.
    const handshake = AbortSignal.timeout(connectTimeoutMs);
    try {
      await abortable(Promise.resolve(connection.connect(this.address.host, this.address.port)), handshake);
      const line = { connection, frames: new AnswerFrames(connection.socket) };
      const version = Math.max(...apiVersions.versions.keys());
      const greeting = this.#send(line, apiVersions, version, [clientSoftware.name, clientSoftware.version]);
      const { errorCode, apiKeys } = await abortable(greeting, handshake);
      throwOn(errorCode, apiVersions.api);
      line.frames.trust();
      const highestVersions = new Map(apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion]));
      this.#session = { ...line, highestVersions };
      return this.#session;
    } catch (error) {
      connection.close().catch(() => {});
      throw this.#failed(this.#unlikeABroker(error, handshake));
    }
  }

  #send<Args extends readonly unknown[], Response>(
    { connection, frames }: Line,
    message: Message<Args, Response>,
    version: number,
    args: Args,
  ): Promise<Response> {
    const codec = message.versions.get(version)!;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.#traffic.sent(message.api);
    connection.send<Response>(
      message.key,
      version,
      () => codec.encode(...args),
      (_correlationId, _key, _version, reader) => {
        this.#traffic.received(message.api, reader.buffer.length);
        return codec.decode(reader.buffer.slice());
      },
      true,
      message.tagsInResponseHeader,
      (error, response) => {
        if (error) reject(this.#failed(this.#inOurWords(message.api, error, frames)));
        else resolve(response!);
      },
    );
    return promise;
  }

  #honourThrottle(response: unknown): void {
    const { throttleTimeMs } = response as { throttleTimeMs?: number };
    if (throttleTimeMs) this.#quietUntilMs = this.#clock.monotonicMs() + throttleTimeMs;
  }

  /** Remembers a failure of the broker itself. Requests that fall with the same connection are one failure. */
  #failed(failure: TidemarkError): TidemarkError {
    const nowMs = this.#clock.monotonicMs();
    if (failure.code !== 'upstream.protocol' && nowMs >= this.#retryAtMs) {
      const longestMs = failure.code === 'upstream.timeout' ? longestBackoffMs.silent : longestBackoffMs.refused;
      this.#retryAtMs = nowMs + Math.min(firstBackoffMs * 2 ** this.#failures, longestMs);
      this.#failures++;
      this.#lastError = failure;
    }
    return failure;
  }

  #inOurWords(what: string, error: unknown, frames?: AnswerFrames): TidemarkError {
    const name = this.#name;
    if (frames?.fault !== undefined) {
      return new TidemarkError('upstream.protocol', `${name} cannot be understood: ${frames.fault}`, {}, error);
    }
    if (error instanceof TimeoutError) {
      return new TidemarkError('upstream.timeout', `${name} did not answer ${what} in time`, {}, error);
    }
    if (error instanceof NetworkError) {
      // The library names a cause where there is one: without it the other side has hung up.
      const why = error.cause instanceof Error ? `cannot be reached: ${error.cause.message}` : this.#hungUp(what);
      return new TidemarkError('upstream.unreachable', `${name} ${why}`, {}, error);
    }
    const text = error instanceof Error ? error.message : String(error);
    return new TidemarkError(
      'upstream.protocol',
      `${name} answered ${what} in a way that cannot be read: ${text}`,
      {},
      error,
    );
  }

  /** A listener for TLS closes at the greeting, one for SASL at the first question. */
  #hungUp(what: string): string {
    const hint = this.#hasAnswered
      ? ''
      : ', as listeners for TLS or SASL do: tidemark speaks to plaintext ones only so far';
    return `hung up on ${what}${hint}`;
  }

  /** Who does not greet as a broker does is passed over for the next one, and left alone for a while. */
  #unlikeABroker(error: unknown, { aborted }: AbortSignal): TidemarkError {
    if (aborted) {
      const message = `${this.#name} did not answer the first greeting within ${this.#options.connectTimeoutMs} ms`;
      return new TidemarkError('upstream.timeout', message, {}, error);
    }
    const failure = error instanceof TidemarkError ? error : this.#inOurWords('the first greeting', error);
    if (failure.code !== 'upstream.protocol') return failure;
    return new TidemarkError('upstream.unreachable', failure.message, {}, failure.cause);
  }

  /** Why the broker is left alone just now. */
  get #lastFailure(): TidemarkError | undefined {
    return this.#clock.monotonicMs() < this.#retryAtMs ? this.#lastError : undefined;
  }

  get #isConnected(): boolean {
    return this.#session?.connection.isConnected() === true;
  }

  get #name(): string {
    return `the broker at ${formatAddress(this.address)}`;
  }
}
