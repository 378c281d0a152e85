/** The measures: loops over columns that turn history into the quantities of a Report. */
import { measureCommitDelay } from './commit-delay.ts';
import type { MeasureContext } from './context.ts';
import { measureDrain } from './drain.ts';
import { measureLag, measureLagTrend } from './lag.ts';
import { measureLoss } from './loss.ts';
import { observeMovements } from './movements.ts';
import { measureOutlook, publishSeries } from './outlook.ts';
import { measureOwnership } from './ownership.ts';
import { measureConsumeRates } from './rates.ts';
import { measureResidue } from './standing.ts';
import { measureTimeLag, measureWaiting } from './time-lag.ts';

export { type GroupResults, type GroupTopicResults, measureAggregates } from './aggregates.ts';
export { firstUnreadOffset, gapMs, type MeasureContext, type SeriesResults } from './context.ts';
export { diskFill } from './disk-fill.ts';
export { ageCodes } from './outlook.ts';
export { measureProduceRates } from './rates.ts';
export { type CountedBy, Rebalances } from './rebalances.ts';
export { type MeasureSettings, measureSettings } from './settings.ts';
export { measureSiblingRates } from './sibling-rates.ts';
export { methods } from './time-lag.ts';

/** In the order in which they need each other; each writes its columns for the rows from..to - 1. */
const seriesMeasures = [
  observeMovements,
  measureConsumeRates,
  measureLag,
  measureLagTrend,
  measureResidue,
  measureTimeLag,
  measureWaiting,
  measureCommitDelay,
  measureDrain,
  measureLoss,
  measureOwnership,
  measureOutlook,
  publishSeries,
];

/** All quantities of the series in the rows from..to - 1. */
export function measureSeries(context: MeasureContext, from: number, to: number): void {
  for (const measure of seriesMeasures) measure(context, from, to);
}
