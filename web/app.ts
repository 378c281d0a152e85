import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { useAddress } from './live/navigate.ts';
import { useNow } from './live/now.ts';
import { type Polled, usePolled } from './live/poll.ts';
import type { Address } from './model/address.ts';
import type { ClusterAnswer, ClustersAnswer } from './model/answers.ts';
import { askEveryMs, clusterFreshness } from './model/freshness.ts';
import { clustersPath } from './model/paths.ts';
import { AgeBanner } from './parts/age-banner.ts';
import { PageHeader } from './parts/page-header.ts';
import { ClusterView } from './views/cluster-view.ts';
import { GroupView } from './views/group-view.ts';
import { HomeView } from './views/home-view.ts';
import { TidemarkView } from './views/tidemark-view.ts';
import { TopicView } from './views/topic-view.ts';
import { TopicsView } from './views/topics-view.ts';

/** What every view is given. */
export interface ViewProps {
  address: Address;
  /** Those that the address asks for. */
  clusters: readonly ClusterAnswer[];
  version: string;
  everyMs: number;
  /** By the server's clock, so that a reader's wrong clock makes no data old. */
  nowMs: number;
}

const viewOf = {
  groups: HomeView,
  group: GroupView,
  topics: TopicsView,
  topic: TopicView,
  cluster: ClusterView,
  tidemark: TidemarkView,
} as const;

const titles = { groups: 'Groups', topics: 'Topics', cluster: 'Cluster', tidemark: 'tidemark itself' } as const;

export function App() {
  const address = useAddress();
  const [polled, everyMs] = useClusters();
  const nowMs = serverNow(polled, useNow());
  useEffect(() => {
    // The first glance puts its sentence there instead.
    if (address.view === 'group') document.title = `${address.group} · tidemark`;
    else if (address.view === 'topic') document.title = `${address.topic} · tidemark`;
    else if (address.view !== 'groups') document.title = `${titles[address.view]} · tidemark`;
  }, [address.view, address.group, address.topic]);

  const all = polled.answer?.clusters ?? [];
  const clusters = all.filter((cluster) => address.cluster === null || cluster.cluster === address.cluster);
  const stale = clusters.length > 0 && clusters.every((cluster) => clusterFreshness(cluster, nowMs).stale);
  return html`
    <a class="skip" href="#main">Skip to the verdict</a>
    <div class=${stale ? 'sheet stale' : 'sheet'}>
      <${PageHeader} address=${address} clusters=${all} nowMs=${nowMs} />
      <${AgeBanner} clusters=${clusters} problem=${polled.problem} stale=${stale} nowMs=${nowMs} />
      <main id="main" tabindex="-1">
        ${
          polled.answer === null || clusters.length === 0
            ? html`<${NoCluster} polled=${polled} name=${address.cluster} />`
            : html`<${viewOf[address.view]} key=${subjectOf(address)} address=${address} clusters=${clusters} version=${polled.answer.version} everyMs=${everyMs} nowMs=${nowMs} />`
        }
      </main>
    </div>
  `;
}

/** Of another group, or another topic, nothing of the view before may stay; of a group's other topic it may. */
function subjectOf({ view, group, topic }: Address): string | null {
  return view === 'topic' ? topic : group;
}

/** What stands in place of a view while there is no cluster to show. */
function NoCluster({ polled, name }: { polled: Polled<ClustersAnswer>; name: string | null }) {
  if (polled.answer !== null && name !== null) {
    return html`<h1>No cluster is called ${name} here.</h1><p><a href="?">All clusters</a></p>`;
  }
  if (polled.answer !== null) return html`<h1>No cluster is watched.</h1>`;
  return html`<h1>${polled.problem === null ? 'Asking tidemark …' : 'tidemark does not answer.'}</h1>`;
}

/** The clusters, asked as often as the fastest of them is read. */
function useClusters(): [Polled<ClustersAnswer>, number] {
  const first = usePolled<ClustersAnswer>(clustersPath, 2_000);
  return [first, askEveryMs(first.answer)];
}

function serverNow(polled: Polled<ClustersAnswer>, nowMs: number): number {
  if (polled.answer === null || polled.receivedAtMs === null) return nowMs;
  return nowMs + polled.answer.serverMs - polled.receivedAtMs;
}
