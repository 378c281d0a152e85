import { html } from 'htm/preact';
import { goTo, refine } from '../live/navigate.ts';
import { usePolled } from '../live/poll.ts';
import { type Address, formatAddress, type GroupSort, groupAddress, naturalOrder } from '../model/address.ts';
import type { ClusterAnswer, GroupSummary, GroupsAnswer } from '../model/answers.ts';
import { groupCells, type SloCell } from '../model/group-cells.ts';
import { groupsPath } from '../model/paths.ts';
import { grouped } from '../model/words.ts';
import { FigureCell } from '../parts/figure-cell.ts';
import { FilterBox } from '../parts/filter-box.ts';
import { Mark } from '../parts/mark.ts';
import { Pager } from '../parts/pager.ts';
import { SparklineView } from '../parts/sparkline-view.ts';

interface TableProps {
  address: Address;
  clusters: readonly ClusterAnswer[];
  everyMs: number;
}

/** All groups: filtered, sorted and paged by the server, with the choice in the page's address. */
export function GroupsTable({ address, clusters, everyMs }: TableProps) {
  const { answer, problem } = usePolled<GroupsAnswer>(groupsPath(address), everyMs, `groups of ${address.cluster}`);
  return html`
    <section aria-labelledby="groups">
      <h2 id="groups">
        Groups
        <span class="right">${sortedWords(address)}${address.sort !== 'risk' && html` <button type="button" class="link" onClick=${() => refine({ ...address, sort: 'risk', order: 'desc', page: 1 })}>by risk</button>`}</span>
      </h2>
      <div class="tools">
        <${FilterBox} address=${address} label="Filter: group, topic, team" />
        <${OutlookChips} address=${address} clusters=${clusters} />
      </div>
      ${problem !== null && html`<p role="alert" class="small tone-warn">${problem}</p>`}
      ${answer !== null && html`<${Rows} address=${address} answer=${answer} several=${clusters.length > 1} />`}
    </section>
  `;
}

function sortedWords({ sort, order }: Address): string {
  const by = sort === 'risk' ? 'risk' : (columns.find((column) => column.sort === sort)?.label.toLowerCase() ?? sort);
  return `sorted by ${by}${order === naturalOrder(sort) ? '' : ', reversed'}`;
}

const chips = [
  ['losing', 'Loses now'],
  ['loses-first', 'Loses before it drains'],
  ['drains-before-loss', 'Drains before it loses'],
  ['keeps-up', 'Keeps up'],
  ['insufficient-data', 'Trend not known'],
] as const;

function OutlookChips({ address, clusters }: Pick<TableProps, 'address' | 'clusters'>) {
  const all = clusters.reduce((sum, { groups }) => sum + groups.total, 0);
  // Before anything was found a row of noughts would be read as a count.
  if (all === 0) return null;
  const counted = (outlook: string) => clusters.reduce((sum, { groups }) => sum + (groups.byOutlook[outlook] ?? 0), 0);
  const chip = (outlook: string, label: string, count: number) => html`
    <button type="button" class="chip" aria-pressed=${address.outlook === outlook} onClick=${() => refine({ ...address, outlook, page: 1 })}>${label} ${grouped(count)}</button>
  `;
  return html`${chip('', 'All', all)}${chips.map(([outlook, label]) => chip(outlook, label, counted(outlook)))}`;
}

interface Column {
  label: string;
  sort: GroupSort | null;
  /** Where it is left out: `mid` on phones, `wide` on all but wide screens. */
  width: '' | 'mid' | 'wide';
  number: boolean;
  title: string;
}

const columns: readonly Column[] = [
  { label: 'Group', sort: 'name', width: '', number: false, title: 'Sort by name' },
  {
    label: 'Outlook',
    sort: 'risk',
    width: 'mid',
    number: false,
    title: 'Sort by risk: what loses data first comes first',
  },
  {
    label: 'Behind',
    sort: 'timeLag',
    width: '',
    number: true,
    title: 'Sort by time lag: the largest of the partitions',
  },
  { label: 'SLO', sort: null, width: 'wide', number: false, title: '' },
  { label: 'Lag, 1 h', sort: 'lag', width: 'wide', number: false, title: 'Sort by lag in records' },
  { label: 'Drains', sort: 'drain', width: '', number: true, title: 'Sort by time to drain: the slowest partition' },
  {
    label: 'Loses',
    sort: 'loss',
    width: '',
    number: true,
    title: 'Sort by time to loss: the soonest partition, earliest bound',
  },
  {
    label: 'Rebalances',
    sort: 'rebalances',
    width: 'wide',
    number: true,
    title: 'Sort by rebalances in the last hour',
  },
  { label: 'Members / partitions', sort: 'members', width: 'wide', number: true, title: 'Sort by members' },
];

