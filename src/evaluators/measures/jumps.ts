import type { ClusterHistory } from '../../history/cluster-history.ts';
import type { MeasureContext } from './context.ts';

/** What a series did not read between two polls, and what it will read again; in offsets. */
export interface Jump {
  /** Deleted by retention before it was read: an upper bound on compacted or transactional topics. */
  lost: number;
  /** Of the way that the commit went in this poll: what it was set over by a reset, because it was lost. */
  unread: number;
  /** Jumped over although it was there. */
  skipped: number;
  rewound: number;
}

/** Below this share of the retention the broker cannot have deleted anything: a log start that moves was moved by DeleteRecords. */
const purgeBelowUsed = 0.5;
/** Fewer offsets than this are no jump. */
const jumpMin = 100;
/** Movements from which on the best rate says something. */
const ratedFrom = 5;

/** Compares this poll's commit with the last one; writes into `jump`. Counts each lost offset once. */
export function judgeJump(context: MeasureContext, row: number, jump: Jump): void {
  const { numbers } = context.history.series;
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  judgeLoss(context, row, jump);
  jump.rewound = Math.max(0, previous - committed);
  jump.skipped = committed > previous ? skippedOffsets(context, row, committed - previous - jump.unread) : 0;
  context.history.series.codes.returned[row] = 0;
  if (jump.lost > 0) numbers.lastLostAt[row] = numbers.committedReadAt[row]!;
}

/**
 * What retention took. Below the log start it is what the log start passed; what it passed before counts no more. At the edge a
 * live consumer resets within one poll, and a commit below the log start is never seen: there a loss is inferred from
 * old commit < new log start <= new commit, beyond what the consumer could have read in that time.
 */
function judgeLoss(context: MeasureContext, row: number, jump: Jump): void {
  const { numbers, links, codes } = context.history.series;
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  const logStart = context.history.partitions.numbers.logStartOffset[links.partitionRow[row]!]!;
  const counted = numbers.lostUpTo[row]!;
  const from = Math.max(previous, counted);
  jump.lost = 0;
  jump.unread = 0;
  // Markers and compacted tails were never records.
  const isResidue = codes.residue[row] === 1;
  if (logStart > from) numbers.lostUpTo[row] = logStart;
  if (isResidue || !(logStart > previous)) return;
  if (committed < logStart) {
    // It may still read what it had fetched before: its commits move, and the loss is an upper bound.
    jump.lost = Math.max(0, logStart - Math.max(committed, from));
  } else if (counted > previous) {
    // It stood below the log start and has reset now.
    jump.unread = logStart - previous;
    jump.lost = Math.max(0, logStart - from);
  } else {
    jump.unread = inferredLoss(context, row, logStart);
    jump.lost = jump.unread;
  }
}

/** A log start that follows the commits is a purge (DeleteRecords, as Kafka Streams does): nothing was lost. */
function inferredLoss({ history, intervalMs }: MeasureContext, row: number, logStart: number): number {
  const { numbers } = history.series;
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  if (logStart === committed || numbers.retentionUsedRatio[row]! < purgeBelowUsed) return 0;
  const rates = movementRates(history, row);
  const seconds = (numbers.committedReadAt[row]! - lastMoved(history, row)) / 1000;
  // Where no rate is known, what it read cannot be told from what it lost. A commit may be seen up to a poll late.
  if (!(logStart - previous > rates.best * (seconds + intervalMs / 1000))) return 0;
  // It moved by what it lost and what it read, before and after the reset.
  return Math.min(logStart - previous, Math.max(0, Math.round(committed - previous - rates.mean * seconds)));
}

/** Offsets beyond `skippedRateFactor` times what the best rate ever seen would have read; all of them where the commit was gone between. */
function skippedOffsets({ history, settings, intervalMs }: MeasureContext, row: number, moved: number): number {
  const { numbers } = history.series;
  if (history.series.codes.returned[row] === 1) return moved;
  if (history.movements.count(row) < ratedFrom || moved < jumpMin) return 0;
  const seconds = (numbers.committedReadAt[row]! - lastMoved(history, row) + intervalMs) / 1000;
  const couldRead = numbers.bestRate[row]! * seconds;
  return moved > settings.skippedRateFactor * couldRead ? Math.round(moved - couldRead) : 0;
}

function lastMoved({ series }: ClusterHistory, row: number): number {
  const { lastMovedAt, watchedSince } = series.numbers;
  return Number.isNaN(lastMovedAt[row]!) ? watchedSince[row]! : lastMovedAt[row]!;
}

/** Offsets a second over the movements that are remembered: best and mean; NaN below two movements. */
function movementRates({ movements }: ClusterHistory, row: number): { best: number; mean: number } {
  const start = movements.start(row);
  const last = start + movements.count(row) - 1;
  let best = Number.NaN;
  for (let i = start + 1; i <= last; i++) {
    const rate = (movements.values[i]! - movements.values[i - 1]!) / (movements.times[i]! - movements.times[i - 1]!);
    if (!(rate <= best)) best = rate;
  }
  const mean =
    (movements.values[last]! - movements.values[start]!) / (movements.times[last]! - movements.times[start]!);
  return { best: best * 1000, mean: mean * 1000 };
}
