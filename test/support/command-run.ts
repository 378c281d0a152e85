import type { CommandHost } from '../../src/commands/command-host.ts';
import { runCommand } from '../../src/commands/index.ts';

export interface CommandRun {
  status: number;
  /** What it wrote to standard output. */
  printed: string;
  /** Lines on standard error. */
  complaints: readonly string[];
}

export interface CommandSurroundings {
  /** What comes on its standard input. */
  input?: string | AsyncIterable<Uint8Array>;
  environment?: Readonly<Record<string, string>>;
}

/** Runs a command as main.ts does, in this process. */
export async function runInProcess(
  options: readonly string[],
  { input = '', environment = {} }: CommandSurroundings = {},
): Promise<CommandRun> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const host: CommandHost = {
    arguments: options,
    environment,
    stdin: typeof input === 'string' ? bytesOf(input) : input,
    print: async (text) => void printed.push(text),
    complain: (line) => void complaints.push(line),
    stop: new AbortController().signal,
    onReload: () => {},
    cpuSeconds: () => 0,
    nodeVersion: 'test',
  };
  const status = await runCommand(host);
  return { status, printed: printed.join(''), complaints };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
