import { outlooks, type Report } from '../model/report.ts';
import { aliveRows } from '../model/report-view.ts';

/** Consumers that somebody started by hand, to look: counted, never listed. */
const consoleConsumer = /^console-consumer-\d+$/;

const columns = ['GROUP', 'STATE', 'LAG', 'TIME LAG', 'DRAINS IN', 'LOSES IN', 'OUTLOOK'] as const;
/** Words left, numbers right. */
const rightAligned: readonly boolean[] = [false, false, true, true, true, true, false];

/** Groups of a report as a table, those most at risk first, and a line that counts what it leaves out. */
export function groupTable(report: Report, atMost: number): string {
  const all = [...aliveRows(report.groups)];
  const rows = all.filter((row) => !consoleConsumer.test(report.groups.groupId[row]!)).sort(byRisk(report));
  const lines = alignedLines([columns, ...rows.slice(0, atMost).map((row) => cells(report, row))]);
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
    groups.groupId[row]!,
    groups.state[row] ?? 'unread',
    Number.isNaN(groups.lag[row]) ? '-' : groups.lag[row]!.toLocaleString('en'),
    spanText(groups.maxTimeLagSeconds[row]!),
    spanText(groups.timeToDrainSeconds[row]!),
    spanText(groups.timeToLossEarliestSeconds[row]!),
    outlooks[groups.outlook[row]!] ?? 'not known yet',
  ];
}

function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (rightAligned[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** "3.4 s", "12 min", "5 h 10 min", "3 d 4 h"; a dash where there is no number. */
function spanText(seconds: number): string {
  if (Number.isNaN(seconds)) return '-';
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
