import { residues } from '../../history/cluster-history.ts';
import { ages, lagTrends, outlooks } from '../../model/report.ts';
import { codesOf, type MeasureContext, why } from './context.ts';
import { isPassedByLogStart } from './loss.ts';
import { learnUsualTimeLag } from './time-lag.ts';

export const verdicts = codesOf(outlooks);
export const ageCodes = codesOf(ages);
const rising = codesOf(lagTrends).rising;

/** The first that holds, for each series; and what is usual, learned from those that keep up. */
export function measureOutlook(context: MeasureContext, from: number, to: number): void {
  const { history, out } = context;
  const { alive } = history.seriesTable.rows;
  const { usualTimeLag, retentionUsedRatio } = history.series.numbers;
  const { usualSamples } = history.series.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    const outlook = outlookOf(context, row);
    out.codes.outlook[row] = outlook;
    const keepsUp = outlook === verdicts['keeps-up'] && out.codes.lagTrend[row] !== rising;
    if (keepsUp && !Number.isNaN(out.numbers.timeLagSeconds[row]!)) learnUsualTimeLag(context, row);
    const isLearned = usualSamples[row]! >= context.settings.usualTimeLagSamples;
    out.numbers.usualTimeLagSeconds[row] = isLearned ? usualTimeLag[row]! : Number.NaN;
    retentionUsedRatio[row] = out.numbers.retentionUsedRatio[row]!;
  }
}

function outlookOf({ history, out, settings, nowMs }: MeasureContext, row: number): number {
  const { numbers, codes, links } = history.series;
  const partition = links.partitionRow[row]!;
  const { produceRate } = history.partitions.numbers;
  const { lag, consumeRate, timeToDrainSeconds, timeToLossEarliestSeconds } = out.numbers;
  const { whyLag, whyTimeToLoss } = out.codes;
  // No commit is as if it stood at the log start: nothing to be lost is known of it.
  if (whyLag[row] !== why.known) return verdicts['insufficient-data'];
  // What retention takes of a residue was never a record.
  if (codes.residue[row] === residues.all) return verdicts['keeps-up'];
  const isPassed = isPassedByLogStart(history, row);
  if (isPassed !== false) return isPassed === null ? verdicts['insufficient-data'] : verdicts.losing;
  if (lag[row] === 0) return verdicts['keeps-up'];
  if (nowMs - numbers.lastLostAt[row]! < settings.losingHold) return verdicts.losing;
  if (Number.isNaN(consumeRate[row]!) || Number.isNaN(produceRate[partition]!)) return verdicts['insufficient-data'];
  if (whyTimeToLoss[row] !== why.known) return verdicts['insufficient-data'];
  const lossSeconds = timeToLossEarliestSeconds[row]!;
  if (Number.isNaN(lossSeconds)) return verdicts['keeps-up'];
  return timeToDrainSeconds[row]! < lossSeconds ? verdicts['drains-before-loss'] : verdicts['loses-first'];
}

/** Copies what a series carries from cycle to cycle into its results, and dates it. */
export function publishSeries(
  { history, out, nowMs, wallOffsetMs, staleAfterMs }: MeasureContext,
  from: number,
  to: number,
): void {
  const { numbers, links } = history.series;
  const results = out.numbers;
  const copy = (target: Float64Array, source: Float64Array) => target.set(source.subarray(from, to), from);
  copy(results.committedOffset, numbers.committedOffset);
  copy(results.watchedSinceMs, numbers.watchedSince);
  out.codes.everActive.set(history.series.codes.everActive.subarray(from, to), from);
  for (const link of ['groupRow', 'partitionRow', 'memberIndex'] as const) {
    out.links[link].set(links[link].subarray(from, to), from);
  }
  const { endReadAt } = history.partitions.numbers;
  for (let row = from; row < to; row++) {
    results.lastProgressMs[row] = numbers.lastMovedAt[row]! + wallOffsetMs;
    results.committedReadAtMs[row] = numbers.committedReadAt[row]! + wallOffsetMs;
    const committedAt = numbers.committedReadAt[row]!;
    const isStale =
      nowMs - committedAt > staleAfterMs.commits || nowMs - endReadAt[links.partitionRow[row]!]! > staleAfterMs.ends;
    out.codes.age[row] = isStale ? ageCodes.stale : ageCodes.current;
  }
}
