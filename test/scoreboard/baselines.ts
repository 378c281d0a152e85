/** What people use today, on the same simulated clusters. */
import { minuteMs } from './plan.ts';
import type { Reader, SimulatedGroup } from './simulated-group.ts';

/** Polls during which a judge said that something is wrong. */
export interface AlarmSpan {
  firstPoll: number;
  lastPoll: number;
}

class AlarmSpans {
  readonly spans: AlarmSpan[] = [];

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
class BurrowRules {
  readonly #windows = new Map<Reader, SeenCommit[]>();

  seeCommit(reader: Reader, offset: number, endOffset: number, atMs: number): void {
    const window = this.#windows.get(reader) ?? [];
    this.#windows.set(reader, window);
    window.push({ offset, lag: Math.max(0, endOffset - offset), atMs });
    if (window.length > burrowWindow) window.shift();
  }

  isBad(nowMs: number): boolean {
    for (const [{ state }, window] of this.#windows) {
      if (isBadPartition(window, state.log.endOffset, nowMs)) return true;
    }
    return false;
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
  const lagNeverFalls = window.every(({ lag }, index) => index === 0 || lag >= window[index - 1]!.lag);
  // Standing (STALLED) or moving (WARNING): the same for whoever is called.
  return lagNeverFalls;
}

const lagLimit = 1000;
const lagLastsMs = 5 * minuteMs;

/** `sum by (group, topic) (lag) > 1000 for 5m`. */
class LagThreshold {
  #aboveSinceMs = Number.NaN;

  isBad(lag: number, nowMs: number): boolean {
    if (lag <= lagLimit) this.#aboveSinceMs = Number.NaN;
    else if (Number.isNaN(this.#aboveSinceMs)) this.#aboveSinceMs = nowMs;
    return nowMs - this.#aboveSinceMs >= lagLastsMs;
  }
}

/** Both, watching one group. */
export class Baselines {
  readonly burrow = new AlarmSpans();
  readonly lagThreshold = new AlarmSpans();
  readonly #group: SimulatedGroup;
  readonly #burrow = new BurrowRules();
  readonly #lagThreshold = new LagThreshold();

  constructor(group: SimulatedGroup) {
    this.#group = group;
    group.onCommit = ({ reader, offset, endOffset, atMs }) => this.#burrow.seeCommit(reader, offset, endOffset, atMs);
  }

  observe(poll: number, nowMs: number): void {
    const lag = this.#group.readers.reduce(
      (sum, { state, committed, hasCommit }) => sum + (hasCommit ? Math.max(0, state.log.endOffset - committed) : 0),
      0,
    );
    this.burrow.observe(poll, !this.#group.isDeleted && this.#burrow.isBad(nowMs));
    this.lagThreshold.observe(poll, !this.#group.isDeleted && this.#lagThreshold.isBad(lag, nowMs));
  }
}
