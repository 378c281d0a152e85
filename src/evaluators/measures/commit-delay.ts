import { endOffsetOf, type MeasureContext } from './context.ts';
import { firstWithin, windowOf } from './rates.ts';
import { locateOffset, methods, type OffsetTime } from './time-lag.ts';

const located: OffsetTime = { atMs: Number.NaN, method: 0 };

/** Parts of the window whose best delays are compared: a single step, however high, shows in only one of their borders. */
const parts = 3;
const best = Array.from({ length: parts }, () => ({ seconds: Number.NaN, atMs: Number.NaN }));

/**
 * Commit delay of each series: the age of the record at the committed offset when the commit was first seen, s; 0 where nothing
 * was left to read. It is the lower edge of the sawtooth that the time lag makes, known to within one poll. It stays until the
 * next movement, so only series that moved in this poll are looked at.
 */
export function measureCommitDelay(context: MeasureContext, from: number, to: number): void {
  const { history, out, settings } = context;
  const { alive } = history.seriesTable.rows;
  const { commitDelay, commitDelayGrowth } = history.series.numbers;
  const { movedNow } = history.series.codes;
  const { commitDelaySeconds } = out.numbers;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    if (movedNow[row] === 1) {
      const { movements } = history;
      const seconds = delayAt(context, row, movements.start(row) + movements.count(row) - 1);
      commitDelay[row] = seconds;
      commitDelayGrowth[row] = seconds * 1000 < settings.commitDelayMin ? 0 : growthOf(context, row);
    }
    commitDelaySeconds[row] = commitDelay[row]!;
  }
}

/** Delay of one of the row's movements, by its index in `movements`; NaN where the curve does not reach back to its record. */
function delayAt({ history }: MeasureContext, row: number, index: number): number {
  const { movements, series, groupTopics } = history;
  const partition = series.links.partitionRow[row]!;
  const committed = movements.values[index]!;
  const isReadCommitted = groupTopics[series.links.groupTopicRow[row]!]!.policy.isolationLevel === 'read_committed';
  if (committed >= endOffsetOf(history, partition, isReadCommitted)) return 0;
  locateOffset(history, partition, committed, located);
  // `at-least` would grow by a second each second, whatever the group does.
  if (located.method === methods['at-least']) return Number.NaN;
  return Math.max(0, movements.times[index]! - located.atMs) / 1000;
}

/**
 * How fast the delay grows over the window, s a second: between the least delays of its first and last third. 0 where the middle
 * third's does not lie between them: then it came at once, or is on its way back. NaN where a third shows no delay.
 */
function growthOf(context: MeasureContext, row: number): number {
  const { history, settings, intervalMs } = context;
  const { movements } = history;
  const start = movements.start(row);
  const last = start + movements.count(row) - 1;
  const endMs = movements.times[last]!;
  const usual = history.series.numbers.commitInterval[row]! || settings.commitIntervalDefault;
  const windowMs = windowOf(context, Math.max(usual, intervalMs));
  for (const part of best) part.seconds = Number.NaN;
  for (let index = firstWithin(movements.times, start, last, endMs - windowMs); index <= last; index++) {
    const atMs = movements.times[index]!;
    const part = best[Math.max(0, parts - 1 - Math.floor((parts * (endMs - atMs)) / windowMs))]!;
    const seconds = delayAt(context, row, index);
    if (Number.isNaN(seconds) || seconds >= part.seconds) continue;
    part.seconds = seconds;
    part.atMs = atMs;
  }
  const [oldest, middle, newest] = best as [(typeof best)[0], (typeof best)[0], (typeof best)[0]];
  const growth = newest.seconds - oldest.seconds;
  if (Number.isNaN(growth + middle.seconds)) return Number.NaN;
  const grows = oldest.seconds < middle.seconds && middle.seconds < newest.seconds;
  return grows ? (growth / (newest.atMs - oldest.atMs)) * 1000 : 0;
}
