import type { Command } from 'commander';
import { type AccessSigns, aclCommands, missingPermissions } from '../model/permissions.ts';
import type { Facet, FacetReads, Failure, Snapshot } from '../model/snapshot.ts';
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
      await using live = await LiveSession.open({ config, cluster }, host.stop);
      const snapshot = await live.session.collect(host.stop);
      await host.print(`${checkText(snapshot)}\n`);
      if (!isComplete(snapshot)) exit(exitCodes.somethingFound);
    }
  });
}

/** What these brokers are too old to tell, or have not (a quorum, on ZooKeeper), nobody can grant. */
function isComplete(snapshot: Snapshot): boolean {
  const { completeness, runs = [] } = snapshot;
  const mayBeUnread = ({ code }: Failure) => code === 'upstream.unsupported';
  return (
    completeness === 'full' &&
    runs.every(({ collector, outcome }) => outcome === 'ok' || failuresOf(snapshot, collector).every(mayBeUnread))
  );
}

function failuresOf({ reads, failures }: Snapshot, collector: Facet): Failure[] {
  return [...(reads[collector]?.failures ?? []), ...failures.filter((failure) => failure.collector === collector)];
}

function checkText(snapshot: Snapshot): string {
  const { cluster, completeness, reads, runs = [] } = snapshot;
  const lines = runs.map(({ collector, outcome, durationMs }) => {
    return `  ${outcome.padEnd(7)}  ${collector} (${Math.round(durationMs)} ms)`;
  });
  const seen = [
    counted(reads.cluster?.value.brokers.length, 'broker'),
    counted(reads.cluster?.value.topics.length, 'topic'),
    counted(reads['group-membership']?.value.length, 'group'),
  ];
  const byCollector = runs.map(({ collector }) => ({ collector, failures: failuresOf(snapshot, collector) }));
  const isHiding = completeness === 'filtered' && reads.cluster !== undefined;
  const hidden = isHiding
    ? ['  Kafka may hide groups and topics from us: without Describe on CLUSTER absence cannot be believed.']
    : [];
  return [
    `${cluster}: ${seen.join(', ')}`,
    ...lines,
    ...unreadLines(byCollector).map((line) => `  ${line}`),
    ...hidden,
    ...grantLines(reads, byCollector).map((line) => `  ${line}`),
  ].join('\n');
}

/** The commands that grant what was denied, and who must be allowed it. */
function grantLines({ permissions, cluster }: FacetReads, collectors: AccessSigns['collectors']): string[] {
  const missing = missingPermissions({ permissions: permissions?.value ?? null, collectors });
  if (missing.length === 0) return [];
  const living = cluster?.value.brokers[0];
  const commands = aclCommands(missing, {
    principal: permissions?.value.principal ?? null,
    bootstrapServer: living === undefined ? null : `${living.host}:${living.port}`,
  });
  return ['To allow it, as a principal that may alter ACLs:', ...commands.map((command) => `  ${command}`)];
}

function counted(count: number | undefined, what: string): string {
  if (count === undefined) return `${what}s unread`;
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
