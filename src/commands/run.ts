import { once } from 'node:events';
import type { Command } from 'commander';
import { createLogger, type Logger } from '../log.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { groupTable } from './group-table.ts';
import { openTraceFile, TraceWriter } from './trace-file.ts';
import { unreadLines } from './unread.ts';

/** Groups that the first look prints: a screenful. */
const groupsAtFirst = 20;

interface RunOptions extends ConfigOptions {
  record?: string;
}

/** `tidemark`, `tidemark run`: the daemon, until SIGINT or SIGTERM. SIGHUP reads the settings again. */
export function runDaemonCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('run', { isDefault: true })
    .description('watch the clusters and serve the page (default)')
    .option('--record <file>', 'also append what is read to this file, as a trace for replay');
  addConfigOptions(command, ['interval', 'dataDir', 'host', 'port', 'logLevel']).action(async (options: RunOptions) => {
    const config = await readConfig(options, host);
    // Server, store and scheduler are more than half of all modules, and no other command needs them.
    const { Daemon } = await import('../daemon.ts');
    const log = createLogger(config.log.level);
    const firstLook = new FirstLook(host);
    await using files = new AsyncDisposableStack();
    const judging = options.record === undefined ? undefined : await recorder(options.record, files, log);
    await using daemon = await Daemon.start({
      config,
      log,
      nodeVersion: host.nodeVersion,
      cpuSeconds: host.cpuSeconds,
      published: (report) => firstLook.show(report),
      ...(judging && { judging }),
    });
    await host.print(`The page is at ${daemon.address}\n`);
    log.info({ address: daemon.address, clusters: config.clusters.length }, 'tidemark watches');
    host.onReload(() => void daemon.reload(() => readConfig(options, host)));
    if (!host.stop.aborted) await once(host.stop, 'abort');
    log.info('tidemark ends');
    exit(exitCodes.allWell);
  });
}

/** A file that cannot be written any more ends the recording, never the watching. */
async function recorder(file: string, files: AsyncDisposableStack, log: Logger): Promise<(snapshot: Snapshot) => void> {
  const trace = new TraceWriter(await openTraceFile(file, files));
  files.defer(() => trace.flushed().catch(() => {}));
  let failed = false;
  return (snapshot) => {
    if (failed) return;
    trace.write(snapshot);
    trace.flushed().catch((error: unknown) => {
      if (!failed) log.error({ error }, 'the trace could not be written; nothing more is recorded');
      failed = true;
    });
  };
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
