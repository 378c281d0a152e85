import { html } from 'htm/preact';
import { formatAddress, groupAddress } from '../model/address.ts';
import type { TopicAnswer, TopicReader } from '../model/answers.ts';
import { behindFigure, drainFigure, lossFigure, outlookFigure, outlookTone } from '../model/outlook.ts';
import { byDanger } from '../model/topic-words.ts';
import { whyUnknown } from '../model/unknown.ts';
import { grouped, percentWords } from '../model/words.ts';
import { FigureCell } from '../parts/figure-cell.ts';
import { Mark } from '../parts/mark.ts';

/** Who reads the topic, and how far behind each is on it; a group's other topics do not count here. */
export function TopicReaders({ topic }: { topic: TopicAnswer }) {
  const readers = topic.readers.toSorted(byDanger);
  return html`
    <section aria-labelledby="readers">
      <h2 id="readers">Read by <span class="right">${grouped(readers.length)}, in most danger first</span></h2>
      ${readers.length === 0 ? html`<p class="quiet">No group that tidemark watches has committed to it or is assigned it. Readers that commit elsewhere, such as some connectors and stream processors, are not seen.</p>` : html`<${Readers} topic=${topic} readers=${readers} />`}
    </section>
  `;
}

function Readers({ topic, readers }: { topic: TopicAnswer; readers: readonly TopicReader[] }) {
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">Group</th><th scope="col" class="mid">Outlook</th><th scope="col" class="n">Unread</th><th scope="col" class="n">Behind</th>
          <th scope="col" class="n wide">Retention used</th><th scope="col" class="n mid">Drains</th><th scope="col" class="n">Loses</th><th scope="col" class="n wide">Partitions</th>
        </tr>
      </thead>
      <tbody>${readers.map((reader) => html`<${ReaderRow} key=${reader.groupId} topic=${topic} reader=${reader} />`)}</tbody>
    </table>
  `;
}

function ReaderRow({ topic, reader }: { topic: TopicAnswer; reader: TopicReader }) {
  const outlook = outlookFigure({ ...reader, trendKnownInSeconds: null });
  // The very partition that is worst on this topic: the group's worst may be on another.
  const partition = { topic: topic.topic, partition: reader.worst };
  const href = formatAddress({
    ...groupAddress(topic.cluster, reader.groupId),
    ...(reader.worst === null ? {} : partition),
  });
  const behind = behindFigure({
    seconds: reader.maxTimeLagSeconds,
    sloSeconds: null,
    why: whyUnknown(reader, 'maxTimeLagSeconds'),
  });
  return html`
    <tr class=${reader.age === 'stale' ? 'old' : ''}>
      <th scope="row"><${Mark} tone=${outlookTone(reader.outlook)} /><a href=${href}>${reader.groupId}</a><span class="phone small">${outlook.text}</span></th>
      <${FigureCell} figure=${outlook} class="mid" />
      <td class="n" title="End offsets minus committed offsets on this topic.">${reader.lag === null ? (whyUnknown(reader, 'lag') ?? 'none') : grouped(reader.lag)}</td>
      <${FigureCell} figure=${behind} class="n" />
      <td class="n wide" title=${usedTitle(reader)}>${usedWords(reader)}</td>
      <${FigureCell} figure=${drainFigure(reader)} class="n mid" />
      <${FigureCell} figure=${lossFigure(reader)} class="n" />
      <td class="n wide" title="Partitions of this topic that it has committed to or is assigned.">${grouped(reader.partitions)} of ${grouped(topic.partitions)}</td>
    </tr>
  `;
}

function usedWords(reader: TopicReader): string {
  if (reader.retentionUsedRatio !== null) return percentWords(reader.retentionUsedRatio);
  return whyUnknown(reader, 'retentionUsedRatio') === null ? 'no limit' : 'not known';
}

function usedTitle(reader: TopicReader): string {
  const why = whyUnknown(reader, 'retentionUsedRatio');
  if (why !== null) return `Retention used is not known: ${why}.`;
  return 'Of its fullest partition: the larger of time lag by retention.ms and unread bytes by retention.bytes.';
}
