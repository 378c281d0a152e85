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
    return await this.#askInTurn(
      async (connection) => {
        const response = await connection.ask(message, args, signal);
        this.#preferred = connection;
        return response;
      },
      (error) => !signal.aborted && (isUnreachable(error) || isTimeout(error)),
    );
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
    return await this.#askInTurn(
      ({ address }) => this.#connectionTo(address, this.#forwarded).ask(message, args, signal),
      isUnreachable,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connections = [...this.#direct.values(), ...this.#forwarded.values()];
    await Promise.all(connections.map((connection) => connection.close()));
    this.#direct.clear();
    this.#forwarded.clear();
  }

  /** Asks one candidate after the other, as long as the errors of those before it say that another may answer. */
  async #askInTurn<Response>(
    ask: (candidate: BrokerConnection) => Promise<Response>,
    passesOver: (error: unknown) => boolean,
  ): Promise<Response> {
    let lastError: unknown;
    for (const candidate of this.#candidates()) {
      try {
        return await ask(candidate);
      } catch (error) {
        if (!passesOver(error)) throw error;
        lastError = error;
      }
    }
    const tried = this.#options.bootstrapServers.join(', ');
    const why = lastError instanceof Error ? `: ${lastError.message}` : '';
    const message = `no broker answers, bootstrap servers ${tried}${why}`;
    throw new TidemarkError('upstream.unreachable', message, {}, lastError);
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

function isUnreachable(error: unknown): boolean {
  return error instanceof TidemarkError && error.code === 'upstream.unreachable';
}

function isTimeout(error: unknown): boolean {
  return error instanceof TidemarkError && error.code === 'upstream.timeout';
}
