import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { engineSettings } from '../cluster-session.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { TidemarkError } from '../model/errors.ts';
import { decodeTraceLine } from '../model/trace-decode.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addFileOptions, type ConfigOptions, readConfig, readSettingsFile } from './config-options.ts';
import { printableText } from './printable.ts';
import { ReplayJudge } from './replay-judge.ts';
import { TraceExtent } from './trace-extent.ts';
import { readLines } from './trace-lines.ts';
import { TraceOrder } from './trace-order.ts';

interface ReplayOptions extends ConfigOptions {
  reports?: boolean;
  policy?: string;
  fromStore?: string;
  tier: 'raw' | 'minute' | 'ten-minutes';
}

/** `tidemark replay`: judges a recorded cluster, or what a daemon has stored, without Kafka. */
export function replayCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('replay')
    .description(
      'judge traces that `tidemark record` wrote: findings as JSON lines, as they are raised, changed, cleared',
    )
    .argument('[file...]', 'traces in the order of their time; - reads standard input')
    .option('--from-store <directory>', 'judge what a daemon has stored there instead; it may go on running')
    .addOption(
      new Option('--tier <tier>', 'with --from-store: every cycle, or samples that reach farther back')
        .choices(['raw', 'minute', 'ten-minutes'])
        .default('raw'),
    )
    .option('--reports', 'print every report too')
    .option('--policy <file>', 'YAML with the key policies, as in the settings');
  addFileOptions(command).action(async (files: string[], options: ReplayOptions) => {
    if ((files.length === 0) === (options.fromStore === undefined)) {
      command.error('error: name either traces or a directory with --from-store');
    }
    const config = await readReplayConfig(options, host);
    const isWhole =
      options.fromStore === undefined
        ? await replayFiles(files, config, options, host)
        : await replayStored(options.fromStore, config, options, host);
    exit(isWhole ? exitCodes.allWell : exitCodes.somethingFound);
  });
}

/** --policy is the section `policies` of the settings, in a file of its own; it takes the place of the config's. */
async function readReplayConfig(options: ReplayOptions, host: CommandHost): Promise<Config> {
  const config = await readConfig(options, host, 'offline');
  if (options.policy === undefined) return config;
  const { policies } = loadConfig({ file: await readSettingsFile(options.policy) }, 'offline');
  return { ...config, policies };
}

/** False where something could not be judged; it was named. */
async function replayFiles(
  files: readonly string[],
  config: Config,
  { reports = false }: ReplayOptions,
  host: CommandHost,
): Promise<boolean> {
  await assertReadable(files);
  const replay = new TraceReplay(new ReplayJudge({ settings: engineSettings(config), host, reports }), host);
  for (const file of files) {
    await replay.read(file, file === '-' ? host.stdin : createReadStream(file, { highWaterMark: 2 ** 20 }));
    if (host.stop.aborted) break;
  }
  return replay.damagedLines === 0;
}

async function replayStored(
  directory: string,
  config: Config,
  { reports = false, tier }: ReplayOptions,
  host: CommandHost,
): Promise<boolean> {
  // SQLite is native code that a replay of files can do without.
  const { replayStore } = await import('./replay-store.ts');
  return replayStore({ directory, config, reports, tier: tier === 'ten-minutes' ? 'tenMinutes' : tier, host });
}

/** A missing file is wrong use, and better said before the first hour of another one was judged. */
async function assertReadable(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === '-') continue;
    try {
      await access(file, constants.R_OK);
      if ((await stat(file)).isDirectory()) throw new Error('it is a directory');
    } catch (error) {
      const message = `${file} cannot be read: ${(error as Error).message}; check the path and its permissions`;
      throw new TidemarkError('config.unreadable', message, { file }, error);
    }
  }
}

/** Reads traces, one line in memory at a time. */
class TraceReplay {
  /** Lines that were named and skipped. */
  damagedLines = 0;
  readonly #judge: ReplayJudge;
  readonly #host: CommandHost;
  readonly #extent = new TraceExtent();
  readonly #order = new TraceOrder();

  constructor(judge: ReplayJudge, host: CommandHost) {
    this.#judge = judge;
    this.#host = host;
  }

  async read(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const line of readLines(bytes)) {
      if (this.#host.stop.aborted) return;
      const damage = 'damage' in line ? line.damage : await this.#judgeLine(line.text);
      if (damage === null) continue;
      this.damagedLines++;
      this.#host.complain(`${file}:${line.number}: damaged: ${printableText(damage)}`);
    }
  }

  /** A sentence where the line is damaged. */
  async #judgeLine(text: string): Promise<string | null> {
    const decoded = decodeTraceLine(text);
    if ('damage' in decoded) return decoded.damage;
    const { snapshot } = decoded;
    return this.#extent.admit(snapshot) ?? this.#order.advance(snapshot) ?? this.#judge.judge(snapshot);
  }
}
