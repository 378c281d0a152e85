import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import { formatAddress, home, topicAddress } from '../model/address.ts';
import type { Finding, FindingsAnswer, TopicReport, TopicsAnswer } from '../model/answers.ts';
import { codeWords, severityTone } from '../model/codes.ts';
import { worstOf } from '../model/finding-words.ts';
import { isLint } from '../model/lints.ts';
import { findingsPath, topicsPath } from '../model/paths.ts';
import { availability, isAboutTopic, keptWords } from '../model/topic-words.ts';
import { whyUnknown } from '../model/unknown.ts';
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
          <tbody>${answer.topics.map((topic) => html`<${TopicRow} key=${`${topic.cluster}/${topic.topic}`} topic=${topic} findings=${findings.filter((finding) => isAboutTopic(finding, topic) && !isLint(finding))} several=${clusters.length > 1} />`)}</tbody>
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

interface TopicRowProps {
  topic: TopicReport;
  findings: readonly Finding[];
  several: boolean;
}

function TopicRow({ topic, findings, several }: TopicRowProps) {
  const health = availability(topic);
  const worst = worstOf(findings);
  const href = formatAddress(topicAddress(topic.cluster, topic.topic));
  return html`
    <tr>
      <th scope="row"><a href=${href}>${topic.topic}</a>${several && html` <small class="quiet">${topic.cluster}</small>`}
        ${worst && html`<div class="small"><${Mark} tone=${severityTone(worst.severity)} /><a href=${href}>${codeWords(worst.code)}</a>${findings.length > 1 && `, and ${findings.length - 1} more`}</div>`}
      </th>
      <td class="n" title=${topic.replicationFactor === null ? '' : `${topic.replicationFactor} replicas each`}>${grouped(topic.partitions)}</td>
      <td class=${`tone-${health.tone}`}><${Mark} tone=${health.tone} />${health.text}</td>
      <td class="n mid" title="Sum of the slopes of the end offsets over the window.">${topic.produceRate === null ? (whyUnknown(topic, 'produceRate') ?? 'not read') : rateWords(topic.produceRate)}</td>
      <td class="n wide" title="Leaders' logs, from the log directories.">${topic.sizeBytes === null ? 'not read' : bytesWords(topic.sizeBytes)}</td>
      <td class="mid">${keptWords(topic)}</td>
      <td class="n"><a href=${formatAddress({ ...home, cluster: topic.cluster, filter: topic.topic })} aria-label=${`${plural(topic.groups, 'group')} of ${topic.topic}`}>${grouped(topic.groups)}</a></td>
    </tr>
  `;
}
