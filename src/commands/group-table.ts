import { outlooks, type Report } from '../model/report.ts';
import { aliveRows } from '../model/report-view.ts';
import { alignedLines, type Column, spanText } from './aligned-table.ts';
import { printableName } from './printable.ts';

/** Consumers that somebody started by hand, to look: counted, never listed. */
const consoleConsumer = /^console-consumer-\d+$/;

const columns: readonly Column[] = [
  { heading: 'GROUP', align: 'left' },
  { heading: 'STATE', align: 'left' },
  { heading: 'LAG', align: 'right' },
  { heading: 'TIME LAG', align: 'right' },
  { heading: 'DRAINS IN', align: 'right' },
  { heading: 'LOSES IN', align: 'right' },
  { heading: 'OUTLOOK', align: 'left' },
];

/** Groups of a report as a table, those most at risk first, and a line that counts what it leaves out. */
export function groupTable(report: Report, atMost: number): string {
  const all = [...aliveRows(report.groups)];
  const rows = all.filter((row) => !consoleConsumer.test(report.groups.groupId[row]!)).sort(byRisk(report));
  const lines = alignedLines(
    columns,
    rows.slice(0, atMost).map((row) => cells(report, row)),
  );
  const left = [
    rows.length > atMost ? `${rows.length - atMost} more` : null,
    all.length > rows.length ? `${all.length - rows.length} of kafka-console-consumer` : null,
  ].filter((text) => text !== null);
  if (left.length > 0) lines.push(`... and ${left.join(', ')}`);
  return lines.join('\n');
}

/** The worst outlook first, then the soonest loss, then the longest time lag, then by name. */
function byRisk({ groups }: Report) {
  const soonest = (row: number) => numberOr(groups.timeToLossEarliestSeconds[row], Number.POSITIVE_INFINITY);
  const behind = (row: number) => numberOr(groups.maxTimeLagSeconds[row], -1);
  return (a: number, b: number) =>
    groups.outlook[b]! - groups.outlook[a]! ||
    compare(soonest(a), soonest(b)) ||
    compare(behind(b), behind(a)) ||
    compare(groups.groupId[a]!, groups.groupId[b]!);
}

/** Subtraction would make NaN of two infinities. */
function compare<T extends number | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function numberOr(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

function cells({ groups }: Report, row: number): readonly string[] {
  return [
    printableName(groups.groupId[row]!),
    groups.state[row] ?? 'unread',
    Number.isNaN(groups.lag[row]) ? '-' : groups.lag[row]!.toLocaleString('en'),
    spanText(groups.maxTimeLagSeconds[row]!),
    spanText(groups.timeToDrainSeconds[row]!),
    spanText(groups.timeToLossEarliestSeconds[row]!),
    outlooks[groups.outlook[row]!] ?? 'not known yet',
  ];
}
