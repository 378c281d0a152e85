import { type MeasureContext, why } from './context.ts';
import { robustSlope } from './statistics.ts';

const samplesMin = 3;
/** Uncertainty of a rate that only two movements tell. */
const twoMovementsUncertainty = 0.25;

/** Produce rate of each partition: the robust slope of its high watermark over the window, records/s. */
export function measureProduceRates({ history, settings, intervalMs, nowMs }: MeasureContext): void {
  const { ends, partitions, partitionTable } = history;
  const { produceRate, produceRateUncertainty } = partitions.numbers;
  const windowMs = Math.max(settings.windowMin, settings.windowSamples * intervalMs);
  for (let row = 0; row < partitionTable.rows.count; row++) {
    if (partitionTable.rows.alive[row] === 0) continue;
    const start = ends.start(row);
    const count = ends.count(row);
    let first = 0;
    while (first < count && ends.times[start + first]! < nowMs - windowMs) first++;
    if (count - first < samplesMin) {
      produceRate[row] = Number.NaN;
      produceRateUncertainty[row] = Number.NaN;
      continue;
    }
    const slope = robustSlope(ends.times, ends.values, start + first, count - first);
    produceRate[row] = slope.perMs * 1000;
    produceRateUncertainty[row] = slope.perMs > 0 ? Math.min(1, slope.halfWidth / slope.perMs) : 0;
  }
}

/** How far back rates and trends of a series look. */
export function windowOf({ settings, intervalMs }: MeasureContext, commitIntervalMs: number): number {
  const wanted = Math.max(
    settings.windowMin,
    settings.windowCommitIntervals * commitIntervalMs,
    settings.windowSamples * intervalMs,
  );
  return Math.min(wanted, settings.windowMax);
}

/**
 * Consume rate of each series, records/s, between commit movements, first to last in the window. No movement while observed for
 * longer than the stand: 0. One movement says nothing of a rate.
 */
export function measureConsumeRates(context: MeasureContext, from: number, to: number): void {
  const { history, out, settings, intervalMs } = context;
  const { alive } = history.seriesTable.rows;
  const { committedOffset, commitInterval, longestCommitInterval, standMs } = history.series.numbers;
  const { consumeRate, consumeRateUncertainty, commitIntervalMs, maxCommitIntervalMs } = out.numbers;
  const { whyConsumeRate } = out.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    const learned = commitInterval[row]!;
    const interval = Math.max(Number.isNaN(learned) ? settings.commitIntervalDefault : learned, intervalMs);
    commitIntervalMs[row] = interval;
    // Known only once the usual interval is learned: so nobody takes the default for learned.
    maxCommitIntervalMs[row] = Number.isNaN(learned) ? Number.NaN : longestCommitInterval[row]!;
    if (Number.isNaN(committedOffset[row]!)) {
      consumeRate[row] = Number.NaN;
      consumeRateUncertainty[row] = Number.NaN;
      whyConsumeRate[row] = why['no-commit'];
    } else if (standMs[row]! > settings.standIntervals * interval) {
      const stands = standMs[row]! > standLimit(context, row, interval);
      consumeRate[row] = stands ? 0 : Number.NaN;
      consumeRateUncertainty[row] = stands ? 0 : Number.NaN;
      whyConsumeRate[row] = stands ? why.known : whyNoRate(history.movements.count(row));
    } else {
      rateBetweenMovements(context, row, windowOf(context, interval));
    }
  }
}

/**
 * How long a series stands before its rate is 0. One that has moved, but too seldom for its usual interval to be learned, may be a
 * job that comes once an hour: it reads nothing only after a whole window, and after far longer than it was seen to stand.
 */
function standLimit(context: MeasureContext, row: number, intervalMs: number): number {
  const { history, settings } = context;
  const { commitInterval, longestCommitInterval } = history.series.numbers;
  const usual = settings.standIntervals * intervalMs;
  if (!Number.isNaN(commitInterval[row]!) || history.movements.count(row) === 0) return usual;
  const longest = settings.standIntervals * (longestCommitInterval[row]! || 0);
  return Math.max(usual, longest, windowOf(context, intervalMs));
}

function rateBetweenMovements(
  { history, out, intervalMs, nowMs }: MeasureContext,
  row: number,
  windowMs: number,
): void {
  const { movements } = history;
  const { consumeRate, consumeRateUncertainty } = out.numbers;
  const last = movements.start(row) + movements.count(row) - 1;
  const first = firstWithin(movements.times, movements.start(row), last, nowMs - windowMs);
  const inWindow = last - first + 1;
  if (inWindow < 2) {
    consumeRate[row] = Number.NaN;
    consumeRateUncertainty[row] = Number.NaN;
    out.codes.whyConsumeRate[row] = whyNoRate(inWindow);
    return;
  }
  const rate = rateBetween(movements.times, movements.values, first, last);
  consumeRate[row] = Math.max(0, rate);
  out.codes.whyConsumeRate[row] = why.known;
  // A movement is seen up to one poll after it happened.
  const timing = intervalMs / (movements.times[last]! - movements.times[first]!);
  const middle = (first + last) >> 1;
  const spread =
    inWindow === 2
      ? twoMovementsUncertainty
      : Math.abs(
          rateBetween(movements.times, movements.values, first, middle) -
            rateBetween(movements.times, movements.values, middle, last),
        ) /
        (2 * rate);
  consumeRateUncertainty[row] = rate > 0 ? Math.min(1, timing + spread) : 0;
}

function whyNoRate(movements: number): number {
  return movements === 1 ? why['one-movement'] : why['insufficient-data'];
}

function rateBetween(times: Float64Array, values: Float64Array, from: number, to: number): number {
  return ((values[to]! - values[from]!) / (times[to]! - times[from]!)) * 1000;
}

/** Index of the first time at or after `sinceMs`, searched back from `last`; last + 1 where there is none. */
export function firstWithin(times: Float64Array, start: number, last: number, sinceMs: number): number {
  let first = last + 1;
  while (first > start && times[first - 1]! >= sinceMs) first--;
  return first;
}
