import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, findCoordinatorV6, metadataV12 } from '@platformatic/kafka';
import { KafkaBroker } from './kafka-broker.ts';
import { freePorts } from './ports.ts';
import { until } from './until.ts';
import { connected } from './wire.ts';

export interface KafkaClusterOptions {
  /** Number of brokers, each a controller too (default 3). */
  readonly brokers?: number;
  /** Client port of the first broker, the others follow; random free ports when absent. */
  readonly firstPort?: number;
  /** Java heap of each broker (default 400): enough for some thousand partitions. */
  readonly heapMegabytes?: number;
  /** Options of each Java process; the default trades peak speed for a quick start on few cores. */
  readonly jvmOptions?: readonly string[];
  /** server.properties, over the defaults of this file. */
  readonly config?: Readonly<Record<string, string>>;
}

const quickStart = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** One start may lose a port to somebody else between choosing it and listening on it. */
const startsAtMost = 3;

/** Rebalances, loss by retention and deletion of segments show within seconds. */
function defaultConfig(brokers: number): Record<string, string> {
  const replicas = String(Math.min(3, brokers));
  return {
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'log.retention.check.interval.ms': '2000',
    // Else retention begins only half a minute after the start.
    'log.initial.task.delay.ms': '1000',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '10',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.num.partitions': '3',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': replicas,
    'default.replication.factor': replicas,
    'controlled.shutdown.max.retries': '1',
    // Three times the default: a broker that a busy machine keeps waiting shall not bring on an election.
    'controller.quorum.fetch.timeout.ms': '6000',
  };
}

/** A UUID as Kafka writes it. It never begins with `-`, as one in 64 would: StorageTool takes that for an option. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8() & 0x7f);
  return bytes.toString('base64url');
}

/** A real Kafka on loopback: N processes with storage of their own, all gone when it is disposed or when we die. */
export class KafkaCluster implements AsyncDisposable {
  readonly brokers: readonly KafkaBroker[];
  readonly clusterId: string;
  /** Data and logs of all brokers. */
  readonly folder: string;
  readonly #watchdog: Disposable;

  private constructor(folder: string, clusterId: string, brokers: readonly KafkaBroker[]) {
    this.folder = folder;
    this.clusterId = clusterId;
    this.brokers = brokers;
    this.#watchdog = startWatchdog(folder);
  }

  /** Starts the brokers and waits until all of them serve, group coordinators included. */
  static async start(options: KafkaClusterOptions = {}): Promise<KafkaCluster> {
    for (let attempt = 1; ; attempt++) {
      const cluster = await KafkaCluster.#lay(options);
      try {
        await Promise.all(cluster.brokers.map((broker) => broker.format()));
        for (const broker of cluster.brokers) broker.start();
        await cluster.untilAllServe();
        return cluster;
      } catch (error) {
        const portTaken = cluster.brokers.some((broker) => broker.lastLogLines(200).includes('Address already in use'));
        await cluster[Symbol.asyncDispose]();
        if (!portTaken || options.firstPort !== undefined || attempt === startsAtMost) throw error;
      }
    }
  }

  static async #lay(options: KafkaClusterOptions): Promise<KafkaCluster> {
    const { brokers: count = 3, firstPort, heapMegabytes = 400, jvmOptions = quickStart, config = {} } = options;
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-kafka-'));
    const clusterId = newClusterId();
    const free = await freePorts(2 * count);
    const controllerPorts = free.slice(count);
    const quorumVoters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',');
    const brokers = controllerPorts.map((controllerPort, index) => {
      const port = firstPort === undefined ? (free[index] ?? 0) : firstPort + index;
      return new KafkaBroker({
        brokerId: index + 1,
        clusterId,
        port,
        controllerPort,
        quorumVoters,
        folder: join(folder, `broker-${index + 1}`),
        heapMegabytes,
        jvmOptions,
        config: { ...defaultConfig(count), ...config },
      });
    });
    return new KafkaCluster(folder, clusterId, brokers);
  }

  /** host:port of every broker, comma-separated. */
  get bootstrapServers(): string {
    return this.brokers.map((broker) => broker.address).join(',');
  }

  /** @throws Error for an unknown id */
  broker(brokerId: number): KafkaBroker {
    const found = this.brokers.find((broker) => broker.brokerId === brokerId);
    if (!found) throw new Error(`the cluster has no broker ${brokerId}`);
    return found;
  }

  /** Waits until every broker answers, knows all others, and groups find their coordinator. */
  async untilAllServe(): Promise<void> {
    for (const broker of this.brokers) {
      await until(`broker ${broker.brokerId} serves`, () => this.#serves(broker), {
        withinMs: 120_000,
        everyMs: 200,
      });
    }
  }

  /** Ends all processes at once and removes their data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    this.#watchdog[Symbol.dispose]();
  }

  async #serves(broker: KafkaBroker): Promise<boolean> {
    if (!broker.isRunning) return false;
    await using connection = await connected(broker.address);
    return (await this.#knowsAll(connection)) && (await findsCoordinators(connection));
  }

  async #knowsAll(connection: Connection): Promise<boolean> {
    const metadata = await metadataV12.api.async(connection, []);
    return metadata.brokers.length === this.brokers.length;
  }
}

/** The first such question creates the internal topic, which takes a moment. */
async function findsCoordinators(connection: Connection): Promise<boolean> {
  const group = 0;
  const { coordinators } = await findCoordinatorV6.api.async(connection, group, ['tidemark-is-it-up']);
  return coordinators.every((coordinator) => coordinator.errorCode === 0);
}

/**
 * A shell that outlives us, however we die: at the end of its input it kills every process that has a pid file
 * and removes the folder. A cluster that was disposed has left neither.
 */
function startWatchdog(folder: string): Disposable {
  const script = 'cat >/dev/null; cat "$1"/*/pid 2>/dev/null | xargs -r kill -9 2>/dev/null; rm -rf "$1"';
  const watchdog = spawn('sh', ['-c', script, 'kafka-watchdog', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  return { [Symbol.dispose]: () => watchdog.stdin.end() };
}
