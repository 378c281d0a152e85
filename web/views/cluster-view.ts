import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import { formatAddress, topicAddress } from '../model/address.ts';
import type {
  BrokerReport,
  BrokersAnswer,
  ClusterAnswer,
  Finding,
  FindingsAnswer,
  PartitionAnswer,
  PartitionsAnswer,
} from '../model/answers.ts';
import { diskLines } from '../model/broker-words.ts';
import { codeWords, severityTone } from '../model/codes.ts';
import { clusterCommands } from '../model/commands.ts';
import { subjectWords, worstOf } from '../model/finding-words.ts';
import { clusterFreshness } from '../model/freshness.ts';
import { isActionable } from '../model/glance.ts';
import { isLint } from '../model/lints.ts';
import { brokersPath, findingsPath, type PartitionState, partitionStates, partitionsPath } from '../model/paths.ts';
import { grouped, plural } from '../model/words.ts';
import { CopyButton } from '../parts/copy-button.ts';
import { FindingList } from '../parts/finding-list.ts';
import { LintList } from '../parts/lint-list.ts';
import { Mark } from '../parts/mark.ts';
import { QuorumTable } from '../parts/quorum-table.ts';

/** ISR and brokers of each cluster on one screen. */
export function ClusterView({ clusters, everyMs, nowMs }: ViewProps) {
  return html`${clusters.map((cluster) => html`<${OneCluster} key=${cluster.cluster} cluster=${cluster} everyMs=${everyMs} nowMs=${nowMs} />`)}`;
}

interface OneProps {
  cluster: ClusterAnswer;
  everyMs: number;
  nowMs: number;
}

function OneCluster({ cluster, everyMs, nowMs }: OneProps) {
  const brokers = usePolled<BrokersAnswer>(brokersPath(cluster.cluster), everyMs).answer?.brokers ?? [];
  const all = usePolled<FindingsAnswer>(findingsPath(cluster.cluster), everyMs).answer?.findings ?? [];
  const ofCluster = all.filter((finding) => finding.groupId === undefined);
  const findings = ofCluster.filter((finding) => !isLint(finding));
  const health = healthOf(cluster, findings);
  const commands = clusterCommands(cluster.bootstrap, ofCluster).join('\n');
  return html`
    <h1>${cluster.cluster}: <b class=${`tone-${health.tone}`}>${health.text}</b></h1>
    <p class="quiet small beneath">Kafka's cluster ID ${cluster.clusterId ?? 'is not read yet'} · ${cluster.bootstrap} · ${plural(cluster.partitions.total, 'partition')}</p>
    <${FindingList} findings=${findings} nowMs=${nowMs} />
    <${BrokerTable} brokers=${brokers} />
    <${QuorumTable} quorum=${cluster.quorum} />
    ${
      clusterFreshness(cluster, nowMs).ageSeconds === null
        ? html`<p class="quiet">Its partitions are not known: nothing was read of it yet.</p>`
        : partitionStates.map(
            (state) => html`<${PartitionList} key=${state} cluster=${cluster} state=${state} everyMs=${everyMs} />`,
          )
    }
    <${LintList} findings=${ofCluster} />
    <section>
      <h2>Next check <span class="right"><${CopyButton} text=${commands} label="Copy commands" of=${cluster.cluster} /></span></h2>
      <pre tabindex="0" aria-label="Commands to paste">${commands}</pre>
    </section>
  `;
}

function healthOf({ reachable, atMs, brokers, partitions }: ClusterAnswer, findings: readonly Finding[]) {
  if (atMs === null) return { tone: 'unknown', text: 'not read yet' } as const;
  if (!reachable) return { tone: 'bad', text: 'cannot be reached' } as const;
  if (partitions.offline > 0)
    return { tone: 'bad', text: `${plural(partitions.offline, 'partition')} offline` } as const;
  if (partitions.underMinIsr > 0)
    return { tone: 'bad', text: `${plural(partitions.underMinIsr, 'partition')} under min ISR` } as const;
  if (brokers.up < brokers.known)
    return { tone: 'bad', text: `${plural(brokers.known - brokers.up, 'broker')} missing` } as const;
  if (partitions.underReplicated > 0)
    return { tone: 'warn', text: `${plural(partitions.underReplicated, 'partition')} under-replicated` } as const;
  const worst = worstOf(findings.filter(isActionable));
  if (worst !== undefined)
    return { tone: severityTone(worst.severity), text: `${subjectWords(worst)} ${codeWords(worst.code)}` } as const;
  return { tone: 'good', text: 'every replica is in sync' } as const;
}

