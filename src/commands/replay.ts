import { constants, createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { engineSettings } from '../cluster-session.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createEngine } from '../engine/engine.ts';
import { TidemarkError } from '../model/errors.ts';
import type { Advance, Engine } from '../model/report.ts';
import { reportToJson } from '../model/report-json.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { decodeTraceLine } from '../model/trace-decode.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addFileOptions, type ConfigOptions, readConfig, readSettingsFile } from './config-options.ts';
import { readLines } from './trace-lines.ts';
import { TraceOrder } from './trace-order.ts';

interface ReplayOptions extends ConfigOptions {
  reports?: true;
  policy?: string;
}

/** `tidemark replay FILE...`: judges a recorded cluster, without Kafka. */
export function replayCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('replay')
    .description(
      'judge traces that `tidemark record` wrote: findings as JSON lines, as they are raised, changed, cleared',
    )
    .argument('<file...>', 'traces in the order of their time; - reads standard input')
    .option('--reports', 'print every report too')
    .option('--policy <file>', 'YAML with the key policies, as in the settings');
  addFileOptions(command).action(async (files: string[], options: ReplayOptions) => {
    const config = await readReplayConfig(options, host);
    await assertReadable(files);
    const replay = new Replay(config, host, options.reports === true);
    for (const file of files) {
      await replay.read(file, file === '-' ? host.stdin : createReadStream(file, { highWaterMark: 2 ** 20 }));
      if (host.stop.aborted) break;
    }
    exit(replay.damagedLines === 0 ? exitCodes.allWell : exitCodes.somethingFound);
  });
}

/** --policy is the section `policies` of the settings, in a file of its own; it takes the place of the config's. */
async function readReplayConfig(options: ReplayOptions, host: CommandHost): Promise<Config> {
  const config = await readConfig(options, host, 'offline');
  if (options.policy === undefined) return config;
  const { policies } = loadConfig({ file: await readSettingsFile(options.policy) }, 'offline');
  return { ...config, policies };
}

/** A missing file is wrong use, and better said before the first hour of another one was judged. */
async function assertReadable(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === '-') continue;
    try {
      await access(file, constants.R_OK);
    } catch (error) {
      const message = `${file} cannot be read: ${(error as Error).message}; check the path and its permissions`;
      throw new TidemarkError('config.unreadable', message, { file }, error);
    }
  }
}

/** Judges snapshots as they come: one engine a cluster, one line in memory at a time. */
class Replay {
  /** Lines that were named and skipped. */
  damagedLines = 0;
  readonly #config: Config;
  readonly #host: CommandHost;
  readonly #reports: boolean;
  readonly #engines = new Map<string, Engine>();
  readonly #order = new TraceOrder();

  constructor(config: Config, host: CommandHost, reports: boolean) {
    this.#config = config;
    this.#host = host;
    this.#reports = reports;
  }

  async read(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const line of readLines(bytes)) {
      if (this.#host.stop.aborted) return;
      const damage = 'damage' in line ? line.damage : await this.#judge(line.text);
      if (damage === null) continue;
      this.damagedLines++;
      this.#host.complain(`${file}:${line.number}: damaged: ${damage}`);
    }
  }

  /** A sentence where the line is damaged. */
  async #judge(text: string): Promise<string | null> {
    const decoded = decodeTraceLine(text);
    if ('damage' in decoded) return decoded.damage;
    const { snapshot } = decoded;
    const disorder = this.#order.advance(snapshot);
    if (disorder !== null) return disorder;
    const advance = this.#advance(snapshot);
    if (typeof advance === 'string') return advance;
    await this.#print(advance);
    return null;
  }

  /** A line that meets a bug costs itself, never the rest of the trace. */
  #advance(snapshot: Snapshot): Advance | string {
    try {
      return finish(this.#engineOf(snapshot.cluster).advance(snapshot));
    } catch (error) {
      const { stack = String(error) } = error as Error;
      return `tidemark failed on it; please report this: ${stack}`;
    }
  }

  async #print({ transitions, report }: Advance): Promise<void> {
    const lines = transitions.map((transition) => JSON.stringify(transition));
    if (this.#reports) lines.push(JSON.stringify({ type: 'report', ...reportToJson(report) }));
    if (lines.length > 0) await this.#host.print(`${lines.join('\n')}\n`);
  }

  #engineOf(cluster: string): Engine {
    const engine = this.#engines.get(cluster) ?? createEngine(engineSettings(this.#config));
    this.#engines.set(cluster, engine);
    return engine;
  }
}

/** Without pauses: nothing else waits for the event loop here. */
function finish(steps: Generator<void, Advance>): Advance {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
