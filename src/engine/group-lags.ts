import { type GroupResults, gapMs, type MeasureContext } from '../evaluators/measures/index.ts';
import { isJudged } from '../model/judged-series.ts';

/** Share of the usual lag that is forgotten at each poll: half of it in an hour and a half of polls every 15 s. */
const forgotten = 0.002;
/** Polls before a usual lag counts as known. */
const pollsToLearn = 20;

/** A group as one poll showed it, over its series that are judged and whose lag is known. */
interface Stand {
  atMs: number;
  lag: number;
  /** The sum of the end offsets: what was produced is the difference of two, over the same series. */
  ends: number;
  series: number;
  /** The highest lag of late, as of this poll; NaN: not known yet. */
  usualLag: number;
}

/** The last polls of a group, oldest first, and what its lag usually comes to. */
interface Past {
  stands: Stand[];
  highestLag: number;
  polls: number;
}

/** `isWhole`: its commits were read with its end offsets. */
const seen = { lag: 0, ends: 0, series: 0, producedPerMs: 0, isWhole: true };

/** Remembers how high the lag of each group was a few polls ago, and how high it usually is, so that a jump can be told. */
export class GroupLags {
  readonly #byGroup = new Map<string, Past>();

  forget(groupIds: readonly string[]): void {
    for (const groupId of groupIds) this.#byGroup.delete(groupId);
  }

  /** Takes in one poll, and writes what each group is to be compared with. */
  step(context: MeasureContext, { numbers }: GroupResults): void {
    const { history, intervalMs, settings, nowMs } = context;
    for (let row = 0; row < history.groupTable.rows.count; row++) {
      if (history.groupTable.rows.alive[row] === 0) continue;
      const { groupId } = history.groups[row]!;
      const past = this.#byGroup.get(groupId) ?? { stands: [], highestLag: 0, polls: 0 };
      this.#byGroup.set(groupId, past);
      lookAt(context, row);
      const last = past.stands.at(-1);
      // What came while nobody looked is no jump.
      if (last !== undefined && nowMs - last.atMs > gapMs(intervalMs)) past.stands = [];
      const before = seen.isWhole ? past.stands[0] : undefined;
      numbers.usualLag[row] = before?.usualLag ?? Number.NaN;
      numbers.lagBefore[row] = before?.lag ?? Number.NaN;
      numbers.lagBeforeMs[row] = before?.atMs ?? Number.NaN;
      const isComparable = before !== undefined && before.series === seen.series;
      numbers.producedSinceBefore[row] = isComparable ? seen.ends - before.ends : Number.NaN;
      numbers.usuallyProduced[row] = before === undefined ? Number.NaN : seen.producedPerMs * (nowMs - before.atMs);
      if (seen.series > 0 && seen.isWhole) remember(past, nowMs, settings.jumpPolls);
    }
  }
}

function remember(past: Past, atMs: number, jumpPolls: number): void {
  const { lag, ends, series } = seen;
  past.polls++;
  past.highestLag = Math.max(lag, past.highestLag * (1 - forgotten));
  past.stands.push({ atMs, lag, ends, series, usualLag: past.polls < pollsToLearn ? Number.NaN : past.highestLag });
  if (past.stands.length > jumpPolls) past.stands.shift();
}

/** Sums up a group into `seen`. */
function lookAt({ history, out, intervalMs }: MeasureContext, groupRow: number): void {
  const { lag, endOffset } = out.numbers;
  const { partitionRow } = history.series.links;
  const { produceRate, endReadAt } = history.partitions.numbers;
  const { committedReadAt } = history.series.numbers;
  seen.lag = 0;
  seen.ends = 0;
  seen.series = 0;
  seen.producedPerMs = 0;
  seen.isWhole = true;
  const { seriesRows } = history.groups[groupRow]!;
  for (let i = 0; i < seriesRows.length; i++) {
    const row = seriesRows[i]!;
    if (!isJudged(out.codes.ownership[row]!) || Number.isNaN(lag[row]!)) continue;
    // An end offset of this poll and a commit of an earlier one differ by what was produced in between.
    if (endReadAt[partitionRow[row]!]! - committedReadAt[row]! > intervalMs / 2) seen.isWhole = false;
    seen.lag += lag[row]!;
    seen.ends += endOffset[row]!;
    seen.series++;
    seen.producedPerMs += produceRate[partitionRow[row]!]! / 1000;
  }
}
