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

/** "3.4 s", "12 min", "5 h 10 min", "3 d 4 h"; a dash where there is no number. */
export function spanText(seconds: number): string {
  if (Number.isNaN(seconds)) return '-';
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
