import type { ClusterHistory } from '../../history/cluster-history.ts';
import { curveTime } from '../../history/curve.ts';
import { timeLagMethods } from '../../model/report.ts';
import { codesOf, firstUnreadOffset, type MeasureContext, why } from './context.ts';

export const methods = codesOf(timeLagMethods);

/** When the end offset passed an offset, and how that is known. */
export interface OffsetTime {
  /** Engine ms; where the method is `at-least` it was no later than this; NaN where nothing is known. */
  atMs: number;
  method: number;
}

/**
 * Looks an offset up: on the own samples, else on the answers of offsets-for-times, the last of which joins the first own sample.
 * Writes into `result`.
 */
export function locateOffset(history: ClusterHistory, row: number, offset: number, result: OffsetTime): void {
  const { curves, seeds, partitions } = history;
  const own = curves.start(row);
  const ownCount = curves.count(row);
  result.atMs = curveTime(curves.times, curves.values, own, ownCount, offset);
  result.method = methods.interpolated;
  if (!Number.isNaN(result.atMs)) return;
  const start = seeds.start(row);
  const count = seeds.count(row);
  const last = start + count - 1;
  if (count === 0 || offset < seeds.values[start]!) {
    // Older than all that is known: no later than the oldest point that tells. An answer that is the log start itself tells but
    // that nothing before it is left.
    result.method = methods['at-least'];
    const logStart = partitions.numbers.logStartOffset[row]!;
    let telling = start;
    while (telling <= last && seeds.values[telling]! <= logStart) telling++;
    result.atMs = telling <= last ? seeds.times[telling]! : ownCount > 0 ? curves.times[own]! : Number.NaN;
    return;
  }
  result.method = methods.seeded;
  result.atMs = curveTime(seeds.times, seeds.values, start, count, offset);
  if (offset >= seeds.values[last]! && ownCount > 0 && curves.values[own]! > offset) {
    const share = (offset - seeds.values[last]!) / (curves.values[own]! - seeds.values[last]!);
    result.atMs = seeds.times[last]! + share * Math.max(0, curves.times[own]! - seeds.times[last]!);
  }
}

/** Who moved at the last poll but one does not stand. */
const standingPolls = 2;

const located: OffsetTime = { atMs: Number.NaN, method: 0 };

/** Time lag of each series: how long before the end offset's read the end offset passed the first unread offset, s. */
export function measureTimeLag({ history, out }: MeasureContext, from: number, to: number): void {
  const { alive } = history.seriesTable.rows;
  const { links, codes } = history.series;
  const { endReadAt } = history.partitions.numbers;
  const { lag, timeLagSeconds } = out.numbers;
  const { timeLagMethod, whyTimeLag, whyLag } = out.codes;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    timeLagMethod[row] = 0;
    timeLagSeconds[row] = Number.NaN;
    whyTimeLag[row] = whyLag[row]!;
    if (whyLag[row] !== why.known) continue;
    if (lag[row] === 0 || codes.residue[row] === 1) {
      timeLagSeconds[row] = 0;
      timeLagMethod[row] = lag[row] === 0 ? 0 : methods.residue;
      continue;
    }
    const partition = links.partitionRow[row]!;
    locateOffset(history, partition, firstUnreadOffset(history, row), located);
    const behindMs = endReadAt[partition]! - located.atMs;
    if (Number.isNaN(behindMs) || (located.method === methods['at-least'] && behindMs <= 0)) {
      whyTimeLag[row] = why['insufficient-data'];
      continue;
    }
    timeLagSeconds[row] = Math.max(0, behindMs) / 1000;
    timeLagMethod[row] = located.method;
  }
}

/**
 * How long the third unread record (`waitingRecords`) of those that stand has waited: before it there may be markers, which had
 * been there for long.
 */
export function measureWaiting({ history, out, settings }: MeasureContext, from: number, to: number): void {
  const { alive } = history.seriesTable.rows;
  const { partitionRow } = history.series.links;
  const { pollsWithoutMovement, standMs } = history.series.numbers;
  const { endReadAt } = history.partitions.numbers;
  const { unreadRecords, waitingSeconds } = out.numbers;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    waitingSeconds[row] = Number.NaN;
    if (!(unreadRecords[row]! >= settings.waitingRecords) || pollsWithoutMovement[row]! < standingPolls) continue;
    const partition = partitionRow[row]!;
    locateOffset(history, partition, firstUnreadOffset(history, row) + settings.waitingRecords - 1, located);
    const waitedMs = Math.max(0, endReadAt[partition]! - located.atMs);
    // Of what came before anybody watched it is not known: it has waited for as long as the series stands.
    waitingSeconds[row] = (Number.isNaN(waitedMs) ? standMs[row]! : waitedMs) / 1000;
  }
}

/** Share that a new, higher time lag moves the usual one by, and a lower one: the usual is a high quantile of what was seen. */
const usualUp = 0.2;
const usualDown = 0.01;
/** One outlier may not teach a new usual. */
const usualOutlier = 3;

/** Learns what time lag is usual while a series keeps up; NaN until it has been seen often enough. */
export function learnUsualTimeLag(context: MeasureContext, row: number): void {
  const { history, out, settings, intervalMs } = context;
  const { numbers, codes } = history.series;
  const known = numbers.usualTimeLag[row]!;
  const floor = intervalMs / 1000;
  const seen = Math.max(floor, out.numbers.timeLagSeconds[row]!);
  if (Number.isNaN(known)) {
    numbers.usualTimeLag[row] = seen;
  } else {
    const target = Math.min(seen, known * usualOutlier);
    numbers.usualTimeLag[row] = known + (target > known ? usualUp : usualDown) * (target - known);
  }
  if (codes.usualSamples[row]! < settings.usualTimeLagSamples) codes.usualSamples[row]!++;
}
