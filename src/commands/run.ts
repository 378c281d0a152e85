import { once } from 'node:events';
import type { Command } from 'commander';
import { createLogger } from '../log.ts';
import type { Report } from '../model/report.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { groupTable } from './group-table.ts';
import { unreadLines } from './unread.ts';

/** Groups that the first look prints: a screenful. */
const groupsAtFirst = 20;

/** `tidemark`, `tidemark run`: the daemon, until SIGINT or SIGTERM. SIGHUP reads the settings again. */
export function runDaemonCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('run', { isDefault: true })
    .description('watch the clusters and serve the page (default)');
  addConfigOptions(command, ['interval', 'dataDir', 'host', 'port', 'logLevel']).action(
    async (options: ConfigOptions) => {
      const config = await readConfig(options, host);
      // Server, store and scheduler are more than half of all modules, and no other command needs them.
      const { Daemon } = await import('../daemon.ts');
      const log = createLogger(config.log.level);
      const firstLook = new FirstLook(host);
      await using daemon = await Daemon.start({
        config,
        log,
        nodeVersion: host.nodeVersion,
        cpuSeconds: host.cpuSeconds,
        published: (report) => firstLook.show(report),
      });
      await host.print(`The page is at ${daemon.address}\n`);
      log.info({ address: daemon.address, clusters: config.clusters.length }, 'tidemark watches');
      host.onReload(() => void daemon.reload(() => readConfig(options, host)));
      if (!host.stop.aborted) await once(host.stop, 'abort');
      log.info('tidemark ends');
      exit(exitCodes.allWell);
    },
  );
}

/** What a newcomer wants to see without opening the page: each cluster's groups once, when they were first read. */
class FirstLook {
  readonly #host: CommandHost;
  readonly #shown = new Set<string>();

  constructor(host: CommandHost) {
    this.#host = host;
  }

  show(report: Report): void {
    if (!report.reachable || this.#shown.has(report.cluster)) return;
    this.#shown.add(report.cluster);
    const { groups, partitions } = report.counts;
    const lines = [
      `Cluster ${report.cluster}: ${groups} groups on ${partitions} partitions.`,
      groupTable(report, groupsAtFirst),
      ...(report.completeness === 'full' ? [] : ['Kafka may hide groups and topics from us (no Describe on CLUSTER).']),
      ...unreadLines(report.collectors),
    ];
    void this.#host.print(`${lines.join('\n')}\n`);
  }
}
