/** What people use today, on the same simulated clusters. */
import { minuteMs } from './simulated-cluster.ts';

/** Stretches of polls during which a judge said that something is wrong. */
export class AlarmSpans {
  readonly spans: { firstPoll: number; lastPoll: number }[] = [];

  observe(poll: number, isRaised: boolean): void {
    if (!isRaised) return;
    const last = this.spans.at(-1);
    if (last !== undefined && last.lastPoll === poll - 1) last.lastPoll = poll;
    else this.spans.push({ firstPoll: poll, lastPoll: poll });
  }
}

interface SeenCommit {
  offset: number;
  lag: number;
  atMs: number;
}

/** Offsets that Burrow keeps of each partition (its setting `intervals`). */
const burrowWindow = 10;

/**
 * The rules of the page "Consumer Lag Evaluation Rules" of Burrow's wiki, on the last ten commits of each partition, those that
 * do not move among them: it reads them from the offsets topic, so here it is told of every commit, and not only at a poll.
 * A group is bad when one of its partitions is: WARNING, STALLED or STOPPED.
 */
export class BurrowRules {
  readonly #windows = new Map<number, SeenCommit[]>();

  seeCommit(partition: number, offset: number, endOffset: number, atMs: number): void {
    const window = this.#windows.get(partition) ?? [];
    this.#windows.set(partition, window);
    window.push({ offset, lag: Math.max(0, endOffset - offset), atMs });
    if (window.length > burrowWindow) window.shift();
  }

  isBad(endOffsets: readonly number[], nowMs: number): boolean {
    return [...this.#windows].some(([partition, window]) => isBadPartition(window, endOffsets[partition] ?? 0, nowMs));
  }
}

function isBadPartition(window: readonly SeenCommit[], endOffset: number, nowMs: number): boolean {
  const first = window[0];
  const last = window.at(-1);
  // Its window must be full before it judges.
  if (first === undefined || last === undefined || window.length < burrowWindow) return false;
  const isStopped = nowMs - last.atMs > last.atMs - first.atMs && last.offset < endOffset;
  // Judged before the rest, as Burrow itself does: whoever had read all may have stopped since.
  if (isStopped) return true;
  if (window.some(({ lag }) => lag === 0)) return false;
  const pairs = window.slice(1).map((commit, index) => ({ before: window[index]!, after: commit }));
  const lagNeverFalls = pairs.every(({ before, after }) => after.lag >= before.lag);
  // Standing (STALLED) or moving (WARNING): the same for whoever is called.
  return lagNeverFalls;
}

const lagLimit = 1000;
const lagLastsMs = 5 * minuteMs;

/** `sum by (group, topic) (lag) > 1000 for 5m`. */
export class LagThreshold {
  #aboveSinceMs = Number.NaN;

  isBad(lag: number, nowMs: number): boolean {
    if (lag <= lagLimit) this.#aboveSinceMs = Number.NaN;
    else if (Number.isNaN(this.#aboveSinceMs)) this.#aboveSinceMs = nowMs;
    return nowMs - this.#aboveSinceMs >= lagLastsMs;
  }
}
