import { engineSettings } from '../cluster-session.ts';
import type { Config } from '../config/schema.ts';
import { formatDuration } from '../model/duration.ts';
import { TidemarkError } from '../model/errors.ts';
import { type Tier, tierStepMs } from '../store/addresses.ts';
import { StoredHistory, storedClusters, type TierSpan } from '../store/stored-history.ts';
import type { CommandHost } from './command-host.ts';
import { ReplayJudge } from './replay-judge.ts';
import { storeGaps } from './store-gaps.ts';

export interface StoreReplay {
  directory: string;
  tier: Tier;
  config: Config;
  reports: boolean;
  host: CommandHost;
}

/**
 * Judges what a daemon has stored, cluster by cluster, and says on standard error what the store does not hold. False where the
 * history of a cluster could not be read to its end; it was named, and the others were judged.
 */
export async function replayStore(replay: StoreReplay): Promise<boolean> {
  let isWhole = true;
  for (const cluster of storedClusters(replay.directory)) {
    if (replay.host.stop.aborted) break;
    try {
      using history = new StoredHistory(replay.directory, cluster);
      isWhole = (await replayHistory(history, cluster, replay)) && isWhole;
    } catch (error) {
      if (!(error instanceof TidemarkError) || error.code !== 'store.unreadable') throw error;
      replay.host.complain(`tidemark: ${error.message}`);
      isWhole = false;
    }
  }
  return isWhole;
}

async function replayHistory(history: StoredHistory, cluster: string, replay: StoreReplay): Promise<boolean> {
  const { tier, config, reports, host } = replay;
  const span = history.span(tier);
  if (span === null) {
    host.complain(`${cluster}: ${history.path} holds no samples of this tier yet`);
    return true;
  }
  const { sentences, unjudged } = storeGaps(history.keptSince(tier), span.fromMs);
  for (const line of [
    ...spanLines(history.path, span, replay),
    ...sentences.map((sentence) => `not stored: ${sentence}`),
  ]) {
    host.complain(`${cluster}: ${line}`);
  }
  const intervalMs = tier === 'raw' ? config.interval : Math.max(config.interval, tierStepMs[tier]);
  const judge = new ReplayJudge({ settings: { ...engineSettings(config), intervalMs }, host, reports, unjudged });
  let isWhole = true;
  for (const { snapshot, purpose } of history.snapshots(tier)) {
    if (host.stop.aborted) break;
    const problem = purpose === 'judge' ? await judge.judge(snapshot) : judge.refill(snapshot);
    if (problem === null) continue;
    host.complain(`${cluster}: ${new Date(snapshot.atMs).toISOString()}: ${problem}`);
    isWhole = false;
  }
  return isWhole;
}

/** A distance that differs by more is another interval, not a cycle that was late. */
const intervalTolerance = 1.5;

function spanLines(
  path: string,
  { ticks, fromMs, toMs, usualDistanceMs }: TierSpan,
  { tier, config }: StoreReplay,
): string[] {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const what = tier === 'raw' ? 'cycles' : `samples, one in ${formatDuration(tierStepMs[tier])}`;
  const lines = [`${ticks} ${what}, from ${from} to ${to}, of ${path}`];
  if (tier !== 'raw' || usualDistanceMs === null) return lines;
  const ratio = usualDistanceMs / config.interval;
  if (ratio > intervalTolerance || ratio < 1 / intervalTolerance) {
    const [apart, interval] = [usualDistanceMs, config.interval].map((ms) => formatDuration(Math.round(ms)));
    lines.push(
      `the cycles lie ${apart} apart, but the interval is ${interval}: give the daemon's settings with --config`,
    );
  }
  return lines;
}
