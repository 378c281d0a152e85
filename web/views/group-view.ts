import { html } from 'htm/preact';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import type { ClusterAnswer, GroupAnswer, TopicAnswer } from '../model/answers.ts';
import { clocksOf } from '../model/cards.ts';
import { groupText } from '../model/copy-text.ts';
import { freshness } from '../model/freshness.ts';
import { groupHeadline } from '../model/group-headline.ts';
import { groupPath, topicPath } from '../model/paths.ts';
import { shownSeries } from '../model/series-order.ts';
import { CopyButton } from '../parts/copy-button.ts';
import { FindingList } from '../parts/finding-list.ts';
import { VerdictHeading } from '../parts/verdict-heading.ts';
import { Evidence } from './group-evidence.ts';
import { GroupHistory } from './group-history.ts';
import { MemberTable } from './member-table.ts';
import { PartitionTable } from './partition-table.ts';

/** One group: the verdict with its evidence and next check, then where, since when, and who. */
export function GroupView({ address, clusters, everyMs, nowMs }: ViewProps) {
  const groupId = address.group ?? '';
  const { answer: group, problem } = usePolled<GroupAnswer>(groupPath(address.cluster, groupId), everyMs);
  const series = group === null ? null : shownSeries(group, address);
  const topicName = series?.topic ?? null;
  const { answer: topic } = usePolled<TopicAnswer>(
    topicName === null ? null : topicPath(group!.cluster, topicName),
    60_000,
  );
  if (group === null) {
    return html`<p><a href="?">All groups</a></p><h1>${problem === null ? `Reading ${groupId} …` : `${groupId} cannot be shown.`}</h1><p>${problem}</p>`;
  }
  const cluster = clusters.find((one) => one.cluster === group.cluster);
  return html`
    <p class="small crumbs"><a href="?">All groups</a></p>
    <${Headline} group=${group} cluster=${cluster} nowMs=${nowMs} />
    <${FindingList} findings=${group.findings} nowMs=${nowMs} />
    ${
      series !== null &&
      html`
        <${Evidence} group=${group} series=${series} topic=${topic} bootstrap=${cluster?.bootstrap ?? 'BROKER:9092'} />
        <${GroupHistory} group=${group} series=${series} everyMs=${everyMs} nowMs=${nowMs} />
        <${PartitionTable} group=${group} shown=${series} address=${address} />
      `
    }
    <${MemberTable} group=${group} />
  `;
}

interface HeadlineProps {
  group: GroupAnswer;
  cluster: ClusterAnswer | undefined;
  nowMs: number;
}

function Headline({ group, cluster, nowMs }: HeadlineProps) {
  const headline = groupHeadline(group);
  const clocks = clocksOf(group);
  const read = cluster === undefined ? '' : freshness(group.readAtMs, cluster.intervalMs, nowMs).words;
  const copyText = groupText(group, { verdict: `${headline.lead}${headline.rest}`, since: '', clocks });
  return html`
    <${VerdictHeading} name=${group.groupId} verdict=${headline} />
    <p class="quiet small beneath">${[headline.beneath, read].filter(Boolean).join(' · ')} <${CopyButton} text=${copyText} label="Copy as text" of=${group.groupId} /></p>
    <dl class="clocks clocks-large">
      ${clocks.map((clock) => html`<div title=${clock.title}><dd class=${`tone-${clock.tone}`}>${clock.text}</dd><dt>${clock.label}</dt></div>`)}
    </dl>
  `;
}
