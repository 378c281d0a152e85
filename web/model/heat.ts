/** Share of retention used, a row a partition, over time. */
import type { HistoryAnswer, Points } from './answers.ts';
import { momentWords, percentWords } from './words.ts';

export interface HeatCell {
  /** 0..10 tenths of retention used, 10 also for more; null where nothing was read. */
  step: number | null;
  title: string;
}

export interface HeatRow {
  partition: number;
  cells: readonly HeatCell[];
  /** The newest known ratio. */
  last: number | null;
}

export const heatColumns = 60;

/**
 * Rows in order of partition number. Of more partitions than `atMost` those that used most of their retention are kept:
 * what is left out is safer than all that is shown.
 */
export function heatRows(answer: HistoryAnswer, span: { fromMs: number; toMs: number }, atMost: number): HeatRow[] {
  const rows = answer.series
    .filter((series) => series.partition !== undefined)
    .map((series) => heatRow(series.partition!, series.points, span));
  return rows
    .toSorted((a, b) => highest(b) - highest(a) || a.partition - b.partition)
    .slice(0, atMost)
    .toSorted((a, b) => a.partition - b.partition);
}

function heatRow(partition: number, points: Points, span: { fromMs: number; toMs: number }): HeatRow {
  const width = (span.toMs - span.fromMs) / heatColumns;
  const ratios = new Array<number | null>(heatColumns).fill(null);
  for (const [atMs, ratio] of points) {
    const column = Math.min(heatColumns - 1, Math.floor((atMs - span.fromMs) / width));
    if (column >= 0 && ratio !== null) ratios[column] = Math.max(ratios[column] ?? 0, ratio);
  }
  fillLoneGaps(ratios);
  const cells = ratios.map((ratio, column) => ({
    step: ratio === null ? null : Math.min(10, Math.floor(ratio * 10)),
    title: `p${partition}, ${momentWords(span.fromMs + column * width, span.toMs)}: ${ratio === null ? 'not known' : `${percentWords(ratio)} of retention used`}`,
  }));
  return { partition, cells, last: ratios.findLast((ratio) => ratio !== null) ?? null };
}

/** Points and columns rarely line up: one empty column between two is their phase, not an outage. */
function fillLoneGaps(ratios: (number | null)[]): void {
  for (const [column, ratio] of ratios.entries()) {
    const next = ratios[column + 1];
    if (ratio === null && next !== null) ratios[column] = ratios[column - 1] ?? null;
  }
}

function highest(row: HeatRow): number {
  return Math.max(-1, ...row.cells.map((cell) => cell.step ?? -1));
}
