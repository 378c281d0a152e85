import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What every node of a cluster is started with. */
export interface BrokerSettings {
  readonly brokerId: number;
  readonly clusterId: string;
  /** Where clients connect. */
  readonly port: number;
  readonly controllerPort: number;
  /** `id@host:port` of every controller. */
  readonly quorumVoters: string;
  /** Holds the node's settings, data, log and pid file. */
  readonly folder: string;
  readonly heapMegabytes: number;
  readonly jvmOptions: readonly string[];
  /** server.properties beyond listeners, roles and folders. */
  readonly config: Readonly<Record<string, string>>;
}

const host = '127.0.0.1';

/** One Kafka node, broker and controller in one, as a process of its own that a test may kill or freeze. */
export class KafkaBroker {
  readonly brokerId: number;
  readonly port: number;
  readonly #settings: BrokerSettings;
  #process: ChildProcess | undefined;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
    this.brokerId = settings.brokerId;
    this.port = settings.port;
  }

  /** Where clients reach this broker, as host:port. */
  get address(): string {
    return `${host}:${this.port}`;
  }

  /** Process ID of the running broker; undefined while it is down. */
  get pid(): number | undefined {
    return this.isRunning ? this.#process?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Lays the node's folder and formats its storage. Once, before the first start. */
  async format(): Promise<void> {
    const { folder, clusterId } = this.#settings;
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.#file('server.properties'), serverProperties(this.#settings));
    writeFileSync(this.#file('log4j2.properties'), log4jProperties);
    const tool = this.#spawnJava([
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      this.#file('server.properties'),
    ]);
    const [code] = await once(tool, 'exit');
    if (code !== 0) throw new Error(`Kafka's StorageTool failed with status ${code}:\n${this.lastLogLines()}`);
  }

  /** Starts the process. It serves only some seconds later: the cluster knows how to wait for that. */
  start(): void {
    if (this.isRunning) throw new Error(`broker ${this.brokerId} is running already`);
    this.#process = this.#spawnJava(['kafka.Kafka', this.#file('server.properties')]);
    // The watchdog of the cluster finds the process by this file when the tests die.
    writeFileSync(this.#file('pid'), `${this.#process.pid}\n`);
  }

  /** kill -9: no goodbye to controllers or clients. Resolves when the process is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** A clean shutdown: leaders move away first. Resolves when the process is gone. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** SIGCONT: goes on after {@link freeze}. */
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** The end of what the broker logged, for error messages. */
  lastLogLines(count = 20): string {
    const file = this.#file('broker.log');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '(no log)';
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    if (!running || !this.isRunning) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    // A frozen process would sit on a SIGTERM for ever.
    running.kill('SIGCONT');
    await exited;
    rmSync(this.#file('pid'), { force: true });
  }

  #file(name: string): string {
    return join(this.#settings.folder, name);
  }

  #spawnJava(args: readonly string[]): ChildProcess {
    const { heapMegabytes, jvmOptions } = this.#settings;
    const log = openSync(this.#file('broker.log'), 'a');
    try {
      return spawn(
        'java',
        [
          `-Xmx${heapMegabytes}m`,
          ...jvmOptions,
          `-Dlog4j2.configurationFile=${this.#file('log4j2.properties')}`,
          '-cp',
          join(kafkaLibs(), '*'),
          ...args,
        ],
        // Detached: Ctrl-C reaches only us, and we end the brokers in our own order.
        { stdio: ['ignore', log, log], detached: true },
      );
    } finally {
      closeSync(log);
    }
  }
}

/**
 * Folder of Kafka's jars: what scripts/toolchain.sh says, or where it would put them.
 * @throws Error that says what to run when the jars are missing
 */
export function kafkaLibs(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const toolchain = process.env.TIDEMARK_TOOLCHAIN ?? join(cache, 'tidemark');
  const libs = process.env.TIDEMARK_KAFKA_LIBS ?? join(toolchain, 'kafka-4.2.0', 'libs');
  if (!existsSync(libs) || readdirSync(libs).length === 0) {
    throw new Error(`Kafka's jars are not in ${libs}: run scripts/setup kafka`);
  }
  return libs;
}

function serverProperties(settings: BrokerSettings): string {
  const { brokerId, port, controllerPort, quorumVoters, folder, config } = settings;
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(brokerId),
    'controller.quorum.voters': quorumVoters,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    ...config,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const log4jProperties = `
rootLogger.level = WARN
rootLogger.appenderRef.out.ref = out
appender.out.name = out
appender.out.type = Console
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c{1}: %m%n
`;
