import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import type { Broker } from '../../model/snapshot.ts';
import type { ClusterConnection } from '../port.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { Message } from './messages.ts';
import { Traffic } from './traffic.ts';

/** One connection a broker: those that Metadata lists, and the bootstrap servers while nobody else answers. */
export class BrokerPool implements AsyncDisposable {
  readonly traffic = new Traffic();
  readonly #options: ClusterConnection;
  readonly #clock: Clock;
  readonly #bootstrap: readonly Address[];
  readonly #byAddress = new Map<string, BrokerConnection>();
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
    for (const [address, connection] of this.#byAddress) {
      if (living.has(address)) continue;
      this.#byAddress.delete(address);
      if (this.#preferred === connection) this.#preferred = undefined;
      void connection.close();
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
    return await this.#connectionTo(address).ask(message, args, signal);
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
    const tried = this.#options.bootstrapServers.join(', ');
    const why = lastError instanceof Error ? `: ${lastError.message}` : '';
    throw new TidemarkError(
      'upstream.unreachable',
      `no broker answers, bootstrap servers ${tried}${why}`,
      {},
      lastError,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#byAddress.values()].map((connection) => connection.close()));
    this.#byAddress.clear();
  }

  #candidates(): Iterable<BrokerConnection> {
    const known = [...this.#brokers.values(), ...this.#bootstrap].map((address) => this.#connectionTo(address));
    const up = known.filter((connection) => connection.isUp);
    return new Set([...(this.#preferred ? [this.#preferred] : []), ...up, ...known]);
  }

  #connectionTo(address: Address): BrokerConnection {
    const key = formatAddress(address);
    let connection = this.#byAddress.get(key);
    if (!connection) {
      connection = new BrokerConnection(address, this.#options, this.traffic, this.#clock);
      this.#byAddress.set(key, connection);
    }
    return connection;
  }
}

function isAboutOneBroker(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === 'upstream.unreachable' || error.code === 'upstream.timeout');
}
