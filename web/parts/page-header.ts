import { html } from 'htm/preact';
import { type Address, formatAddress, home, type View } from '../model/address.ts';
import type { ClusterAnswer } from '../model/answers.ts';
import { clusterFreshness } from '../model/freshness.ts';
import type { Tone } from '../model/outlook.ts';
import { percentWords, plural } from '../model/words.ts';
import { Mark } from './mark.ts';

const links: readonly (readonly [View, string])[] = [
  ['groups', 'Groups'],
  ['topics', 'Topics'],
  ['cluster', 'Cluster'],
  ['tidemark', 'tidemark'],
];

/** Of what is opened from a list: the list. */
const parentOf: Partial<Record<View, View>> = { group: 'groups', topic: 'topics' };

interface HeaderProps {
  address: Address;
  clusters: readonly ClusterAnswer[];
  nowMs: number;
}

/** Name, a line for each cluster, and the views. */
export function PageHeader({ address, clusters, nowMs }: HeaderProps) {
  const current = parentOf[address.view] ?? address.view;
  return html`
    <header>
      <a class="name" href="?" aria-label="tidemark, to the first glance">tide<i>mark</i></a>
      <div class="clusters" role="list" aria-label="Clusters">
        ${clusters.map((cluster) => html`<${ClusterLine} key=${cluster.cluster} cluster=${cluster} nowMs=${nowMs} />`)}
      </div>
      <nav aria-label="Views">
        ${links.map(
          ([view, label]) => html`
            <a href=${formatAddress({ ...home, view, cluster: address.cluster })} aria-current=${view === current ? 'page' : undefined}>${label}</a>
          `,
        )}
      </nav>
    </header>
  `;
}

/** Reachable, brokers, offline, under min ISR, worst disk, age of the data: in that order, each in words. */
function ClusterLine({ cluster, nowMs }: { cluster: ClusterAnswer; nowMs: number }) {
  const age = clusterFreshness(cluster, nowMs);
  const { brokers, partitions, worstDiskUsedRatio: disk } = cluster;
  const read = age.ageSeconds !== null;
  return html`
    <div class=${`cluster-line${age.stale ? ' stale-line' : ''}`} role="listitem">
      <a class="cluster-name" href=${formatAddress({ ...home, cluster: cluster.cluster })} title=${`Only this cluster. Kafka's ID: ${cluster.clusterId ?? 'not read'}. ${cluster.bootstrap}`}>${cluster.cluster}</a>
      ${!cluster.reachable && cluster.atMs !== null && html`<${Fact} tone="bad" text="unreachable" title=${cluster.problem ?? ''} />`}
      ${
        read &&
        html`
          <${Fact} tone=${brokers.up < brokers.known ? 'bad' : 'good'} text=${`${brokers.up} of ${brokers.known} brokers`} title="Living brokers, of all that stand in some replica list." />
          <${Fact} tone=${partitions.offline > 0 ? 'bad' : 'good'} text=${`${partitions.offline} offline`} title="Partitions without a leader: nothing can be read from or written to them." />
          <${IsrFact} partitions=${partitions} />
          ${disk !== null && html`<${Fact} tone=${diskTone(disk)} text=${`disk ${percentWords(disk)}`} title="The fullest log directory of all brokers." />`}
        `
      }
      <span class="quiet age" title="Age of the newest complete reading of this cluster.">${age.words}</span>
    </div>
  `;
}

function IsrFact({ partitions }: { partitions: ClusterAnswer['partitions'] }) {
  const under = partitions.underMinIsr;
  if (under > 0 || partitions.atMinIsr === 0) {
    return html`<${Fact} tone=${under > 0 ? 'bad' : 'good'} text=${`${under} under min ISR`} title="Partitions with fewer in-sync replicas than min.insync.replicas: acks=all writes fail." />`;
  }
  return html`<${Fact} tone="warn" text=${`${partitions.atMinIsr} at min ISR`} title=${`${plural(partitions.atMinIsr, 'partition')} would refuse acks=all writes if one more replica were lost; none does now.`} />`;
}

function Fact({ tone, text, title }: { tone: Tone; text: string; title: string }) {
  return html`<span class="fact" title=${title}><${Mark} tone=${tone} />${text}</span>`;
}

function diskTone(ratio: number): Tone {
  if (ratio >= 0.85) return 'bad';
  return ratio >= 0.7 ? 'warn' : 'good';
}
