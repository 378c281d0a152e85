import { endOffsetOf, type MeasureContext } from './context.ts';
import { firstWithin, windowOf } from './rates.ts';
import { locateOffset, methods, type OffsetTime } from './time-lag.ts';

const located: OffsetTime = { atMs: Number.NaN, method: 0 };

/** What was read in the last third may exceed what came then by so much: a rate is known no better from so short a time. */
const readsMoreBy = 0.1;

/** Parts of the window whose best delays are compared: a single step, however high, shows in only one of their borders. */
const parts = 3;
const best = new Float64Array(parts);

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
 * How fast the delay grows over the window, s a second: between the least delays of its thirds, the slower one of the two steps. 0
 * where it does not grow in one of them, or where more was read than came in the last: then it came at once, or is on its way back.
 * NaN where a third shows no delay.
 */
function growthOf(context: MeasureContext, row: number): number {
  const { history, settings, intervalMs } = context;
  const { movements } = history;
  const start = movements.start(row);
  const last = start + movements.count(row) - 1;
  const endMs = movements.times[last]!;
  const usual = history.series.numbers.commitInterval[row]! || settings.commitIntervalDefault;
  const windowMs = windowOf(context, Math.max(usual, intervalMs));
  best.fill(Number.NaN);
  for (let index = firstWithin(movements.times, start, last, endMs - windowMs); index <= last; index++) {
    const part = Math.max(0, parts - 1 - Math.floor((parts * (endMs - movements.times[index]!)) / windowMs));
    const seconds = delayAt(context, row, index);
    if (!(seconds >= best[part]!)) best[part] = Number.isNaN(seconds) ? best[part]! : seconds;
  }
  const step = Math.min(best[1]! - best[0]!, best[2]! - best[1]!);
  if (step > 0 && drainsSince(context, row, endMs - windowMs / parts)) return 0;
  return Math.max(0, step / (windowMs / parts / 1000));
}

/** Whether the row has read more than came since then, beyond noise: after a burst that is seen long before the window forgets it. */
function drainsSince({ history: { movements } }: MeasureContext, row: number, sinceMs: number): boolean {
  const start = movements.start(row);
  const last = start + movements.count(row) - 1;
  const first = firstWithin(movements.times, start, last, sinceMs);
  const read = movements.values[last]! - movements.values[first]!;
  const came = read + movements.extras[last]! - movements.extras[first]!;
  return read > came * (1 + readsMoreBy);
}
