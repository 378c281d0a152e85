import { type ClusterHistory, residues } from '../../history/cluster-history.ts';
import { lossCauses } from '../../model/report.ts';
import { codesOf, firstUnreadOffset, type MeasureContext, why } from './context.ts';
import { compareRates } from './drain.ts';
import { recordTime, timestampDelay, timeToExpiry, type Unread } from './expiry.ts';
import { type Limits, limitsOf } from './limits.ts';
import { rateSpread } from './statistics.ts';

const causes = codesOf(lossCauses);

/** When the first unread record goes, and by what: bounds in ms from now; Infinity: not within the horizon. NaN: not known. */
interface Bounds {
  earliestMs: number;
  latestMs: number;
  cause: number;
}

/** A rate, and what it may be within its uncertainty (a share of it). */
interface WidenedRate {
  nominal: number;
  by: number;
  slow: number;
  fast: number;
}

/** One series with all that its loss depends on. */
interface AtRisk extends Unread {
  row: number;
  lag: number;
  limits: Limits;
  /** offsets a ms */
  consumed: WidenedRate;
  produced: WidenedRate;
  /** 1: drains, -1: falls behind, 0: the rates do not differ beyond noise */
  direction: number;
  bytesPerRecord: number;
  /** Of the whole log. */
  sizeBytes: number;
}

const nothing = (): WidenedRate => ({ nominal: 0, by: 0, slow: 0, fast: 0 });

/** The series that is looked at: one for all, since thousands lag in each cycle. */
const looked: AtRisk = {
  row: -1,
  partitionRow: -1,
  committed: 0,
  nowMs: 0,
  retentionMs: 0,
  headAtMs: 0,
  lag: 0,
  limits: limitsOf(null, {}),
  timestampDelayMs: 0,
  consumed: nothing(),
  produced: nothing(),
  direction: 0,
  bytesPerRecord: 0,
  sizeBytes: 0,
};

/** Both bounds of the time to loss, its cause, and the share of retention that is used; for each series. */
export function measureLoss(context: MeasureContext, from: number, to: number): void {
  const { history, out } = context;
  const { alive } = history.seriesTable.rows;
  const { unreadRecords, timeToLossEarliestSeconds, timeToLossLatestSeconds, retentionUsedRatio } = out.numbers;
  const { lossBy, whyTimeToLoss, whyLag } = out.codes;
  const { topicRow } = history.partitions.links;
  const limits = history.topics.map(({ config }) => limitsOf(config, history.brokerConfig));
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    timeToLossEarliestSeconds[row] = Number.NaN;
    timeToLossLatestSeconds[row] = Number.NaN;
    retentionUsedRatio[row] = Number.NaN;
    lossBy[row] = 0;
    whyTimeToLoss[row] = whyLag[row]!;
    if (whyLag[row] !== why.known) continue;
    const topicLimits = limits[topicRow[history.series.links.partitionRow[row]!]!]!;
    retentionUsedRatio[row] = usedRatio(context, row, topicLimits);
    if (unreadRecords[row] === 0) continue;
    judgeLoss(context, atRisk(context, row, topicLimits));
  }
}

function isUnlimited({ retentionMs, retentionBytes }: Limits): boolean {
  return retentionMs === Number.POSITIVE_INFINITY && retentionBytes === Number.POSITIVE_INFINITY;
}

/**
 * Whether retention has passed the first unread offset. Null: the log start was read when the commit was not; the group may have
 * moved meanwhile, and a log start above its old commit (as Kafka Streams purges up to the new one) proves no loss.
 */
export function isPassedByLogStart(history: ClusterHistory, row: number): boolean | null {
  const { logStartOffset, logStartReadAt } = history.partitions.numbers;
  const partition = history.series.links.partitionRow[row]!;
  if (!(firstUnreadOffset(history, row) < logStartOffset[partition]!)) return false;
  return history.series.numbers.committedReadAt[row]! < logStartReadAt[partition]! ? null : true;
}

function usedRatio({ history, out }: MeasureContext, row: number, limits: Limits): number {
  const { bytesPerRecord } = history.partitions.numbers;
  if (isUnlimited(limits)) return Number.NaN;
  const lag = out.numbers.unreadRecords[row]!;
  const byTime = out.numbers.timeLagSeconds[row]! / (limits.retentionMs / 1000);
  const bytes = lag === 0 ? 0 : lag * bytesPerRecord[history.series.links.partitionRow[row]!]!;
  const bySize = bytes / limits.retentionBytes;
  if (Number.isNaN(bySize)) return byTime;
  return Number.isNaN(byTime) ? bySize : Math.max(byTime, bySize);
}

