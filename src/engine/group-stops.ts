import type { GroupResults, MeasureContext } from '../evaluators/measures/index.ts';
import { timeLagMethods } from '../model/report.ts';

const residue = timeLagMethods.indexOf('residue');

/** So many stops, none longer than this many times another, are a rhythm. */
const stopsInRhythm = 3;
const alike = 1.5;

/** How a group has stood still before unread records. */
interface Standing {
  lastMovedAt: number;
  /** How long it has stood as of the last cycle: without a movement, and with something to read. */
  standsMs: number;
  /** The last ones, oldest first. */
  stops: number[];
}

/**
 * Learns the rhythm of groups that do not run all the time: how long they let records wait before they read on. Time without
 * traffic is no stop: a group that sleeps at night because nothing comes must be missed at once by day.
 */
export class GroupStops {
  readonly #byGroup = new Map<string, Standing>();

  observe(context: MeasureContext): void {
    const { history, settings, intervalMs } = context;
    const stopMinMs = settings.shortGapMax + intervalMs;
    for (let row = 0; row < history.groupTable.rows.count; row++) {
      if (history.groupTable.rows.alive[row] === 0) continue;
      const { groupId } = history.groups[row]!;
      const { lastMovedAt, oldestUnreadMs } = lookAt(context, row);
      if (Number.isNaN(lastMovedAt)) continue;
      const before = this.#byGroup.get(groupId);
      const stops = before?.stops ?? [];
      const movedOn = before !== undefined && lastMovedAt > before.lastMovedAt;
      if (movedOn && before.standsMs > stopMinMs) stops.push(before.standsMs);
      if (stops.length > stopsInRhythm) stops.shift();
      this.#byGroup.set(groupId, {
        lastMovedAt,
        standsMs: Math.min(context.nowMs - lastMovedAt, oldestUnreadMs),
        stops,
      });
    }
  }

  /** The last stops of a group, oldest first, ms. */
  of(groupId: string): readonly number[] {
    return this.#byGroup.get(groupId)?.stops.map(Math.round) ?? [];
  }

  /** Takes back the stops that were seen before a restart; what the store's samples showed of them is the same again. */
  restore(groupId: string, stopsMs: readonly number[]): void {
    const seen = this.#byGroup.get(groupId) ?? { lastMovedAt: Number.NEGATIVE_INFINITY, standsMs: 0 };
    this.#byGroup.set(groupId, { ...seen, stops: [...stopsMs] });
  }

  forget(groupIds: readonly string[]): void {
    for (const groupId of groupIds) this.#byGroup.delete(groupId);
  }

  publish({ history }: MeasureContext, { numbers }: GroupResults): void {
    for (let row = 0; row < history.groupTable.rows.count; row++) {
      if (history.groupTable.rows.alive[row] === 0) continue;
      const stops = this.#byGroup.get(history.groups[row]!.groupId)?.stops ?? [];
      const longest = Math.max(...stops);
      const isRhythm = stops.length === stopsInRhythm && longest <= alike * Math.min(...stops);
      numbers.usualStopMs[row] = isRhythm ? longest : Number.NaN;
    }
  }
}

/** The last movement of any series of the group, and how long its oldest unread record has waited; 0 where nothing is unread. */
function lookAt({ history, out }: MeasureContext, groupRow: number): { lastMovedAt: number; oldestUnreadMs: number } {
  const { timeLagSeconds } = out.numbers;
  const { timeLagMethod } = out.codes;
  const moved = history.series.numbers.lastMovedAt;
  let lastMovedAt = Number.NaN;
  let oldestUnreadMs = 0;
  const { seriesRows } = history.groups[groupRow]!;
  for (let i = 0; i < seriesRows.length; i++) {
    const row = seriesRows[i]!;
    if (!(moved[row]! <= lastMovedAt)) lastMovedAt = Number.isNaN(moved[row]!) ? lastMovedAt : moved[row]!;
    if (timeLagMethod[row] === residue) continue;
    const waitedMs = timeLagSeconds[row]! * 1000;
    if (waitedMs > oldestUnreadMs) oldestUnreadMs = waitedMs;
  }
  return { lastMovedAt, oldestUnreadMs };
}
