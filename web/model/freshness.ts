import type { ClusterAnswer, ClustersAnswer } from './answers.ts';
import { durationWords } from './words.ts';

/** How old data is, and whether it is too old to be trusted. */
export interface Freshness {
  /** Null where nothing was ever read. */
  ageSeconds: number | null;
  stale: boolean;
  /** `read 4 s ago` */
  words: string;
}

/** Data is old after three intervals, but not before a minute: the same rule that the judgement of rows goes by. */
export function freshness(readAtMs: number | null, intervalMs: number, nowMs: number): Freshness {
  if (readAtMs === null) return { ageSeconds: null, stale: false, words: 'not read yet' };
  const ageMs = Math.max(0, nowMs - readAtMs);
  return {
    ageSeconds: ageMs / 1000,
    stale: ageMs > Math.max(60_000, 3 * intervalMs),
    words: `read ${durationWords(Math.round(ageMs / 1000))} ago`,
  };
}

export function clusterFreshness(cluster: ClusterAnswer, nowMs: number): Freshness {
  return freshness(cluster.readAtMs, cluster.intervalMs, nowMs);
}

/** How often the page asks: as often as the fastest cluster is read, within what a browser and a human can bear. */
export function askEveryMs(answer: ClustersAnswer | null): number {
  const fastest = Math.min(15_000, ...(answer?.clusters.map((cluster) => cluster.intervalMs) ?? [2_000]));
  return Math.max(2_000, fastest);
}
