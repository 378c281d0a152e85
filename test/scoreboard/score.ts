import type { CaseKind } from './case.ts';
import { CodeScore } from './code-score.ts';
import { HealthyScore } from './healthy-score.ts';
import { labels } from './labels/index.ts';
import type { LossSample } from './quantities.ts';
import { median, quantile, wilson } from './statistics.ts';
import type { WatchResult } from './watch.ts';

/** Neighbouring samples of one case tell nearly the same: so many of each at most. */
const samplesOfCase = 5;

/** Adds up what became of the cases. */
export class Score {
  readonly #codes = new Map(labels.map((label) => [label.code, new CodeScore(label)]));
  readonly #healthy = new HealthyScore();
  /** Findings of codes without a label, in clusters in which something is wrong. */
  readonly #unlabelled = new Map<string, number>();
  readonly #loss: LossSample[] = [];
  readonly #drainErrors: number[] = [];
  readonly #lagErrors: number[] = [];
  readonly #lagErrorSeconds: number[] = [];

  /** How many cases of a code have been judged. */
  cases(code: string): number {
    return this.#codes.get(code)!.cases;
  }

  get quietGroupDays(): number {
    return this.#healthy.quietGroupDays;
  }

  add(kind: CaseKind, seed: number, result: WatchResult): void {
    this.#addQuantities(result);
    if (kind.codes.length === 0) {
      this.#healthy.addQuiet(kind, seed, result);
      return;
    }
    this.#healthy.addBeside(kind, seed, result);
    for (const code of kind.codes) this.#codes.get(code)!.addCase(kind, seed, result);
    for (const alarm of result.alarms) {
      const score = this.#codes.get(alarm.code);
      if (score !== undefined) score.addAlarm(kind, seed, alarm, result.episodes);
      else this.#unlabelled.set(alarm.code, (this.#unlabelled.get(alarm.code) ?? 0) + 1);
    }
  }

  /** All that was counted, as it is written to the file. */
  result() {
    const finite = this.#loss.filter(({ widthSeconds }) => widthSeconds < Number.POSITIVE_INFINITY);
    return {
      codes: [...this.#codes.values()].map((score) => score.result()),
      unlabelled: Object.fromEntries(this.#unlabelled),
      healthy: this.#healthy.result(),
      timeToLoss: {
        within: wilson(this.#loss.filter(({ isInside }) => isInside).length, this.#loss.length),
        withoutLatest: this.#loss.length - finite.length,
        medianWidthOfAllowed: median(finite.map(({ widthSeconds, allowedSeconds }) => widthSeconds / allowedSeconds)),
        medianWidthSeconds: median(finite.map(({ widthSeconds }) => widthSeconds)),
      },
      timeToDrain: { samples: this.#drainErrors.length, ...errors(this.#drainErrors) },
      timeLag: {
        samples: this.#lagErrors.length,
        ...errors(this.#lagErrors),
        medianSeconds: median(this.#lagErrorSeconds),
        p95Seconds: quantile(this.#lagErrorSeconds, 0.95),
      },
    };
  }

  #addQuantities({ quantities }: WatchResult): void {
    this.#loss.push(...spread(quantities.loss, samplesOfCase));
    this.#drainErrors.push(...spread(quantities.drainErrors, samplesOfCase));
    this.#lagErrors.push(...spread(quantities.timeLagErrors, samplesOfCase));
    this.#lagErrorSeconds.push(...spread(quantities.timeLagErrorSeconds, samplesOfCase));
  }
}

export type ScoreResult = ReturnType<Score['result']>;

function errors(relative: readonly number[]) {
  return { medianError: median(relative), p95Error: quantile(relative, 0.95) };
}

/** So many at most, evenly spread. */
function spread<T>(values: readonly T[], atMost: number): T[] {
  if (values.length <= atMost) return [...values];
  return Array.from({ length: atMost }, (_, index) => values[Math.floor((index * values.length) / atMost)]!);
}