/** Writes into `looked`. */
function atRisk({ history, out, settings, nowMs }: MeasureContext, row: number, limits: Limits): AtRisk {
  const partitionRow = history.series.links.partitionRow[row]!;
  const partition = history.partitions.numbers;
  const committed = firstUnreadOffset(history, row);
  const consumeRate = out.numbers.consumeRate[row]!;
  const produceRate = partition.produceRate[partitionRow]!;
  const consumedBy = out.numbers.consumeRateUncertainty[row]!;
  const producedBy = partition.produceRateUncertainty[partitionRow]!;
  looked.row = row;
  looked.partitionRow = partitionRow;
  looked.committed = committed;
  looked.nowMs = nowMs;
  looked.retentionMs = limits.retentionMs;
  looked.headAtMs = recordTime(history, partitionRow, committed, nowMs - limits.retentionMs);
  looked.lag = out.numbers.unreadRecords[row]!;
  looked.limits = limits;
  looked.timestampDelayMs = timestampDelay(history, partitionRow);
  widen(looked.consumed, consumeRate / 1000, Math.max(consumedBy, settings.rateUncertaintyMin));
  widen(looked.produced, produceRate / 1000, Math.max(producedBy, settings.rateUncertaintyMin));
  looked.direction = compareRates(consumeRate, consumedBy, produceRate, producedBy, settings.rateNoiseMin);
  looked.bytesPerRecord = partition.bytesPerRecord[partitionRow]!;
  looked.sizeBytes = partition.sizeBytes[partitionRow]!;
  return looked;
}

function widen(rate: WidenedRate, nominal: number, by: number): void {
  rate.nominal = nominal;
  rate.by = by;
  rate.slow = nominal * (1 - by);
  rate.fast = nominal * (1 + by);
}

function widened(nominal: number, by: number): WidenedRate {
  const rate = nothing();
  widen(rate, nominal, by);
  return rate;
}

function judgeLoss(context: MeasureContext, series: AtRisk): void {
  const { out, settings, history } = context;
  const { limits, row } = series;
  const isPassed = isPassedByLogStart(history, row);
  if (isPassed === true) {
    write(out, row, { earliestMs: 0, latestMs: 0, cause: causes.observed });
    return;
  }
  if (isPassed === null || history.series.codes.residue[row] === residues.perhaps) {
    out.codes.whyTimeToLoss[row] = why['insufficient-data'];
    return;
  }
  if (isUnlimited(limits)) return;
  if (Number.isNaN(series.direction)) {
    const { whyConsumeRate } = out.codes;
    out.codes.whyTimeToLoss[row] = whyConsumeRate[row] === why.known ? why['insufficient-data'] : whyConsumeRate[row]!;
    return;
  }
  const byTime = lossByTime(context, series);
  const bySize = lossBySize(history, series, settings.lossHorizon);
  const isPartlyUnknown = Number.isNaN(byTime.earliestMs) || Number.isNaN(bySize.earliestMs);
  const observed = isPartlyUnknown ? lossAsObserved(context, series) : never;
  const first = sooner(sooner(sooner(never, byTime), bySize), observed);
  if (first.earliestMs < Number.POSITIVE_INFINITY) {
    write(out, row, first);
  } else if (isPartlyUnknown && Number.isNaN(observed.earliestMs)) {
    out.codes.whyTimeToLoss[row] = whyUnknown(series, byTime);
  }
}

/** What deletes first; what is not known never does. */
function sooner(first: Bounds, other: Bounds): Bounds {
  return other.earliestMs < first.earliestMs ? other : first;
}

const never: Bounds = { earliestMs: Number.POSITIVE_INFINITY, latestMs: Number.POSITIVE_INFINITY, cause: 0 };
const unknown: Bounds = { earliestMs: Number.NaN, latestMs: Number.NaN, cause: 0 };

function whyUnknown({ limits, headAtMs }: AtRisk, byTime: Bounds): number {
  if (Number.isNaN(limits.retentionMs) || Number.isNaN(limits.retentionBytes)) return why['retention-unread'];
  if (Number.isNaN(byTime.earliestMs) && Number.isNaN(headAtMs)) return why['insufficient-data'];
  return why['size-unread'];
}

function write(out: MeasureContext['out'], row: number, { earliestMs, latestMs, cause }: Bounds): void {
  out.numbers.timeToLossEarliestSeconds[row] = earliestMs / 1000;
  out.numbers.timeToLossLatestSeconds[row] =
    latestMs === Number.POSITIVE_INFINITY ? Number.NaN : Math.max(earliestMs, latestMs) / 1000;
  out.codes.lossBy[row] = cause;
  out.codes.whyTimeToLoss[row] = why.known;
}

