import type { Command } from 'commander';
import type { Snapshot } from '../model/snapshot.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addConfigOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { LiveSession } from './live-session.ts';
import { unreadLines } from './unread.ts';

/** `tidemark check`: whether all that tidemark needs can be read; for a first try, and for `helm test`. */
export function checkCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('check')
    .description('read everything once: exit 0 where all of it can be read, else 1');
  addConfigOptions(command, []).action(async (options: ConfigOptions) => {
    const config = await readConfig(options, host);
    for (const cluster of config.clusters) {
      await using live = await LiveSession.open(config, cluster, host.stop);
      const snapshot = await live.session.collect(host.stop);
      await host.print(`${checkText(snapshot)}\n`);
      if (!isComplete(snapshot)) exit(exitCodes.somethingFound);
    }
  });
}

function isComplete({ completeness, runs = [] }: Snapshot): boolean {
  return completeness === 'full' && runs.every(({ outcome }) => outcome === 'ok');
}

function checkText(snapshot: Snapshot): string {
  const { cluster, completeness, reads, failures, runs = [] } = snapshot;
  const lines = runs.map(({ collector, outcome, durationMs }) => {
    return `  ${outcome.padEnd(7)}  ${collector} (${Math.round(durationMs)} ms)`;
  });
  const seen = [
    counted(reads.cluster?.value.brokers.length, 'broker'),
    counted(reads.cluster?.value.topics.length, 'topic'),
    counted(reads['group-membership']?.value.length, 'group'),
  ];
  const byCollector = runs.map(({ collector }) => ({
    collector,
    failures: [...(reads[collector]?.failures ?? []), ...failures.filter((failure) => failure.collector === collector)],
  }));
  const hidden =
    completeness === 'full' || reads.cluster === undefined
      ? []
      : ['  Kafka may hide groups and topics from us: grant Describe on CLUSTER, so that absence can be believed.'];
  return [
    `${cluster}: ${seen.join(', ')}`,
    ...lines,
    ...unreadLines(byCollector).map((line) => `  ${line}`),
    ...hidden,
  ].join('\n');
}

function counted(count: number | undefined, what: string): string {
  if (count === undefined) return `${what}s unread`;
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
