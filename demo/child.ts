import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ChildOptions {
  /** What it is called in messages, and its log file. */
  readonly name: string;
  /** What is run: Node by default. */
  readonly command?: string;
  readonly args: readonly string[];
  /** Over our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** The cluster's folder: its watchdog ends whatever has a pid file there, should we be killed. */
  readonly watchedFolder: string;
}

/** A process of the demo with a log file of its own. */
export class Child {
  readonly name: string;
  readonly logFile: string;
  readonly #process: ChildProcess;
  readonly #pidFolder: string;

  private constructor(name: string, logFile: string, pidFolder: string, running: ChildProcess) {
    this.name = name;
    this.logFile = logFile;
    this.#pidFolder = pidFolder;
    this.#process = running;
  }

  static start({ name, command = process.execPath, args, env = {}, logFolder, watchedFolder }: ChildOptions): Child {
    mkdirSync(logFolder, { recursive: true });
    const logFile = join(logFolder, `${name}.log`);
    const log = openSync(logFile, 'w');
    // Detached: Ctrl-C in the terminal reaches only us, and we stop things in order.
    const running = spawn(command, args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...process.env, ...env },
    });
    closeSync(log);
    const pidFolder = join(watchedFolder, name);
    mkdirSync(pidFolder);
    writeFileSync(join(pidFolder, 'pid'), `${running.pid}\n`);
    return new Child(name, logFile, pidFolder, running);
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** All that it has printed. */
  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Rejects with a sentence and the end of its log when it ends. */
  async failsAtExit(): Promise<never> {
    if (this.isRunning) await once(this.#process, 'exit');
    const how = this.#process.signalCode ?? `status ${this.#process.exitCode}`;
    const lines = this.log.trimEnd().split('\n').slice(-10).join('\n');
    throw new Error(`${this.name} ended with ${how}; the end of ${this.logFile}:\n${lines}`);
  }

  /** Sends the signal and waits for the end. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    if (this.isRunning) {
      const exited = once(this.#process, 'exit');
      this.#process.kill(signal);
      await exited;
    }
    rmSync(this.#pidFolder, { recursive: true, force: true });
  }
}
