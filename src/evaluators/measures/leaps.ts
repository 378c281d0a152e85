import { returns } from '../../history/cluster-history.ts';
import { skipEvidences } from '../../model/report.ts';
import { codesOf, gapMs, type MeasureContext } from './context.ts';
import type { Jump } from './jumps.ts';

const by = codesOf(skipEvidences);

/** Fewer offsets than this are no leap of a living reader. */
const leapMin = 100;
/** Movements from which on the best rate says something. */
const ratedFrom = 5;
/** The newest movements lie as they were seen; the older half is thinned out. */
const newestMovements = 12;
/** A series that has moved so often without any member in its group is moved by somebody else: an assign() consumer, MirrorMaker. */
const movesAlone = 2;
/** A reader that goes on at this share of the pace has not leapt: it catches up. */
const samePace = 0.2;
/** Leaving more than this share of the leap unread: it did not reach the end, where a pace ends by itself. */
const leftShare = 0.1;
/** Polls and usual commit intervals without movement, both of them, after which a leap counts as over. */
const restPolls = 2;
const restIntervals = 2;

/** A forward movement, and what is known of who made it. `moved`: offsets that were there to be read. */
interface Forward {
  row: number;
  from: number;
  moved: number;
  /** What nobody can have read of them at the best rate that was seen. */
  beyond: number;
  /** Far beyond what it was seen to read, in rate and in one go. */
  isFast: boolean;
  /** Polls are missing right before it: whoever came and went in between was not seen. */
  wasMissed: boolean;
}

/** Finds what a commit has jumped over although it was there; writes into `jump`. Called where what retention took is known. */
export function judgeLeap(context: MeasureContext, row: number, jump: Jump): void {
  const { history } = context;
  const { numbers, codes, links } = history.series;
  const returned = codes.returned[row]!;
  codes.returned[row] = returns.no;
  resolveLeap(context, row, jump);
  const committed = numbers.committedOffset[row]!;
  const previous = numbers.previousCommitted[row]!;
  if (!(committed > previous)) return;
  const partition = links.partitionRow[row]!;
  const { logStartOffset, highWatermark } = history.partitions.numbers;
  // A log start that has passed the old commit sets readers forward: by retention (a loss) or by DeleteRecords, which is no skip.
  const isPushed = logStartOffset[partition]! > previous;
  const mayBePushed = isPushed && returned === returns.no && !isAlone(context, row);
  if (mayBePushed || codes.residue[row] === 1) return;
  const from = isPushed ? logStartOffset[partition]! : previous;
  const end = highWatermark[partition]!;
  const moved = Math.max(0, Math.min(committed, Number.isNaN(end) ? committed : end) - from);
  if (moved === 0 || (returned === returns.no && isUsual(context, row, moved))) return;
  judgeForward(context, forwardOf(context, row, from, moved, returned), returned, jump);
}

/** What nearly all movements are: made by a member, and no faster than it was seen to read. Tested without making anything. */
function isUsual(context: MeasureContext, row: number, moved: number): boolean {
  const { codes } = context.history.series;
  if (isAlone(context, row) || moved > context.settings.skippedRateFactor * couldRead(context, row)) return false;
  codes.movedAlone[row] = 0;
  return true;
}

/** Offsets at the best rate that was ever seen, since the last movement; a commit may be seen up to a poll late. NaN: never seen. */
function couldRead({ history, intervalMs }: MeasureContext, row: number): number {
  const { lastMovedAt, watchedSince, committedReadAt, bestRate } = history.series.numbers;
  const sinceMs = Number.isNaN(lastMovedAt[row]!) ? watchedSince[row]! : lastMovedAt[row]!;
  return (bestRate[row]! * (committedReadAt[row]! - sinceMs + intervalMs)) / 1000;
}

