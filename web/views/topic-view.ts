import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import { formatAddress, home } from '../model/address.ts';
import type { FindingsAnswer, TopicAnswer } from '../model/answers.ts';
import { topicCommands } from '../model/commands.ts';
import { isLint } from '../model/lints.ts';
import { findingsPath, topicPath } from '../model/paths.ts';
import { isAboutTopic, topicFigures, topicHeadline } from '../model/topic-words.ts';
import { CopyButton } from '../parts/copy-button.ts';
import { FindingList } from '../parts/finding-list.ts';
import { LintList } from '../parts/lint-list.ts';
import { VerdictHeading } from '../parts/verdict-heading.ts';
import { TopicChanges } from './topic-changes.ts';
import { TopicPartitions } from './topic-partitions.ts';
import { TopicReaders } from './topic-readers.ts';

/** One topic: who reads it and how far behind, what it keeps, where it lies, and what changed of it. */
export function TopicView({ address, clusters, everyMs, nowMs }: ViewProps) {
  const name = address.topic ?? '';
  const { answer: topic, problem } = usePolled<TopicAnswer>(topicPath(address.cluster, name), everyMs);
  const findings = usePolled<FindingsAnswer>(findingsPath(address.cluster), everyMs).answer?.findings ?? [];
  const all = html`<p class="small crumbs"><a href=${formatAddress({ ...home, view: 'topics', cluster: address.cluster })}>All topics</a></p>`;
  if (topic === null) {
    return html`${all}<h1>${problem === null ? `Reading ${name} …` : `${name} cannot be shown.`}</h1><p>${problem}</p>`;
  }
  const about = findings.filter((finding) => isAboutTopic(finding, topic));
  const bootstrap = clusters.find(({ cluster }) => cluster === topic.cluster)?.bootstrap ?? 'BROKER:9092';
  const commands = topicCommands(bootstrap, topic.topic, about).join('\n');
  const headline = topicHeadline(topic, about);
  return html`
    ${all}
    <${VerdictHeading} name=${topic.topic} verdict=${headline} />
    <p class="quiet small beneath">${headline.beneath}</p>
    <dl class="clocks clocks-large">
      ${topicFigures(topic).map((figure) => html`<div title=${figure.title}><dd class=${`tone-${figure.tone}`}>${figure.text}</dd><dt>${figure.label}</dt></div>`)}
    </dl>
    <${FindingList} findings=${about.filter((finding) => !isLint(finding))} nowMs=${nowMs} ofTopic=${topic.topic} />
    <${TopicReaders} topic=${topic} />
    <${TopicPartitions} topic=${topic} />
    <${TopicChanges} topic=${topic} everyMs=${everyMs} nowMs=${nowMs} />
    <${LintList} findings=${about} />
    <section aria-labelledby="next">
      <h2 id="next">Next check <span class="right"><${CopyButton} text=${commands} label="Copy commands" of=${topic.topic} /></span></h2>
      <pre tabindex="0" aria-label="Commands to paste">${commands}</pre>
    </section>
  `;
}