function BrokerTable({ brokers }: { brokers: readonly BrokerReport[] }) {
  if (brokers.length === 0) return html`<p class="quiet">No broker is known yet.</p>`;
  return html`
    <section aria-label="Brokers">
      <h2>Brokers</h2>
      <table>
        <thead>
          <tr><th scope="col">Broker</th><th scope="col">State</th><th scope="col" class="n">Leaders</th><th scope="col" class="n mid">Replicas</th><th scope="col" class="mid">Rack</th><th scope="col">Disk</th></tr>
        </thead>
        <tbody>
          ${brokers.map(
            (broker) => html`
              <tr key=${broker.brokerId}>
                <th scope="row">${broker.brokerId} <small class="quiet">${broker.host === null ? '' : `${broker.host}:${broker.port}`}</small></th>
                <td class=${broker.up ? '' : 'tone-bad'}><${Mark} tone=${broker.up ? 'good' : 'bad'} />${broker.up ? 'up' : 'missing'}</td>
                <td class="n">${grouped(broker.leaders)}</td>
                <td class="n mid">${grouped(broker.replicas)}</td>
                <td class="mid quiet">${broker.rack ?? 'none'}</td>
                <td>${diskLines(broker.logDirs).map((line) => html`<div key=${line}>${line}</div>`)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}

const stateWords: Readonly<Record<PartitionState, { title: string; none: string }>> = {
  offline: { title: 'Offline: no leader', none: 'No partition is offline.' },
  'under-min-isr': {
    title: 'Under min ISR: writes with acks=all fail',
    none: 'No partition is under its min.insync.replicas.',
  },
  'under-replicated': { title: 'Under-replicated: a replica is not in sync', none: 'Every replica is in sync.' },
};

function PartitionList({
  cluster,
  state,
  everyMs,
}: {
  cluster: ClusterAnswer;
  state: PartitionState;
  everyMs: number;
}) {
  const { answer } = usePolled<PartitionsAnswer>(partitionsPath(cluster.cluster, state), everyMs);
  const words = stateWords[state];
  if (answer === null) return null;
  return html`
    <section aria-label=${words.title}>
      <h2>${words.title} <span class="right">${grouped(answer.total)}</span></h2>
      ${answer.total === 0 ? html`<p class="quiet"><${Mark} tone="good" />${words.none}</p>` : html`<${PartitionRows} answer=${answer} />`}
    </section>
  `;
}

function PartitionRows({ answer }: { answer: PartitionsAnswer }) {
  const hidden = answer.total - answer.partitions.length;
  return html`
    <table>
      <thead><tr><th scope="col">Partition</th><th scope="col">Leader</th><th scope="col">In sync</th><th scope="col">Out of sync</th><th scope="col" class="n">min.insync</th></tr></thead>
      <tbody>${answer.partitions.map((row) => html`<${PartitionRow} key=${`${row.topic}/${row.partition}`} row=${row} />`)}</tbody>
    </table>
    ${hidden > 0 && html`<p class="quiet small">and ${grouped(hidden)} more</p>`}
  `;
}

function PartitionRow({ row }: { row: PartitionAnswer }) {
  const missing = row.replicas.filter((id) => !row.inSyncReplicas.includes(id));
  return html`
    <tr>
      <th scope="row"><a href=${formatAddress(topicAddress(row.cluster, row.topic))}>${row.topic}</a> p${row.partition}</th>
      <td class=${row.leader === null ? 'tone-bad' : ''}>${row.leader === null ? 'none' : `broker ${row.leader}`}</td>
      <td>${row.inSyncReplicas.join(', ') || 'none'}</td>
      <td class="tone-warn">${missing.join(', ') || 'none'}</td>
      <td class="n">${row.minInSyncReplicas ?? 'not read'}</td>
    </tr>
  `;
}
