import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.ts';
import { until } from './until.ts';

export interface DaemonOptions {
  readonly bootstrapServers: string;
  /** Time between two cycles (default 500 ms). */
  readonly intervalMs?: number;
  /** Further settings, as the configuration file has them. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const script = join(import.meta.dirname, '../../scripts/tidemark');

/**
 * tidemark as users run it: the real binary with a configuration file, in a process of its own that a test may kill and
 * start again on the same data. Disposal ends it and deletes its files.
 */
export class Daemon implements AsyncDisposable {
  readonly dataDir: string;
  readonly address: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.dataDir = join(folder, 'data');
    this.address = `http://127.0.0.1:${port}`;
  }

  /** Lays the files without starting anything. */
  static async lay({ bootstrapServers, intervalMs = 500, settings = {} }: DaemonOptions): Promise<Daemon> {
    const [port = 0] = await freePorts(1);
    const daemon = new Daemon(mkdtempSync(join(tmpdir(), 'tidemark-daemon-')), port);
    const config = {
      interval: `${intervalMs}ms`,
      dataDir: daemon.dataDir,
      http: { port },
      clusters: [{ name: 'test', bootstrapServers }],
      ...settings,
    };
    // JSON is YAML.
    writeFileSync(daemon.configFile, JSON.stringify(config));
    return daemon;
  }

  /** Lays, starts, and waits until the first cycle has ended, well or badly. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const daemon = await Daemon.lay(options);
    await daemon.launch();
    return daemon;
  }

  /** Starts the process (again) and waits for /readyz. */
  async launch(): Promise<void> {
    // The script ends in an exec: its pid is tidemark's.
    const child = spawn(script, ['run', '--config', this.configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log = createWriteStream(this.#logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    await until('tidemark has ended its first cycle', () => this.#isReadyOrEnded(child), { withinMs: 120_000 });
    if (!this.#isRunning) throw new Error(`tidemark ended with status ${child.exitCode}:\n${this.log()}`);
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('tidemark was not started');
    return pid;
  }

  /** GET of a path below /api/v1, as JSON. @throws Error when the status is not 200 */
  async api<T>(path: string): Promise<T> {
    return JSON.parse(await this.get(`/api/v1${path}`)) as T;
  }

  /** GET of any path, as text. @throws Error when the status is not 200 */
  async get(path: string): Promise<string> {
    const response = await fetch(this.address + path);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return text;
  }

  /** What it has written to its standard streams. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** kill -9 */
  kill(): Promise<void> {
    return this.#end('SIGKILL').then(() => undefined);
  }

  /** @returns its exit status */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Its settings: for other commands on the same cluster. */
  get configFile(): string {
    return join(this.#folder, 'tidemark.yaml');
  }

  get #logFile(): string {
    return join(this.#folder, 'tidemark.log');
  }

  get #isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async #isReadyOrEnded(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null) return true;
    await this.get('/readyz');
    return true;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (child === undefined) return null;
    if (this.#isRunning) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }
}