function forwardOf(context: MeasureContext, row: number, from: number, moved: number, returned: number): Forward {
  const { history, settings, intervalMs } = context;
  const { committedReadAt, previousReadAt } = history.series.numbers;
  const readable = couldRead(context, row);
  // While a commit was gone, each read of the commits showed that it was.
  const lookedAt = returned === returns.no ? previousReadAt[row]! : history.commitsReadBefore;
  const isRated = history.movements.count(row) >= ratedFrom && moved >= leapMin;
  // What follows a standstill is read fast: no faster in one go than what it read in one go before.
  const atOnce = largestMovement(history.movements, row);
  const waiting = Math.min(moved, waitingBefore(context, row, from));
  return {
    row,
    from,
    moved,
    beyond: Math.max(0, Math.round(moved - (readable || 0))),
    isFast: isRated && waiting > settings.skippedRateFactor * Math.max(readable, atOnce),
    wasMissed: committedReadAt[row]! - lookedAt > gapMs(intervalMs),
  };
}

/**
 * Records that waited for it at the poll before: what came since, and was read at once, tells of a burst and of no leap. Infinite where
 * no end offset of before is known.
 */
function waitingBefore({ history }: MeasureContext, row: number, from: number): number {
  const { ends, series } = history;
  const partition = series.links.partitionRow[row]!;
  const readAt = series.numbers.committedReadAt[row]!;
  const first = ends.start(partition);
  // Ends are read after the commits: the newest one that is older than the commit is of the poll before.
  for (let i = first + ends.count(partition) - 1; i >= first; i--) {
    if (ends.times[i]! < readAt) return Math.max(0, ends.values[i]! - from);
  }
  return Number.POSITIVE_INFINITY;
}

function judgeForward(context: MeasureContext, forward: Forward, returned: number, jump: Jump): void {
  const { row, from, moved, isFast, wasMissed } = forward;
  if (returned === returns.nobodyLeft) {
    tell(jump, wasMissed ? by.suspected : by['commit-absent'], moved, from);
  } else if (returned === returns.stillOwned) {
    if (forward.beyond > 0 && context.history.series.numbers.bestRate[row]! > 0) {
      tell(jump, by['commit-absent'], forward.beyond, from);
    }
  } else if (wasMissed) {
    return;
  } else if (isAlone(context, row)) {
    judgeAlone(context, forward, jump);
  } else if (isFast) {
    judgeFast(context, forward, jump);
  }
}

/** No members at this poll and at the one before. */
function isAlone({ history }: MeasureContext, row: number): boolean {
  const { members, membersBefore, membershipReadAt } = history.groupColumns.numbers;
  const group = history.series.links.groupRow[row]!;
  const isRead = membershipReadAt[group]! > history.series.numbers.previousReadAt[row]!;
  return isRead && members[group] === 0 && membersBefore[group] === 0;
}

/**
 * Nobody was there who could have read. But some commit without ever being members, and look the same at their first movements: sure
 * is only what happens to a group that had members, long after the series should have moved by itself, or much too fast.
 */
function judgeAlone({ history, settings }: MeasureContext, { row, from, moved, isFast }: Forward, jump: Jump): void {
  const { numbers, codes } = history.series;
  const group = history.series.links.groupRow[row]!;
  const hadMembers = history.groupColumns.codes.hadMembers[group] === 1;
  const hasStood = numbers.standMs[row]! > settings.standIntervals * numbers.commitInterval[row]!;
  const movesItself = codes.movedAlone[row]! >= movesAlone || history.groups[group]!.protocolType === '';
  const isSure = hadMembers && !movesItself && (hasStood || isFast);
  if (isSure) tell(jump, by['no-members'], moved, from);
  else if (isFast || (hasStood && !movesItself)) tell(jump, by.suspected, moved, from);
  if (!isSure) codes.movedAlone[row] = Math.min(255, codes.movedAlone[row]! + 1);
}

/**
 * Faster than it was ever seen to read. A group that catches up after trouble looks the same for one poll: it then goes on at that
 * pace, or it has reached the end. So what is left unread decides when to judge.
 */
