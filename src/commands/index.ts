import { Command, CommanderError } from 'commander';
import { errorCatalogue, TidemarkError } from '../model/errors.ts';
import { version } from '../package-root.ts';
import { checkCommand } from './check.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { groupsCommand } from './groups.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { reviewCommand } from './review.ts';
import { runDaemonCommand } from './run.ts';

/** Runs what the arguments name and resolves to the exit code. */
export async function runCommand(host: CommandHost): Promise<number> {
  let exitCode: number = exitCodes.allWell;
  const program = new Command('tidemark')
    .description('Watches Kafka consumer groups: who is behind, and who will lose data to retention, when.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.print(text),
      writeErr: (text) => host.complain(text.trimEnd()),
    })
    .showHelpAfterError('(tidemark --help lists what there is)');
  const exit = (code: number) => {
    exitCode = code;
  };
  for (const add of [runDaemonCommand, groupsCommand, checkCommand, recordCommand, replayCommand, reviewCommand]) {
    add(program, host, exit);
  }
  const unknown = unknownCommand(program, host.arguments[0]);
  if (unknown !== null) {
    host.complain(unknown);
    return exitCodes.wrongUse;
  }
  try {
    await program.parseAsync(host.arguments, { from: 'user' });
  } catch (error) {
    return exitCodeOf(error, host);
  }
  return exitCode;
}

/** A sentence where the first argument is a word that names no command: the default one would take it for an argument of its own. */
function unknownCommand(program: Command, word = '--help'): string | null {
  const names = program.commands.map((command) => command.name());
  if (word.startsWith('-') || [...names, 'help'].includes(word)) return null;
  return `tidemark: there is no command "${word}"; write one of ${names.join(', ')}`;
}

/** Anything that is neither wrong use nor a fault of the outside is a bug: it ends the process with its stack. */
function exitCodeOf(error: unknown, host: CommandHost): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.allWell : exitCodes.wrongUse;
  if (!(error instanceof TidemarkError)) throw error;
  host.complain(`tidemark: ${error.message}`);
  return errorCatalogue[error.code].class === 'config' ? exitCodes.wrongUse : exitCodes.somethingFound;
}
