import { spokenSeconds } from '../evaluators/wording.ts';

/** A column of a table: its heading, and where its cells stand. */
export interface Column {
  heading: string;
  /** Words left, numbers right. */
  align: 'left' | 'right';
}

/** Rows under their headings, one line each, columns two blanks apart. */
export function alignedLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const padded = (cell: string, column: number) =>
    columns[column]!.align === 'right' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return all.map((row) => row.map(padded).join('  ').trimEnd());
}

/** As in the summaries of findings; a dash where there is no number. */
export function spanText(seconds: number): string {
  return Number.isNaN(seconds) ? '-' : spokenSeconds(seconds);
}
