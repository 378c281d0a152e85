import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import { formatAddress, home } from '../model/address.ts';
import type { Finding, FindingsAnswer, TopicReport, TopicsAnswer } from '../model/answers.ts';
import { codeWords, severityTone } from '../model/codes.ts';
import { retentionWords } from '../model/evidence.ts';
import { worstOf } from '../model/finding-words.ts';
import { isLint } from '../model/lints.ts';
import { findingsPath, topicsPath } from '../model/paths.ts';
import { bytesWords, grouped, plural, rateWords } from '../model/words.ts';
import { FilterBox } from '../parts/filter-box.ts';
import { Mark } from '../parts/mark.ts';
import { Pager } from '../parts/pager.ts';

/** All topics: how available they are, what they keep, how fast they are written, how many groups read them. */
export function TopicsView({ address, clusters, everyMs }: ViewProps) {
  const { answer, problem } = usePolled<TopicsAnswer>(topicsPath(address), everyMs, `topics of ${address.cluster}`);
  const findings = usePolled<FindingsAnswer>(findingsPath(address.cluster), everyMs).answer?.findings ?? [];
  return html`
    <h1>${answer === null ? (problem ?? 'Reading topics …') : headingOf(answer.total, address.filter)}</h1>
    <div class="tools"><${FilterBox} address=${address} label="Filter: topic" /></div>
    ${
      answer !== null &&
      html`
        <table>
          <thead>
            <tr>
              <th scope="col">Topic</th><th scope="col" class="n">Partitions</th><th scope="col">Available</th><th scope="col" class="n mid">Written</th>
              <th scope="col" class="n wide">Size</th><th scope="col" class="mid">Retention</th><th scope="col" class="n">Groups</th>
            </tr>
          </thead>
          <tbody>${answer.topics.map((topic) => html`<${TopicRow} key=${`${topic.cluster}/${topic.topic}`} topic=${topic} findings=${findings.filter((finding) => isAbout(finding, topic))} several=${clusters.length > 1} />`)}</tbody>
        </table>
        <${Pager} address=${address} total=${answer.total} shown=${answer.topics.length} />
      `
    }
  `;
}

function headingOf(total: number, filter: string): string {
  if (total > 0) return plural(total, 'topic');
  return filter === '' ? 'No topic was read yet' : 'No topic fits the filter';
}

/** Of the topic or its partitions themselves; what a group has with it stands by the group, lints by the cluster. */
function isAbout(finding: Finding, { cluster, topic }: TopicReport): boolean {
  return finding.cluster === cluster && finding.topic === topic && finding.groupId === undefined && !isLint(finding);
}

interface TopicRowProps {
  topic: TopicReport;
  findings: readonly Finding[];
  several: boolean;
}

function TopicRow({ topic, findings, several }: TopicRowProps) {
  const health = availability(topic);
  const worst = worstOf(findings);
  return html`
    <tr>
      <th scope="row">${topic.topic}${several && html` <small class="quiet">${topic.cluster}</small>`}
        ${worst && html`<div class="small"><${Mark} tone=${severityTone(worst.severity)} /><a href=${formatAddress({ ...home, view: 'cluster', cluster: topic.cluster })}>${codeWords(worst.code)}</a>${findings.length > 1 && `, and ${findings.length - 1} more`}</div>`}
      </th>
      <td class="n" title=${topic.replicationFactor === null ? '' : `${topic.replicationFactor} replicas each`}>${grouped(topic.partitions)}</td>
      <td class=${`tone-${health.tone}`}><${Mark} tone=${health.tone} />${health.text}</td>
      <td class="n mid" title="Sum of the slopes of the end offsets over the window.">${topic.produceRate === null ? 'not known yet' : rateWords(topic.produceRate)}</td>
      <td class="n wide" title="Leaders' logs, from the log directories.">${topic.sizeBytes === null ? 'not read' : bytesWords(topic.sizeBytes)}</td>
      <td class="mid">${retentionWords(topic)}${topic.cleanupPolicy?.includes('compact') ? ', compacted' : ''}</td>
      <td class="n"><a href=${formatAddress({ ...home, cluster: topic.cluster, filter: topic.topic })} aria-label=${`${plural(topic.groups, 'group')} of ${topic.topic}`}>${grouped(topic.groups)}</a></td>
    </tr>
  `;
}

function availability(topic: TopicReport) {
  if (topic.offline > 0) return { tone: 'bad', text: `${topic.offline} offline` } as const;
  if (topic.underMinIsr > 0) return { tone: 'bad', text: `${topic.underMinIsr} under min ISR` } as const;
  if (topic.underReplicated > 0) return { tone: 'warn', text: `${topic.underReplicated} under-replicated` } as const;
  return { tone: 'good', text: 'all in sync' } as const;
}
