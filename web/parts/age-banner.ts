import { html } from 'htm/preact';
import type { ClusterAnswer } from '../model/answers.ts';
import { clusterFreshness } from '../model/freshness.ts';
import { durationWords } from '../model/words.ts';

interface BannerProps {
  clusters: readonly ClusterAnswer[];
  /** A sentence while tidemark itself does not answer. */
  problem: string | null;
  stale: boolean;
  nowMs: number;
}

/** Says in large type that what stands on the page is old, and why. Nothing while all is fresh. */
export function AgeBanner({ clusters, problem, stale, nowMs }: BannerProps) {
  if (problem === null && !stale) return null;
  const ages = clusters.map((cluster) => clusterFreshness(cluster, nowMs).ageSeconds).filter((age) => age !== null);
  const oldest = ages.length === 0 ? null : Math.max(...ages);
  const whys = problem === null ? clusters.map((cluster) => cluster.problem).filter((why) => why !== null) : [problem];
  return html`
    <div class="age-banner">
      ${oldest !== null && html`<strong>${durationWords(Math.round(oldest))} old</strong>`}
      <span role="alert">${whys.length > 0 ? whys.join(' ') : 'No new reading has come.'} ${oldest !== null && 'Nothing below is newer than that.'}</span>
    </div>
  `;
}
