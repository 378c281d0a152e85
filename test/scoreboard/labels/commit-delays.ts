/** Commit delay, exactly: how old the record at the committed offset was when it was committed (docs/decisions.md, "When a group lags"). */
import { minuteMs } from '../plan.ts';
import type { Reader } from '../simulated-group.ts';
import { quantile } from '../statistics.ts';
import { usualGap } from './intervals.ts';
import { type Moment, memory, type SeriesMoment } from './label.ts';
import { robustSlope, windowMsOf } from './rates.ts';

/** A longest window of a day, as judgement.md bounds it. */
const windowMsAtMost = 24 * 60 * minuteMs;
/** Of the time lags of so many polls in which it did not read less than comes, all but a tenth are at most what is usual. */
const usual = { polls: 240, quantile: 0.9, pollsToKnow: 20 };
/** Lag that a window changes by no more than this, in records or as a share of it, is steady. */
const steady = { records: 10, share: 0.1 };

interface SeenCommit {
  atMs: number;
  delayMs: number;
  lag: number;
}

interface Past {
  commits: SeenCommit[];
  usualLagsMs: number[];
}

/** How late a series is, as its last commit showed. */
export class CommitDelay {
  readonly delayMs: number;
  readonly #past: Past;
  readonly #windowMs: number;

  constructor(past: Past, windowMs: number) {
    this.#past = past;
    this.#windowMs = windowMs;
    this.delayMs = past.commits.at(-1)?.delayMs ?? 0;
  }

  /** The time lag that it mostly has at most; 0 where that is not known. */
  get usualMs(): number {
    const { usualLagsMs } = this.#past;
    if (usualLagsMs.length < usual.pollsToKnow) return 0;
    return quantile(usualLagsMs, usual.quantile);
  }

  /** How fast it grows, s a second: between the least delays of the thirds of the window, the slower one of the two steps. */
  get growth(): number {
    const [first, second, third] = this.#leastOfThirds();
    return Math.max(0, Math.min(second! - first!, third! - second!)) / (this.#windowMs / 3);
  }

  /** Whether the lag just after the commits rises through the window, beyond noise. */
  get lagRises(): boolean {
    const { commits } = this.#past;
    const span = commits.at(-1)!.atMs - commits[0]!.atMs;
    const change = (robustSlope(commits.map(({ atMs, lag }) => ({ atMs, value: lag }))) * span) / 1000;
    const level = Math.max(commits[0]!.lag, commits.at(-1)!.lag);
    return change > Math.max(steady.records, steady.share * level);
  }

  /** Infinity where there is none in it. */
  #leastOfThirds(): number[] {
    const { commits } = this.#past;
    const endMs = commits.at(-1)?.atMs ?? Number.NaN;
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const { atMs, delayMs } of commits) {
      const third = Math.max(0, 2 - Math.floor((3 * (endMs - atMs)) / this.#windowMs));
      least[third] = Math.min(least[third]!, delayMs);
    }
    return least;
  }
}

/** Follows the commits of every series; to be asked at each poll of each. */
export function commitDelays(): (moment: Moment, one: SeriesMoment) => CommitDelay {
  const pastOf = memory<Reader, Past>(() => ({ commits: [], usualLagsMs: [] }));
  return ({ nowMs, intervalMs }, { reader, exact }) => {
    const past = pastOf(reader);
    const { commits, usualLagsMs } = past;
    const windowMs = Math.min(windowMsAtMost, windowMsOf(intervalMs, usualGap(reader)));
    if (reader.movedAtMs !== commits.at(-1)?.atMs && !Number.isNaN(reader.movedAtMs)) {
      const delayMs = Math.max(0, exact.timeLagMs - (nowMs - reader.movedAtMs));
      commits.push({ atMs: reader.movedAtMs, delayMs, lag: exact.lag });
      while (reader.movedAtMs - commits[0]!.atMs > windowMs) commits.shift();
    }
    if (exact.consumeRate >= exact.produceRate) {
      usualLagsMs.push(exact.timeLagMs);
      if (usualLagsMs.length > usual.polls) usualLagsMs.shift();
    }
    return new CommitDelay(past, windowMs);
  };
}
