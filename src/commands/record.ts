import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Snapshot } from '../model/snapshot.ts';
import { systemClock } from '../system-clock.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { LiveSession } from './live-session.ts';
import { openTraceFile, TraceWriter } from './trace-file.ts';

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
    const sink = options.output === undefined ? host.print : await openTraceFile(options.output, stack);
    const trace = new TraceWriter(sink);
    const judging = (snapshot: Snapshot) => trace.write(snapshot);
    const sessions: LiveSession[] = [];
    for (const cluster of config.clusters) {
      sessions.push(stack.use(await LiveSession.open({ config, cluster, judging }, host.stop)));
    }
    for (let cycle = 1; !host.stop.aborted; cycle++) {
      const startedMs = systemClock.monotonicMs();
      await Promise.all(sessions.map((session) => recordCycle(session, host.stop)));
      await trace.flushed();
      if (cycle === options.cycles) break;
      await pause(startedMs + config.interval - systemClock.monotonicMs(), host.stop);
    }
    exit(exitCodes.allWell);
  });
}

/** The engine runs too, for its questions: what retention will delete next is worth recording. */
async function recordCycle({ session }: LiveSession, signal: AbortSignal): Promise<void> {
  const snapshot = await session.collect(signal);
  // What an aborted cycle lacks was not missing.
  if (!signal.aborted) await session.advance(snapshot, signal);
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
