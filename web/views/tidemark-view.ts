import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import type { ClusterAnswer, CollectorAnswer } from '../model/answers.ts';
import { isFiltered } from '../model/glance.ts';
import type { Tone } from '../model/outlook.ts';
import { bytesWords, durationWords, plural } from '../model/words.ts';
import { Mark } from '../parts/mark.ts';
import { MissingPermissions } from '../parts/missing-permissions.ts';

/** tidemark itself: how each collector fares, how old what it read is, and what it may not see. */
export function TidemarkView({ clusters, version, everyMs, nowMs }: ViewProps) {
  return html`
    <${Heading} clusters=${clusters} version=${version} />
    ${clusters.map((cluster) => html`<${OneCluster} key=${cluster.cluster} cluster=${cluster} everyMs=${everyMs} nowMs=${nowMs} />`)}
    <p class="quiet small"><a href="metrics">metrics</a> · <a href="metrics/partitions">metrics by partition</a> · <a href="openapi.json">openapi.json</a></p>
  `;
}

function Heading({ clusters, version }: Pick<ViewProps, 'clusters' | 'version'>) {
  const runs = clusters.flatMap(({ collectors }) => collectors);
  const failing = runs.filter(({ outcome }) => outcome !== 'ok').length;
  const [tone, text] =
    runs.length === 0
      ? (['unknown', 'has not read anything yet'] as const)
      : failing === 0
        ? (['good', 'reads all that it asks for'] as const)
        : (['bad', `could not read all: ${failing} of ${plural(runs.length, 'collector')}`] as const);
  return html`<h1>tidemark ${version} <b class=${`tone-${tone}`}>${text}</b></h1>`;
}

interface OneProps {
  cluster: ClusterAnswer;
  everyMs: number;
  nowMs: number;
}

function OneCluster({ cluster, everyMs, nowMs }: OneProps) {
  return html`
    <section>
      <h2>Collectors of ${cluster.cluster} <span class="right">a cycle every ${durationWords(cluster.intervalMs / 1000)}</span></h2>
      ${isFiltered(cluster) && html`<p><${Mark} tone="warn" />tidemark lacks Describe on the cluster: Kafka leaves out what it may not see, so nothing that is absent counts as gone.</p>`}
      <${MissingPermissions} cluster=${cluster.cluster} everyMs=${everyMs} />
      ${cluster.store?.error && html`<p class="tone-bad"><${Mark} tone="bad" />The last cycle could not be stored: ${cluster.store.error}</p>`}
      <table>
        <thead>
          <tr><th scope="col">Collector</th><th scope="col">Last run</th><th scope="col" class="n">Took</th><th scope="col" class="n">Last success</th><th scope="col" class="n mid">Every</th></tr>
        </thead>
        <tbody>${cluster.collectors.map((run) => html`<${CollectorRow} key=${run.collector} run=${run} nowMs=${nowMs} />`)}</tbody>
      </table>
      <p class="quiet small">Store: ${cluster.store === null ? 'none' : bytesWords(cluster.store.sizeBytes)}. ${cluster.groups.unread > 0 ? `${plural(cluster.groups.unread, 'group')} could not be read.` : ''}</p>
    </section>
  `;
}

const outcomes: Readonly<Record<CollectorAnswer['outcome'], { tone: Tone; text: string }>> = {
  ok: { tone: 'good', text: 'all read' },
  partial: { tone: 'warn', text: 'partly read' },
  failed: { tone: 'bad', text: 'failed' },
};

function CollectorRow({ run, nowMs }: { run: CollectorAnswer; nowMs: number }) {
  const { tone, text } = outcomes[run.outcome];
  return html`
    <tr>
      <th scope="row">${run.collector}</th>
      <td class=${run.outcome === 'ok' ? '' : `tone-${tone}`}>
        <${Mark} tone=${tone} />${text}${run.failingPolls > 1 && ` ${run.failingPolls} times in a row`}
        ${run.failures.length > 0 && html`<ul class="failures">${failureWords(run).map((words) => html`<li>${words}</li>`)}</ul>`}
      </td>
      <td class="n">${Math.round(run.durationMs)} ms</td>
      <td class="n">${run.lastSuccessMs === null ? 'never' : `${durationWords(Math.max(0, Math.round((nowMs - run.lastSuccessMs) / 1000)))} ago`}</td>
      <td class="n mid">${durationWords(run.everyMs / 1000)}</td>
    </tr>
  `;
}

/** Failures by what they say, the first few. */
function failureWords(run: CollectorAnswer): string[] {
  const words = [
    ...new Set(
      run.failures.map(
        ({ code, message, brokerId }) => `${message ?? code}${brokerId === undefined ? '' : ` (broker ${brokerId})`}`,
      ),
    ),
  ];
  return words.length > 3 ? [...words.slice(0, 3), `and ${words.length - 3} more`] : words;
}
