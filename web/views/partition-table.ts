import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { type Address, formatAddress } from '../model/address.ts';
import type { GroupAnswer, SeriesAnswer } from '../model/answers.ts';
import { offsetShares } from '../model/evidence.ts';
import { behindFigure, drainFigure, lossFigure, outlookTone } from '../model/outlook.ts';
import { byRisk } from '../model/series-order.ts';
import { whyUnknown } from '../model/unknown.ts';
import { grouped, percentWords } from '../model/words.ts';
import { FigureCell } from '../parts/figure-cell.ts';
import { Mark } from '../parts/mark.ts';

interface PartitionsProps {
  group: GroupAnswer;
  shown: SeriesAnswer;
  address: Address;
}

/** Rows before "show all": more than a screen holds helps nobody at first. */
const firstRows = 16;

/** Every partition by risk: how much of its log is read, both clocks, and who has it. */
export function PartitionTable({ group, shown, address }: PartitionsProps) {
  const [all, setAll] = useState(false);
  const rows = group.series.toSorted(byRisk);
  const several = new Set(rows.map((series) => series.topic)).size > 1;
  return html`
    <section aria-labelledby="partitions">
      <h2 id="partitions">Log start, read to, end <span class="right">${grouped(rows.length)} partitions, by risk</span></h2>
      <table class="partitions">
        <thead>
          <tr>
            <th scope="col">Partition</th><th scope="col" class="bar-column">Log</th><th scope="col" class="n">Unread</th><th scope="col" class="n mid">Behind</th>
            <th scope="col" class="n wide">Retention used</th><th scope="col" class="n mid">Drains</th><th scope="col" class="n">Loses</th><th scope="col" class="mid">Read by</th>
          </tr>
        </thead>
        <tbody>
          ${(all ? rows : rows.slice(0, firstRows)).map(
            (series) =>
              html`<${PartitionRow} key=${`${series.topic}/${series.partition}`} series=${series} several=${several} current=${series === shown} address=${address} />`,
          )}
        </tbody>
      </table>
      ${!all && rows.length > firstRows && html`<p><button type="button" class="chip" onClick=${() => setAll(true)}>Show all ${grouped(rows.length)}</button></p>`}
    </section>
  `;
}

function PartitionRow({
  series,
  several,
  current,
  address,
}: {
  series: SeriesAnswer;
  several: boolean;
  current: boolean;
  address: Address;
}) {
  const href = formatAddress({ ...address, topic: series.topic, partition: series.partition });
  const lagWhy = whyUnknown(series, 'lag');
  const behind = behindFigure({
    seconds: series.timeLagSeconds,
    sloSeconds: null,
    why: whyUnknown(series, 'timeLagSeconds'),
    atLeast: series.timeLagMethod === 'at-least',
  });
  const used = series.retentionUsedRatio;
  return html`
    <tr class=${current ? 'current' : ''}>
      <th scope="row"><${Mark} tone=${outlookTone(series.outlook)} /><a href=${href} aria-current=${current ? 'true' : undefined} title="Show this partition's evidence, clocks and rates">${several ? `${series.topic} ` : ''}p${series.partition}</a></th>
      <td class="bar-column"><${OffsetBar} series=${series} /></td>
      <td class="n" title="End offset minus committed offset.">${series.lag === null ? (lagWhy ?? 'none') : grouped(series.lag)}</td>
      <${FigureCell} figure=${behind} class="n mid" />
      <td class="n wide" title="The larger of time lag by retention.ms and unread bytes by retention.bytes.">${used === null ? (whyUnknown(series, 'retentionUsedRatio') ?? 'no limit') : percentWords(used)}</td>
      <${FigureCell} figure=${drainFigure(series)} class="n mid" />
      <${FigureCell} figure=${lossFigure(series)} class="n" />
      <td class="mid" title=${series.memberId ?? ''}>${readerWords(series)}</td>
    </tr>
  `;
}

function readerWords(series: SeriesAnswer): string {
  if (series.clientId !== null) return `${series.clientId} ${series.clientHost ?? ''}`.trim();
  return series.ownership ?? whyUnknown(series, 'ownership') ?? 'nobody';
}

/** The log from its start to its end: what is read, and what is not; crossed through where unread records are gone. */
function OffsetBar({ series }: { series: SeriesAnswer }) {
  const shares = offsetShares(series);
  if (shares === null)
    return html`<span class="quiet small">${whyUnknown(series, 'lag') ?? 'nothing committed'}</span>`;
  const danger = series.outlook === 'losing' || series.outlook === 'loses-first';
  return html`
    <span class="offset-bar" role="img" aria-label=${shares.title} title=${shares.title} style=${{ '--read': shares.read, '--unread': shares.unread }}>
      <i class="read"></i><i class=${danger ? 'unread dying' : 'unread'}></i>
    </span>
    ${shares.lost && html`<small class="tone-bad">records lost</small>`}
  `;
}
