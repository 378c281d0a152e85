import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { scrape } from './scrape.ts';

/** tidemark as users run it: the real binary in a process of its own, with a data directory that is deleted at the end. */
export class DaemonUnderTest implements AsyncDisposable {
  readonly pid: number;
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, address: string, folder: string) {
    if (process.pid === undefined) throw new Error('tidemark did not start');
    this.pid = process.pid;
    this.#process = process;
    this.address = address;
    this.#folder = folder;
  }

  static async start(bootstrapServers: string, intervalMs: number): Promise<DaemonUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'));
    const port = await freePort();
    const config = join(folder, 'tidemark.yaml');
    writeFileSync(
      config,
      [
        `interval: ${intervalMs}ms`,
        `dataDir: ${folder}`,
        `http: { port: ${port} }`,
        `clusters: [{ bootstrapServers: "${bootstrapServers}" }]`,
      ].join('\n'),
    );
    const process = spawn('node', ['src/main.ts', 'run', '--config', config], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const daemon = new DaemonUnderTest(process, `http://127.0.0.1:${port}`, folder);
    await until('tidemark has ended its first cycle', () => scrape(`${daemon.address}/readyz`), { withinMs: 60_000 });
    return daemon;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}
