/** Which of several series speaks for all of them. */
import type { Report } from './report.ts';

/** The series to look at first: worst outlook, then soonest loss, then longest behind; null where there is none. */
export function worstOf(series: Report['series'], rows: readonly number[]): number | null {
  let worst: number | null = null;
  for (const row of rows) if (worst === null || isWorse(series, row, worst)) worst = row;
  return worst;
}

/** The series whose earliest loss is the group's: both of its bounds and its cause go together. Null: no loss ahead. */
export function soonestLossOf({ timeToLossEarliestSeconds }: Report['series'], rows: readonly number[]): number | null {
  let soonest: number | null = null;
  for (const row of rows) {
    const earliest = timeToLossEarliestSeconds[row]!;
    if (earliest < (soonest === null ? Number.POSITIVE_INFINITY : timeToLossEarliestSeconds[soonest]!)) soonest = row;
  }
  return soonest;
}

function isWorse(series: Report['series'], a: number, b: number): boolean {
  const byOutlook = series.outlook[a]! - series.outlook[b]!;
  if (byOutlook !== 0) return byOutlook > 0;
  const soonest = (row: number) => orElse(series.timeToLossEarliestSeconds[row]!, Number.POSITIVE_INFINITY);
  if (soonest(a) !== soonest(b)) return soonest(a) < soonest(b);
  const behind = (row: number) => orElse(series.timeLagSeconds[row]!, -1);
  if (behind(a) !== behind(b)) return behind(a) > behind(b);
  return orElse(series.lag[a]!, -1) > orElse(series.lag[b]!, -1);
}

export function orElse(value: number, instead: number): number {
  return Number.isNaN(value) ? instead : value;
}
