import { type ClusterHistory, returns } from '../../history/cluster-history.ts';
import type { MeasureContext } from './context.ts';
import { judgeLeap } from './leaps.ts';

/** What a series did not read between two polls, and what it will read again; in offsets. */
export interface Jump {
  /** Deleted by retention before it was read: an upper bound on compacted or transactional topics. */
  lost: number;
  /** Of the way that the commit went in this poll: what it was set over by a reset, because it was lost. */
  unread: number;
  /** Jumped over although it was there; where it is only suspected, it counts as read all the same. */
  skipped: number;
  /** skipEvidences */
  skippedBy: number;
  /** The jump was made at an earlier poll, and what followed has shown now what it was. */
  isLate: boolean;
  /** The offset that the commit stood at before what was skipped. */
  from: number;
  /** Of the way that the commit went in this poll: not judged yet. */
  heldBack: number;
  /** Of what was held back earlier: what was read after all. */
  released: number;
  /** The way back, and how many of the records on it are there to be read again. */
  back: number;
  rewound: number;
}

/** One for all rows: it is filled a hundred thousand times a cycle. */
export function makeJump(): Jump {
  const jump = {} as Jump;
  clearJump(jump);
  return jump;
}

function clearJump(jump: Jump): void {
  jump.lost = 0;
  jump.unread = 0;
  jump.skipped = 0;
  jump.skippedBy = 0;
  jump.isLate = false;
  jump.from = Number.NaN;
  jump.heldBack = 0;
  jump.released = 0;
  jump.back = 0;
  jump.rewound = 0;
}

/** Below this share of the retention the broker cannot have deleted anything: a log start that moves was moved by DeleteRecords. */
const purgeBelowUsed = 0.5;
/** From this share on a log start that moves was moved by retention: what is left is how well the age of a record is known. */
const dueFromUsed = 0.95;
/** One time of four the broker's check comes in this last share of the time between two polls. */
const lateCheck = 0.25;
/** Who was never seen to read more than so many times its mean pace reads evenly: then its pace tells how far it was at the check. */
const evenPace = 2;

/** Compares this poll's commit with the last one; writes into `jump`. Counts each lost offset once. */
export function judgeJump(context: MeasureContext, row: number, jump: Jump): void {
  clearJump(jump);
  const { numbers, links, codes } = context.history.series;
  const { logStartOffset } = context.history.partitions.numbers;
  const partition = links.partitionRow[row]!;
  if (codes.returned[row] === returns.no) judgeLoss(context, row, jump);
  // What the log start passed while the commit was gone was nobody's to lose.
  else numbers.lostUpTo[row] = logStartOffset[partition]!;
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  jump.back = Math.max(0, previous - committed);
  jump.rewound = rewoundRecords(context, row, previous, committed);
  judgeLeap(context, row, jump);
  if (jump.lost > 0) numbers.lastLostAt[row] = numbers.committedReadAt[row]!;
}

/** What a truncation has cut off, or may have, is not there to be read again: what stands there now is new. */
function rewoundRecords({ history }: MeasureContext, row: number, previous: number, committed: number): number {
  const { numbers, codes } = history.partitions;
  const partition = history.series.links.partitionRow[row]!;
  if (codes.endFell[partition] === 1) return 0;
  const isFromBefore = history.series.numbers.lastMovedAt[row]! < numbers.truncatedAt[partition]!;
  const end = isFromBefore ? numbers.fallenTo[partition]! : numbers.highWatermark[partition]!;
  return Math.max(0, (Number.isNaN(end) ? previous : Math.min(previous, end)) - committed);
}

/**
 * What retention took. Below the log start it is what the log start passed; what it passed before counts no more. At the edge a
 * live consumer resets within one poll, and a commit below the log start is never seen: there a loss is inferred from
 * old commit < new log start <= new commit, beyond what the consumer had most probably read by then.
 */
function judgeLoss(context: MeasureContext, row: number, jump: Jump): void {
  const { numbers, links, codes } = context.history.series;
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  const logStart = context.history.partitions.numbers.logStartOffset[links.partitionRow[row]!]!;
  const counted = numbers.lostUpTo[row]!;
  const from = Math.max(previous, counted);
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
  const used = numbers.retentionUsedRatio[row]!;
  // What stood next expires about now: the broker deletes it at its next check, and who is reset to the log start may stay there.
  const isDue = used >= dueFromUsed;
  if (used < purgeBelowUsed || (logStart === committed && !isDue)) return 0;
  const rates = movementRates(history, row);
  const readAtMs = numbers.committedReadAt[row]!;
  const seconds = (readAtMs - lastMoved(history, row)) / 1000;
  const pollSeconds = (readAtMs - numbers.previousReadAt[row]!) / 1000;
  // Where no rate is known, what it read cannot be told from what it lost. A commit may be seen up to a poll late.
  const mayHaveRead = isDue ? readByCheck(rates, seconds, pollSeconds) : rates.best * (seconds + intervalMs / 1000);
  if (!(logStart - previous > mayHaveRead)) return 0;
  // It moved by what it lost and what it read, before and after the reset.
  return Math.min(logStart - previous, Math.max(0, Math.round(committed - previous - rates.mean * seconds)));
}

/** Offsets that were read from the last movement, so many seconds ago, to the broker's check, which came since the poll before. */
function readByCheck({ best, mean }: MovementRates, seconds: number, pollSeconds: number): number {
  return best <= evenPace * mean ? mean * (seconds - lateCheck * pollSeconds) : best * seconds;
}

function lastMoved({ series }: ClusterHistory, row: number): number {
  const { lastMovedAt, watchedSince } = series.numbers;
  return Number.isNaN(lastMovedAt[row]!) ? watchedSince[row]! : lastMovedAt[row]!;
}

/** Offsets a second over the movements that are remembered; NaN below two movements. */
interface MovementRates {
  best: number;
  mean: number;
}

function movementRates({ movements }: ClusterHistory, row: number): MovementRates {
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