function judgeFast(context: MeasureContext, { row, from, moved, beyond }: Forward, jump: Jump): void {
  const { history } = context;
  const { numbers } = history.series;
  if (leftUnread(context, row) > Math.max(usualReading(context, row), leftShare * moved)) {
    const elapsedMs = numbers.committedReadAt[row]! - numbers.previousReadAt[row]!;
    const atMs = numbers.committedReadAt[row]!;
    const to = numbers.committedOffset[row]!;
    history.leaps.set(row, { from, to, moved, beyond, atMs, perMs: moved / elapsedMs, polls: 0 });
    jump.heldBack = moved;
    return;
  }
  // A reader that always had enough before it has shown how fast it is.
  const wasBehind = smallestLag(history.movements, row) >= 2 * largestMovement(history.movements, row);
  tell(jump, wasBehind ? by['too-fast'] : by.suspected, beyond, from);
}

function leftUnread({ history }: MeasureContext, row: number): number {
  const { numbers, links } = history.series;
  return history.partitions.numbers.highWatermark[links.partitionRow[row]!]! - numbers.committedOffset[row]!;
}

/** Offsets that it reads from poll to poll at its best. */
function usualReading({ history, intervalMs }: MeasureContext, row: number): number {
  return (history.series.numbers.bestRate[row]! * intervalMs) / 1000;
}

/** Judges the leap of an earlier poll, once what followed shows whether the reader only caught up. */
function resolveLeap(context: MeasureContext, row: number, jump: Jump): void {
  const { history } = context;
  const leap = history.leaps.get(row);
  if (leap === undefined) return;
  const { numbers, links } = history.series;
  const committed = numbers.committedOffset[row]!;
  const logStart = history.partitions.numbers.logStartOffset[links.partitionRow[row]!]!;
  const restedMs = numbers.committedReadAt[row]! - leap.atMs;
  const isOver = ++leap.polls >= restPolls && restedMs >= restIntervals * numbers.commitInterval[row]!;
  if (committed === leap.to && logStart <= leap.from && !isOver) return;
  history.leaps.delete(row);
  const pace = (committed - leap.to) / (numbers.committedReadAt[row]! - leap.atMs);
  // Who has reached the end was slow for want of records: the leap was its way through a burst.
  const isAtEnd = leftUnread(context, row) <= usualReading(context, row);
  const isSkip = logStart <= leap.from && committed >= leap.to && pace < samePace * leap.perMs && !isAtEnd;
  jump.released = leap.moved;
  if (!isSkip) {
    if (committed > leap.to) numbers.bestRate[row] = Math.max(numbers.bestRate[row]!, leap.perMs * 1000);
    return;
  }
  jump.released -= leap.beyond;
  shiftMovements(history.movements, row, leap.beyond, leap.atMs);
  tell(jump, by['too-fast'], leap.beyond, leap.from);
  jump.isLate = true;
}

function tell(jump: Jump, evidence: number, skipped: number, from: number): void {
  if (skipped === 0) return;
  jump.skippedBy = evidence;
  jump.skipped = skipped;
  jump.from = from;
  jump.isLate = false;
}

/** Moves what is remembered from before `untilMs` by what nobody read, so that a jump is no consumption. */
export function shiftMovements(
  movements: MeasureContext['history']['movements'],
  row: number,
  by: number,
  untilMs = Number.POSITIVE_INFINITY,
): void {
  if (by === 0) return;
  const start = movements.start(row);
  for (let i = start; i < start + movements.count(row); i++)
    if (movements.times[i]! < untilMs) movements.values[i]! += by;
}

function largestMovement(movements: MeasureContext['history']['movements'], row: number): number {
  let largest = 0;
  const last = movements.start(row) + movements.count(row) - 1;
  for (let i = Math.max(movements.start(row), last - newestMovements + 1); i < last; i++) {
    largest = Math.max(largest, movements.values[i + 1]! - movements.values[i]!);
  }
  return largest;
}

function smallestLag(movements: MeasureContext['history']['movements'], row: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  const last = movements.start(row) + movements.count(row) - 1;
  for (let i = Math.max(movements.start(row), last - newestMovements + 1); i <= last; i++) {
    smallest = Math.min(smallest, movements.extras[i]!);
  }
  return smallest;
}
