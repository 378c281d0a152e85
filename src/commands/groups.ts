import type { Command } from 'commander';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { groupTable } from './group-table.ts';
import { LiveSession } from './live-session.ts';
import { unreadLines } from './unread.ts';

/** `tidemark groups`: one look at the lag and time lag of every group. Nothing is stored. */
export function groupsCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program.command('groups').description('print the lag and time lag of every group, once');
  addConfigOptions(command, []).action(async (options: ConfigOptions) => {
    const config = await readConfig(options, host);
    for (const cluster of config.clusters) {
      await using live = await LiveSession.open({ config, cluster }, host.stop);
      const { report } = await live.cycle(host.stop);
      if (config.clusters.length > 1) await host.print(`${report.cluster}\n`);
      if (report.reachable) await host.print(`${groupTable(report, Number.POSITIVE_INFINITY)}\n`);
      for (const line of unreadLines(report.collectors)) host.complain(line);
      if (!report.reachable) exit(exitCodes.somethingFound);
    }
  });
}
