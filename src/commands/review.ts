import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDuration } from '../model/duration.ts';
import { TidemarkError } from '../model/errors.ts';
import { systemClock } from '../system-clock.ts';
import { alignedLines, type Column, spanText } from './aligned-table.ts';
import { type CommandHost, exitCodes } from './command-host.ts';
import { addFileOptions, type ConfigOptions, readConfig } from './config-options.ts';
import { type CodeReview, FindingReview, flapWithinMs } from './finding-review.ts';

interface ReviewOptions extends ConfigOptions {
  since: number;
  cluster?: string;
  json?: true;
}

/** What `--json` prints, an object a cluster. */
interface ClusterReview {
  cluster: string;
  fromMs: number;
  toMs: number;
  /** Since when findings are kept; later than fromMs where tidemark has not watched, or kept them, for so long. */
  keptSinceMs: number | null;
  codes: readonly CodeReview[];
}

/** `tidemark review`: which findings came how often, lasted how long, and whether anybody had to do something. */
export function reviewCommand(program: Command, host: CommandHost, exit: (code: number) => void): void {
  const command = program
    .command('review')
    .description(
      'list the findings of a daemon by code: raised, still open, median length, flaps (raised again on the same subject within an hour), ' +
        'and those that recovered without action (no change of members, offsets, settings, partitions or brokers was seen); it may go on running',
    )
    .addOption(
      new Option('--since <duration>', 'how far back, e.g. 7d or 26h')
        .argParser(parseSince)
        .default(7 * 86_400_000, '7d'),
    )
    .option('--cluster <name>', 'only this cluster (default: all that are stored)')
    .option('--json', 'as JSON, one object a cluster');
  addFileOptions(command, ['dataDir']).action(async (options: ReviewOptions) => {
    const { dataDir } = await readConfig(options, host, 'offline');
    const { storedClusters } = await import('../store/stored-history.ts');
    const clusters = storedClusters(dataDir);
    const asked = options.cluster === undefined ? clusters : clusters.filter((name) => name === options.cluster);
    if (asked.length === 0) throw unknownCluster(options.cluster, clusters, dataDir);
    for (const cluster of asked) {
      const review = await reviewOf(dataDir, cluster, options.since, host);
      if (review === null) exit(exitCodes.somethingFound);
      else await host.print(options.json ? `${JSON.stringify(review)}\n` : `${reviewText(review)}\n`);
    }
  });
}

function parseSince(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw new InvalidArgumentError('Write a number and a unit, e.g. 7d or 26h.');
  return ms;
}

function unknownCluster(cluster: string | undefined, clusters: readonly string[], dataDir: string): TidemarkError {
  const message = `${dataDir} holds no history of ${cluster}: name one of ${clusters.join(', ')}`;
  return new TidemarkError('config.unreadable', message, { cluster, dataDir });
}

/** Null where the history cannot be read; it was named. */
async function reviewOf(
  dataDir: string,
  cluster: string,
  sinceMs: number,
  host: CommandHost,
): Promise<ClusterReview | null> {
  const { StoredHistory } = await import('../store/stored-history.ts');
  const toMs = systemClock.wallMs();
  const fromMs = toMs - sinceMs;
  try {
    using history = new StoredHistory(dataDir, cluster);
    const review = new FindingReview(fromMs);
    review.addAll(history.transitions(fromMs - flapWithinMs, toMs), history.events(fromMs - flapWithinMs, toMs));
    review.addOpen(history.openFindings());
    return { cluster, fromMs, toMs, keptSinceMs: history.keptSinceMs(), codes: review.codes() };
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'store.unreadable') throw error;
    host.complain(`tidemark: ${error.message}`);
    return null;
  }
}

const columns: readonly Column[] = [
  { heading: 'FINDING', align: 'left' },
  { heading: 'WORST', align: 'left' },
  { heading: 'RAISED', align: 'right' },
  { heading: 'OPEN', align: 'right' },
  { heading: 'MEDIAN LENGTH', align: 'right' },
  { heading: 'FLAPS', align: 'right' },
  { heading: 'WITHOUT ACTION', align: 'right' },
];

function reviewText({ cluster, fromMs, toMs, keptSinceMs, codes }: ClusterReview): string {
  const kept =
    keptSinceMs === null || keptSinceMs <= fromMs ? [] : [`kept since ${new Date(keptSinceMs).toISOString()}`];
  const span = [`the last ${formatDuration(Math.round(toMs - fromMs))}`, ...kept].join(', ');
  if (codes.length === 0) return `${cluster}, ${span}: no finding was raised, and none is open`;
  const rows = codes.map(({ code, severity, raised, open, medianLengthMs, flaps, withoutAction }) => [
    ...[code, severity, `${raised}`, `${open}`, spanText((medianLengthMs ?? Number.NaN) / 1000)],
    ...[`${flaps}`, `${withoutAction}`],
  ]);
  return [`${cluster}, ${span}:`, ...alignedLines(columns, rows)].join('\n');
}
