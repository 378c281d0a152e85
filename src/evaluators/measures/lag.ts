import { lagTrends } from '../../model/report.ts';
import { codesOf, endOffsetOf, type MeasureContext, why } from './context.ts';
import { firstWithin, windowOf } from './rates.ts';
import { robustSlope } from './statistics.ts';

const trends = codesOf(lagTrends);
const movementsMin = 3;
/** Share of the pairs of points that must agree before a trend is one: what lasts, not what a single burst did. */
const agreementMin = 0.75;

/** Lag of each series: end offset - committed offset, never below 0; and which of the two end offsets it is measured to. */
export function measureLag({ history, out, nowMs, staleAfterMs }: MeasureContext, from: number, to: number): void {
  const { series, seriesTable, partitions, groupTopics } = history;
  const { alive } = seriesTable.rows;
  const { committedOffset, committedReadAt } = series.numbers;
  const { partitionRow, groupTopicRow } = series.links;
  const { endReadAt } = partitions.numbers;
  const { lag, endOffset } = out.numbers;
  const { whyLag } = out.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    const partition = partitionRow[row]!;
    const isReadCommitted = groupTopics[groupTopicRow[row]!]!.policy.isolationLevel === 'read_committed';
    const end = endOffsetOf(history, partition, isReadCommitted);
    const committed = committedOffset[row]!;
    endOffset[row] = end;
    lag[row] = Math.max(0, end - committed);
    if (Number.isNaN(committed)) whyLag[row] = why['no-commit'];
    else if (Number.isNaN(end)) whyLag[row] = why['end-offset-unread'];
    else if (nowMs - Math.min(committedReadAt[row]! + staleAfterMs.commits, endReadAt[row]! + staleAfterMs.ends) > 0) {
      whyLag[row] = why.stale;
    } else whyLag[row] = why.known;
    if (whyLag[row] !== why.known) lag[row] = Number.NaN;
  }
}

/**
 * Trend of the lag just after each movement: the lower edge of the sawtooth, so that seldom commits look as steady as they are.
 * A series that stands needs no slope: its lag grows as fast as is produced.
 */
export function measureLagTrend(context: MeasureContext, from: number, to: number): void {
  const { history, out, nowMs } = context;
  const { alive } = history.seriesTable.rows;
  const { movements } = history;
  const { consumeRate, commitIntervalMs, lagSlopePerSecond } = out.numbers;
  const { lagTrend } = out.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    lagSlopePerSecond[row] = Number.NaN;
    lagTrend[row] = trends['insufficient-data'];
    if (out.codes.whyLag[row] !== why.known) continue;
    const windowMs = windowOf(context, commitIntervalMs[row]!);
    if (consumeRate[row] === 0) {
      standingTrend(context, row, windowMs);
      continue;
    }
    const last = movements.start(row) + movements.count(row) - 1;
    const first = firstWithin(movements.times, movements.start(row), last, nowMs - windowMs);
    if (last - first + 1 < movementsMin) continue;
    const slope = robustSlope(movements.times, movements.extras, first, last - first + 1);
    if (Number.isNaN(slope.perMs)) continue;
    lagSlopePerSecond[row] = slope.perMs * 1000;
    const change = slope.perMs * (movements.times[last]! - movements.times[first]!);
    const level = Math.max(movements.extras[first]!, movements.extras[last]!);
    const lasts = slope.agreement >= agreementMin && Math.abs(slope.perMs) > slope.halfWidth;
    lagTrend[row] = lasts ? trendOf(context, change, level) : trends.steady;
  }
}

function standingTrend(context: MeasureContext, row: number, windowMs: number): void {
  const { history, out } = context;
  const produceRate = history.partitions.numbers.produceRate[history.series.links.partitionRow[row]!]!;
  if (Number.isNaN(produceRate)) return;
  out.numbers.lagSlopePerSecond[row] = produceRate;
  const stoodMs = Math.min(windowMs, history.series.numbers.standMs[row]!);
  out.codes.lagTrend[row] = trendOf(context, (produceRate * stoodMs) / 1000, out.numbers.lag[row]!);
}

/** A change is a trend where it is large in records and against the lag itself. */
function trendOf({ settings }: MeasureContext, change: number, level: number): number {
  if (Math.abs(change) <= Math.max(settings.trendRecordsMin, settings.trendEffectMin * level)) return trends.steady;
  return change > 0 ? trends.rising : trends.falling;
}
