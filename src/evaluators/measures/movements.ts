import { observations } from '../../history/cluster-history.ts';
import { dropForLogSpacing } from '../../history/points.ts';
import { startSeries } from '../../history/row-keeping.ts';
import { skipEvidences } from '../../model/report.ts';
import { codesOf, endOffsetOf, gapMs, type MeasureContext } from './context.ts';
import { type Jump, judgeJump, makeJump } from './jumps.ts';
import { shiftMovements } from './leaps.ts';
import { windowOf } from './rates.ts';
import { medianGap } from './statistics.ts';

/** The newest gaps between movements that the usual commit interval is learned from: the older half of the points is thinned out. */
const learnedGaps = 10;
/** Gaps from which on it counts as learned. */
const learnedFrom = 3;

const { suspected } = codesOf(skipEvidences);

const jump = makeJump();

/**
 * Takes this poll's commits into the history of movements: what moved, how long the others stand, what was jumped over.
 * Movements, not samples, are what rates and trends are made of: a group that commits every 7 min moves in steps.
 */
export function observeMovements(context: MeasureContext, from: number, to: number): void {
  const { history, out, intervalMs } = context;
  const { alive } = history.seriesTable.rows;
  const { numbers, codes } = history.series;
  const { committedOffset, previousCommitted, committedReadAt, previousReadAt, standMs, pollsWithoutMovement } =
    numbers;
  for (let row = from; row < to; row++) {
    out.numbers.lostNow[row] = 0;
    out.numbers.skippedNow[row] = 0;
    out.numbers.rewoundNow[row] = 0;
    out.codes.skippedBy[row] = 0;
    codes.movedNow[row] = 0;
    if (alive[row] === 0 || codes.observedNow[row] !== observations.anew) continue;
    const previous = previousCommitted[row]!;
    const committed = committedOffset[row]!;
    if (Number.isNaN(previous)) {
      beginSeries(context, row);
      continue;
    }
    judgeJump(context, row, jump);
    out.numbers.lostNow[row] = jump.lost;
    out.numbers.skippedNow[row] = jump.skipped;
    out.numbers.rewoundNow[row] = jump.rewound;
    out.numbers.jumpedFrom[row] = jump.from;
    out.codes.skippedBy[row] = jump.skippedBy;
    if (committed === previous) {
      const elapsed = committedReadAt[row]! - previousReadAt[row]!;
      standMs[row]! += elapsed > gapMs(intervalMs) ? intervalMs : elapsed;
      pollsWithoutMovement[row]!++;
    } else {
      observeMovement(context, row, committed - previous);
    }
    countOffsets(context, row, Math.max(0, committed - previous - notRead(jump)) + jump.released);
  }
}

/** Of the way that the commit went in this poll: what was not read, as far as it is sure, or not judged yet. */
function notRead({ unread, skipped, skippedBy, isLate, heldBack }: Jump): number {
  return unread + heldBack + (isLate || skippedBy === suspected ? 0 : skipped);
}

/** The first commit that is seen of a series: it is a place, not yet a movement. What was lost before is not counted. */
function beginSeries({ history }: MeasureContext, row: number): void {
  const { numbers, links } = history.series;
  startSeries(history, row, numbers.committedReadAt[row]!);
  numbers.lostUpTo[row] = history.partitions.numbers.logStartOffset[links.partitionRow[row]!]!;
}

function observeMovement(context: MeasureContext, row: number, delta: number): void {
  const { history, settings, intervalMs } = context;
  const { numbers, codes, links } = history.series;
  const { movements } = history;
  const atMs = numbers.committedReadAt[row]!;
  const wasMissed = atMs - numbers.previousReadAt[row]! > gapMs(intervalMs);
  const gap = atMs - numbers.lastMovedAt[row]!;
  shiftMovements(history.movements, row, notRead(jump) - jump.heldBack - jump.back);
  const groupTopic = history.groupTopics[links.groupTopicRow[row]!]!;
  const isReadCommitted = groupTopic.policy.isolationLevel === 'read_committed';
  const end = endOffsetOf(history, links.partitionRow[row]!, isReadCommitted);
  const committed = numbers.committedOffset[row]!;
  const lag = Math.max(0, end - committed);
  const commitInterval = Math.max(numbers.commitInterval[row]! || settings.commitIntervalDefault, intervalMs);
  const sinceMs = atMs - windowOf(context, commitInterval);
  movements.append(row, atMs, committed, lag, (start, count) =>
    movements.times[start + 1]! < sinceMs ? 0 : dropForLogSpacing(movements.times, start, count),
  );
  if (wasMissed) {
    // Nobody knows whether it ran in the meantime: that time is no part of the run.
    numbers.movementRunSince[row]! += gap;
  } else {
    countRun(context, row, gap);
    const read = delta - notRead(jump);
    // The time since the last movement is what the consumer had for it; the first movement only shows that it lives.
    const rate = (read / Math.max(gap, intervalMs)) * 1000;
    if (rate > 0 && !(rate <= numbers.bestRate[row]!)) numbers.bestRate[row] = rate;
  }
  numbers.lastMovedAt[row] = atMs;
  numbers.standMs[row] = 0;
  numbers.pollsWithoutMovement[row] = 0;
  codes.movedNow[row] = 1;
  codes.everActive[row] = 1;
  learnCommitInterval(history, row);
}

/** Movements in a row whose gaps are short: what tells a group that runs all the time from one that comes now and then. */
function countRun({ history, settings, intervalMs }: MeasureContext, row: number, gap: number): void {
  const { movementRun, movementRunSince, committedReadAt } = history.series.numbers;
  const goesOn = gap <= settings.shortGapMax + intervalMs && movementRun[row]! > 0;
  movementRun[row] = goesOn ? movementRun[row]! + 1 : 1;
  if (!goesOn) movementRunSince[row] = committedReadAt[row]!;
}

function learnCommitInterval({ movements, series }: MeasureContext['history'], row: number): void {
  const count = Math.min(movements.count(row), learnedGaps + 1);
  const from = movements.start(row) + movements.count(row) - count;
  let longest = Number.NaN;
  for (let i = from + 1; i < from + count; i++) {
    const gap = movements.times[i]! - movements.times[i - 1]!;
    if (!(gap <= longest)) longest = gap;
  }
  series.numbers.longestCommitInterval[row] = longest;
  if (count > learnedFrom) series.numbers.commitInterval[row] = medianGap(movements.times, from, count);
}

function countOffsets({ history }: MeasureContext, row: number, read: number): void {
  const { numbers } = history.counters;
  const groupTopicRow = history.series.links.groupTopicRow[row]!;
  numbers.committedRecords[groupTopicRow]! += read;
  numbers.lostRecords[groupTopicRow]! += jump.lost;
  if (jump.skippedBy !== suspected) numbers.skippedRecords[groupTopicRow]! += jump.skipped;
  numbers.rewoundRecords[groupTopicRow]! += jump.rewound;
}