/**
 * By record age. A segment goes as a whole, at the next check after its youngest record has expired: hence the later bound. Who reads
 * on meanwhile gets away from it, until the records that he stands before are older than retention by a whole segment.
 */
function lossByTime({ history, settings }: MeasureContext, series: AtRisk): Bounds {
  const { limits, consumed, produced, direction, headAtMs } = series;
  if (limits.retentionMs === Number.POSITIVE_INFINITY) return never;
  if (Number.isNaN(limits.retentionMs) || Number.isNaN(headAtMs)) return unknown;
  const horizonMs = settings.lossHorizon * limits.retentionMs;
  // A steady lag can be caught only by what was produced already, faster than it is read; one that changes, also by what will be.
  const changes = direction !== 0;
  const nominal = timeToExpiry(history, series, consumed.nominal, changes ? produced.nominal : 0);
  if (direction <= 0 && !(nominal <= horizonMs)) return never;
  const earliestMs = timeToExpiry(history, series, consumed.slow, changes ? produced.fast : 0);
  if (!(earliestMs <= horizonMs)) return never;
  // The segment and the check are far wider than what the rates may be besides.
  const latest = timeToExpiry(history, series, consumed.nominal, changes ? produced.nominal : 0, segmentSpanMs(series));
  return { earliestMs, latestMs: Math.min(latest, horizonMs) + limits.checkIntervalMs, cause: causes.time };
}

/** Time between the first and the last record of a segment, at most. */
function segmentSpanMs({ limits, produced, bytesPerRecord }: AtRisk): number {
  const fillMs = limits.segmentBytes / (produced.slow * bytesPerRecord);
  return Number.isNaN(fillMs) ? limits.segmentMs : Math.min(fillMs, limits.segmentMs);
}

/** By size: the record goes when all newer bytes reach retention.bytes, and at the latest when its segment does. */
function lossBySize({ ends }: ClusterHistory, series: AtRisk, horizon: number): Bounds {
  const { limits, lag, bytesPerRecord, consumed, direction } = series;
  if (limits.retentionBytes === Number.POSITIVE_INFINITY) return never;
  // A log that has not reached the limit and does not grow faster than it is read cannot lose by size, whatever a record weighs.
  if (series.sizeBytes < limits.retentionBytes && direction >= 0) return never;
  if (Number.isNaN(limits.retentionBytes) || Number.isNaN(bytesPerRecord)) return unknown;
  // What is left depends on the difference of two rates alone: a little of either is much of it.
  const { partitionRow } = series;
  const spread = rateSpread(ends.times, ends.values, ends.start(partitionRow), ends.count(partitionRow));
  const produced = spread > series.produced.by ? widened(series.produced.nominal, spread) : series.produced;
  const roomBytes = limits.retentionBytes - lag * bytesPerRecord;
  if (roomBytes > 0 && direction >= 0) return never;
  const growth = (faster: number, slower: number) => Math.max(0, faster - slower) * bytesPerRecord;
  const earliestMs = roomBytes <= 0 ? 0 : roomBytes / growth(produced.fast, consumed.slow);
  const horizonMs = horizon * (limits.retentionBytes / (produced.nominal * bytesPerRecord));
  if (!(earliestMs <= horizonMs)) return never;
  const later = Math.max(0, roomBytes + limits.segmentBytes) / growth(produced.slow, consumed.fast);
  return { earliestMs, latestMs: Math.min(later, horizonMs) + limits.checkIntervalMs, cause: causes.size };
}

/** As the log start moves by the deletion of segments: what is left where a limit or the size cannot be read. */
function lossAsObserved({ history, settings }: MeasureContext, series: AtRisk): Bounds {
  const { logStarts } = history;
  const { longestLogStartStep } = history.partitions.numbers;
  const count = logStarts.count(series.partitionRow);
  if (count < 2) return unknown;
  const first = logStarts.start(series.partitionRow);
  const last = first + count - 1;
  const spanMs = logStarts.times[last]! - logStarts.times[first]!;
  const speed = widened((logStarts.values[last]! - logStarts.values[first]!) / spanMs, settings.rateUncertaintyMin);
  const distance = series.committed - logStarts.values[last]!;
  const earliestMs = distance / Math.max(0, speed.fast - series.consumed.slow);
  const latestMs = distance / Math.max(0, speed.slow - series.consumed.fast);
  const horizonMs = settings.lossHorizon * Math.max(spanMs, longestLogStartStep[series.partitionRow]!);
  if (!(earliestMs <= horizonMs)) return never;
  const delayMs = longestLogStartStep[series.partitionRow]! + series.limits.checkIntervalMs;
  return { earliestMs, latestMs: Math.min(latestMs, horizonMs) + delayMs, cause: causes.observed };
}