function Rows({ address, answer, several }: { address: Address; answer: GroupsAnswer; several: boolean }) {
  if (answer.groups.length === 0)
    return html`<p class="quiet">${emptyWords(address)}</p><${Pager} address=${address} total=${answer.total} shown=${0} />`;
  return html`
    <table class="groups">
      <caption class="hidden">Consumer groups, ${sortedWords(address)}</caption>
      <thead><tr>${columns.map((column) => html`<${SortHeader} key=${column.label} address=${address} column=${column} />`)}</tr></thead>
      <tbody>${answer.groups.map((group) => html`<${GroupRow} key=${`${group.cluster}/${group.groupId}`} group=${group} several=${several} />`)}</tbody>
    </table>
    <${Pager} address=${address} total=${answer.total} shown=${answer.groups.length} />
  `;
}

function emptyWords(address: Address): string {
  if (address.filter === '' && address.outlook === '') return 'No consumer group was found yet.';
  return 'No group fits the filter.';
}

/** A header that sorts: once in the column's natural order, again the other way round. */
function SortHeader({ address, column }: { address: Address; column: Column }) {
  const { sort, label, width, number, title } = column;
  const classes = [width, number ? 'n' : ''].filter(Boolean).join(' ');
  if (sort === null) return html`<th scope="col" class=${classes}>${label}</th>`;
  const current = address.sort === sort;
  const flipped = address.order === 'asc' ? 'desc' : 'asc';
  const press = () => refine({ ...address, sort, order: current ? flipped : naturalOrder(sort), page: 1 });
  const direction = address.order === 'asc' ? 'ascending' : 'descending';
  return html`
    <th scope="col" class=${classes} aria-sort=${current ? direction : 'none'}>
      <button type="button" class="sort" title=${title} onClick=${press}>${label}<span class="arrow" aria-hidden="true">${current ? (address.order === 'asc' ? '▲' : '▼') : ''}</span></button>
    </th>
  `;
}

function GroupRow({ group, several }: { group: GroupSummary; several: boolean }) {
  const cells = groupCells(group);
  const href = formatAddress(groupAddress(group.cluster, group.groupId));
  const open = (event: MouseEvent) => {
    // A click anywhere in the row follows its link, unless it selects text or hits the link itself.
    if (event.target instanceof Element && event.target.closest('a') === null && getSelection()?.isCollapsed !== false)
      goTo(href);
  };
  return html`
    <tr onClick=${open} class=${group.age === 'stale' ? 'old' : ''}>
      <th scope="row">
        <${Mark} tone=${cells.tone} /><a href=${href}>${group.groupId}</a>${several && html`<small class="quiet beneath-name">${group.cluster}</small>`}
        <span class="phone small" title=${cells.outlook.title}>${cells.outlook.text}</span>
        ${group.age === 'stale' && html` <small class="quiet">old</small>`}
      </th>
      <${FigureCell} figure=${cells.outlook} class="mid" />
      <${FigureCell} figure=${cells.behind} class="n" />
      <td class="wide">${cells.slo === null ? html`<span class="quiet" title="No policy sets a sloLagSeconds for this group.">none</span>` : html`<${SloBar} slo=${cells.slo} />`}</td>
      <td class="wide"><${SparklineView} points=${group.sparkline} tone=${cells.tone} /></td>
      <${FigureCell} figure=${cells.drain} class="n" />
      <${FigureCell} figure=${cells.loss} class="n" />
      <${FigureCell} figure=${cells.rebalances} class="n wide" />
      <${FigureCell} figure=${cells.members} class="n wide" />
    </tr>
  `;
}

function SloBar({ slo }: { slo: SloCell }) {
  const bar = html`<span class="slo"><i class=${slo.over ? 'over' : ''} style=${{ '--used': slo.usedRatio }}></i></span>`;
  return html`<span title=${slo.title}>${slo.text}<span class="hidden"> (${slo.title})</span>${slo.usedRatio !== null && bar}${slo.over && html`<small class="tone-warn">over</small>`}</span>`;
}
