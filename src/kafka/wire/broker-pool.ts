import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import type { Broker } from '../../model/snapshot.ts';
import type { ClusterConnection } from '../port.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { Message } from './messages.ts';
import { Traffic } from './traffic.ts';

/**
 * A connection to each broker: those that Metadata lists, and the bootstrap servers while nobody else answers. And one more to one of
 * them for what it must hand on to the controller: a broker answers the requests of one connection in their order, and waits for a
 * controller that is frozen as long as half a minute.
 */
export class BrokerPool implements AsyncDisposable {
  readonly traffic = new Traffic();
  readonly #options: ClusterConnection;
  readonly #clock: Clock;
  readonly #bootstrap: readonly Address[];
  readonly #direct = new Map<string, BrokerConnection>();
  readonly #forwarded = new Map<string, BrokerConnection>();
  #brokers: ReadonlyMap<number, Address> = new Map();
  /** Who answered the last question that any broker can answer. */
  #preferred: BrokerConnection | undefined;

  /** @throws TidemarkError config.invalid for a bootstrap server that is no host:port */
  constructor(options: ClusterConnection, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#bootstrap = options.bootstrapServers.map(parseAddress);
  }

  /** The living brokers, as Metadata listed them last. */
  get brokerIds(): readonly number[] {
    return [...this.#brokers.keys()];
  }

  /** Takes over what Metadata says, and lets go of brokers that it no longer lists. */
  update(brokers: readonly Broker[]): void {
    this.#brokers = new Map(brokers.map(({ brokerId, host, port }) => [brokerId, { host, port }]));
    const living = new Set([...this.#brokers.values()].map(formatAddress));
    for (const connections of [this.#direct, this.#forwarded]) {
      for (const [address, connection] of connections) {
        if (living.has(address)) continue;
        connections.delete(address);
        if (this.#preferred === connection) this.#preferred = undefined;
        void connection.close();
      }
    }
  }

  /**
   * Asks one broker.
   * @throws TidemarkError upstream.*
   */
  async ask<Args extends readonly unknown[], Response>(
    brokerId: number,
    message: Message<Args, Response>,
    args: Args,
    signal: AbortSignal,
  ): Promise<Response> {
    const address = this.#brokers.get(brokerId);
    if (!address) throw new TidemarkError('upstream.unreachable', `broker ${brokerId} is not among the living brokers`);
    return await this.#connectionTo(address, this.#direct).ask(message, args, signal);
  }

  /**
   * Asks whichever broker answers, the one that did last time first.
   * @throws TidemarkError upstream.unreachable when none does
   */
  async askAny<Args extends readonly unknown[], Response>(
    message: Message<Args, Response>,
    args: Args,
    signal: AbortSignal,
  ): Promise<Response> {
    let lastError: unknown;
    for (const connection of this.#candidates()) {
      try {
        const response = await connection.ask(message, args, signal);
        this.#preferred = connection;
        return response;
      } catch (error) {
        if (signal.aborted || !isAboutOneBroker(error)) throw error;
        lastError = error;
      }
    }
    throw this.#nobodyAnswers(lastError);
  }

  /**
   * Asks the active controller through a broker. A broker that cannot be reached is passed over; where one does not answer in time
   * the others are not asked, for they would wait for the same controller.
   * @throws TidemarkError upstream.*
   */
  async askController<Args extends readonly unknown[], Response>(
    message: Message<Args, Response>,
    args: Args,
    signal: AbortSignal,
  ): Promise<Response> {
    let lastError: unknown;
    for (const { address } of this.#candidates()) {
      try {
        return await this.#connectionTo(address, this.#forwarded).ask(message, args, signal);
      } catch (error) {
        if (!(error instanceof TidemarkError) || error.code !== 'upstream.unreachable') throw error;
        lastError = error;
      }
    }
    throw this.#nobodyAnswers(lastError);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connections = [...this.#direct.values(), ...this.#forwarded.values()];
    await Promise.all(connections.map((connection) => connection.close()));
    this.#direct.clear();
    this.#forwarded.clear();
  }

  #nobodyAnswers(lastError: unknown): TidemarkError {
    const tried = this.#options.bootstrapServers.join(', ');
    const why = lastError instanceof Error ? `: ${lastError.message}` : '';
    const message = `no broker answers, bootstrap servers ${tried}${why}`;
    return new TidemarkError('upstream.unreachable', message, {}, lastError);
  }

  #candidates(): Iterable<BrokerConnection> {
    const addresses = [...this.#brokers.values(), ...this.#bootstrap];
    const known = addresses.map((address) => this.#connectionTo(address, this.#direct));
    const up = known.filter((connection) => connection.isUp);
    return new Set([...(this.#preferred ? [this.#preferred] : []), ...up, ...known]);
  }

  #connectionTo(address: Address, connections: Map<string, BrokerConnection>): BrokerConnection {
    const key = formatAddress(address);
    let connection = connections.get(key);
    if (!connection) {
      connection = new BrokerConnection(address, this.#options, this.traffic, this.#clock);
      connections.set(key, connection);
    }
    return connection;
  }
}

function isAboutOneBroker(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === 'upstream.unreachable' || error.code === 'upstream.timeout');
}
