import { type MeasureContext, why } from './context.ts';

/**
 * 1: the group reads faster than is produced, -1: slower, 0: they do not differ beyond noise; NaN: a rate is not known.
 * Noise: both rates' uncertainties together, each at least `noiseMin` of its rate.
 */
export function compareRates(
  consumed: number,
  consumedUncertainty: number,
  produced: number,
  producedUncertainty: number,
  noiseMin: number,
): number {
  const noise = Math.hypot(
    consumed * Math.max(consumedUncertainty, noiseMin),
    produced * Math.max(producedUncertainty, noiseMin),
  );
  const difference = consumed - produced;
  if (Number.isNaN(difference)) return Number.NaN;
  return Math.abs(difference) <= noise ? 0 : Math.sign(difference);
}

/** Time to drain of each series: lag / (c - p) where it drains beyond noise, 0 when caught up, NaN where it does not drain. */
export function measureDrain({ history, out, settings }: MeasureContext, from: number, to: number): void {
  const { alive } = history.seriesTable.rows;
  const { produceRate, produceRateUncertainty } = history.partitions.numbers;
  const { partitionRow } = history.series.links;
  const { residue } = history.series.codes;
  const { lag, consumeRate, consumeRateUncertainty, timeToDrainSeconds } = out.numbers;
  const { whyTimeToDrain, whyLag, whyConsumeRate } = out.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    timeToDrainSeconds[row] = Number.NaN;
    whyTimeToDrain[row] = whyLag[row]!;
    if (whyLag[row] !== why.known) continue;
    if (lag[row] === 0 || residue[row] === 1) {
      timeToDrainSeconds[row] = 0;
      continue;
    }
    const consumed = consumeRate[row]!;
    const produced = produceRate[partitionRow[row]!]!;
    const uncertainty = produceRateUncertainty[partitionRow[row]!]!;
    const noiseMin = settings.rateNoiseMin;
    const direction = compareRates(consumed, consumeRateUncertainty[row]!, produced, uncertainty, noiseMin);
    if (Number.isNaN(direction)) {
      whyTimeToDrain[row] = whyConsumeRate[row] === why.known ? why['insufficient-data'] : whyConsumeRate[row]!;
    } else if (direction > 0) {
      timeToDrainSeconds[row] = lag[row]! / (consumed - produced);
    }
  }
}
