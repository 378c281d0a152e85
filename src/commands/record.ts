import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { TidemarkError } from '../model/errors.ts';
import { encodeTraceLine } from '../model/trace-encode.ts';
import { systemClock } from '../system-clock.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { LiveSession } from './live-session.ts';

interface RecordOptions extends ConfigOptions {
  output?: string;
  cycles?: number;
}

/** `tidemark record`: writes what it reads of the clusters as a trace, for `tidemark replay`. */
export function recordCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('record')
    .description('write what is read of the clusters as a trace (JSON lines), until Ctrl-C')
    .option('--output <file>', 'append to this file (default: standard output)')
    .option('--cycles <number>', 'end after so many cycles', parseCycles);
  addConfigOptions(command, ['interval']).action(async (options: RecordOptions) => {
    const config = await readConfig(options, host);
    await using stack = new AsyncDisposableStack();
    const sink = options.output === undefined ? host.print : await openSink(options.output, stack);
    const sessions: LiveSession[] = [];
    for (const cluster of config.clusters) sessions.push(stack.use(await LiveSession.open(config, cluster, host.stop)));
    for (let cycle = 1; !host.stop.aborted; cycle++) {
      const startedMs = systemClock.monotonicMs();
      const lines = await Promise.all(sessions.map((session) => recordCycle(session, host.stop)));
      for (const line of lines) await sink(line);
      if (cycle === options.cycles) break;
      await pause(startedMs + config.interval - systemClock.monotonicMs(), host.stop);
    }
    exit(exitCodes.allWell);
  });
}

/** The engine runs too, for its questions: what retention will delete next is worth recording. */
async function recordCycle({ session }: LiveSession, signal: AbortSignal): Promise<string> {
  const snapshot = await session.collect(signal);
  if (signal.aborted) return ''; // what an aborted cycle lacks was not missing
  await session.advance(snapshot, signal);
  return `${encodeTraceLine(snapshot)}\n`;
}

async function openSink(file: string, stack: AsyncDisposableStack): Promise<(text: string) => Promise<void>> {
  const unwritable = (error: unknown) => {
    const message = `${file} cannot be written: ${(error as Error).message}; check the path, its permissions and the space there`;
    return new TidemarkError('output.unwritable', message, { file }, error);
  };
  try {
    const handle = stack.use(await open(file, 'a'));
    return (text) =>
      handle.appendFile(text).catch((error: unknown) => {
        throw unwritable(error);
      });
  } catch (error) {
    throw unwritable(error);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(0, ms), undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

function parseCycles(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number from 1.');
}
