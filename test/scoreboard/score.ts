import type { CaseKind } from './case.ts';
import { type Episode, type LabelledCode, type Labels, labelledCodes } from './labels.ts';
import type { LossSample } from './quantities.ts';
import { dayMs } from './simulated-cluster.ts';
import { median, quantile, ratePerUnit, wilson } from './statistics.ts';
import type { Alarm, WatchResult } from './watch.ts';

/** A case with which the scoreboard can be asked again. */
interface Example {
  kind: string;
  seed: number;
  what: string;
}

interface Tally {
  cases: number;
  found: number;
  delays: number[];
}

interface CodeScore {
  tidemark: Tally;
  burrow: Tally;
  lagThreshold: Tally;
  /** Raised by trouble of another kind, though the exact state never met the rule. */
  unfounded: number;
  misses: Example[];
  unfoundedExamples: Example[];
}

/** Whoever stands in the condition for less than this cannot be told apart from noise: no case. */
const shortestPolls = 3;
/** A finding that comes so long after its condition has ended still tells of it. */
const slackPolls = 3;
/** A finding that long before or after the exact state met the rule was about it. A loss may be foreseen from further off. */
const nearPolls = 40;
/** Of each kind of case. */
const examplesKept = 3;

/** Adds up what became of the cases. */
export class Score {
  readonly #codes = new Map<LabelledCode, CodeScore>(labelledCodes.map((code) => [code, newCodeScore()]));
  readonly #otherUnfounded = new Map<string, number>();
  readonly #loss: LossSample[] = [];
  readonly #drainErrors: number[] = [];
  readonly #lagErrors: number[] = [];
  readonly #lagErrorSeconds: number[] = [];
  readonly #quiet = {
    groupDays: 0,
    alarms: new Map<string, number>(),
    criticals: 0,
    burrow: 0,
    lagThreshold: 0,
    examples: [] as Example[],
    byKind: new Map<string, { days: number; alarms: number; burrow: number; lagThreshold: number }>(),
  };

  /** How many cases of a code have been judged. */
  cases(code: LabelledCode): number {
    return this.#codes.get(code)!.tidemark.cases;
  }

  get quietDays(): number {
    return this.#quiet.groupDays;
  }

  add(kind: CaseKind, seed: number, result: WatchResult): void {
    this.#addQuantities(result);
    if (kind.codes.length === 0) {
      this.#addQuiet(kind, seed, result);
      return;
    }
    for (const code of kind.codes) this.#addCode(code, kind, seed, result);
    this.#addUnfounded(kind, seed, result);
  }

  #addQuantities({ quantities }: WatchResult): void {
    // Neighbouring samples of one case tell nearly the same: a few of each, evenly spread.
    this.#loss.push(...spread(quantities.loss, 5));
    this.#drainErrors.push(...spread(quantities.drainErrors, 5));
    this.#lagErrors.push(...spread(quantities.timeLagErrors, 5));
    this.#lagErrorSeconds.push(...spread(quantities.timeLagErrorSeconds, 5));
  }

  #addQuiet(kind: CaseKind, seed: number, { alarms, watchedMs, burrow, lagThreshold }: WatchResult): void {
    const quiet = this.#quiet;
    const days = watchedMs / dayMs;
    const loud = alarms.filter(({ explained }) => !explained);
    quiet.groupDays += days;
    quiet.burrow += burrow.length;
    quiet.lagThreshold += lagThreshold.length;
    for (const { code, worst, summary } of loud) {
      quiet.alarms.set(code, (quiet.alarms.get(code) ?? 0) + 1);
      if (worst === 'critical') quiet.criticals++;
      keep(quiet.examples, { kind: kind.name, seed, what: `${worst} ${code}: ${summary}` });
    }
    const sum = quiet.byKind.get(kind.name) ?? { days: 0, alarms: 0, burrow: 0, lagThreshold: 0 };
    sum.days += days;
    sum.alarms += loud.length;
    sum.burrow += burrow.length;
    sum.lagThreshold += lagThreshold.length;
    quiet.byKind.set(kind.name, sum);
  }

  #addCode(code: LabelledCode, kind: CaseKind, seed: number, result: WatchResult): void {
    const score = this.#codes.get(code)!;
    const isLongEnough = ({ firstPoll, lastPoll }: Episode) => lastPoll - firstPoll + 1 >= shortestPolls;
    const episodes = result.episodes.filter((one) => one.code === code && (code === 'lost-data' || isLongEnough(one)));
    const [first] = episodes;
    if (first === undefined) return;
    const missed = episodes.filter((episode) => alarmFor(result.alarms, episode) === undefined);
    count(score.tidemark, missed.length === 0, delayOf(alarmFor(result.alarms, first), first));
    for (const [tally, spans] of [
      [score.burrow, result.burrow],
      [score.lagThreshold, result.lagThreshold],
    ] as const) {
      const span = spans.find((one) => overlaps(one, first));
      count(tally, span !== undefined, delayOf(span, first));
    }
    for (const { partition, firstPoll, lastPoll } of missed) {
      keep(score.misses, { kind: kind.name, seed, what: `p${partition}, polls ${firstPoll} to ${lastPoll}` });
    }
  }

  #addUnfounded(kind: CaseKind, seed: number, { alarms, labels }: WatchResult): void {
    for (const alarm of alarms) {
      const { code, firstPoll, lastPoll, explained, summary } = alarm;
      if (explained || isFounded(labels, alarm)) continue;
      const score = this.#codes.get(code as LabelledCode);
      if (score === undefined) {
        this.#otherUnfounded.set(code, (this.#otherUnfounded.get(code) ?? 0) + 1);
        continue;
      }
      score.unfounded++;
      keep(score.unfoundedExamples, { kind: kind.name, seed, what: `polls ${firstPoll} to ${lastPoll}: ${summary}` });
    }
  }

  /** All that was counted, as it is written to the file. */
  result() {
    const quiet = this.#quiet;
    const loud = [...quiet.alarms.values()].reduce((sum, number) => sum + number, 0);
    const finite = this.#loss.filter(({ widthSeconds }) => widthSeconds < Number.POSITIVE_INFINITY);
    return {
      codes: [...this.#codes].filter(([, { tidemark }]) => tidemark.cases > 0).map(codeResult),
      otherUnfounded: Object.fromEntries(this.#otherUnfounded),
      quiet: {
        groupDays: quiet.groupDays,
        alarmsPerGroupDay: ratePerUnit(loud, quiet.groupDays),
        criticalsPerClusterMonth: ratePerUnit(quiet.criticals, quiet.groupDays / 30),
        burrowPerGroupDay: ratePerUnit(quiet.burrow, quiet.groupDays),
        lagThresholdPerGroupDay: ratePerUnit(quiet.lagThreshold, quiet.groupDays),
        byCode: Object.fromEntries(quiet.alarms),
        byKind: Object.fromEntries(quiet.byKind),
        examples: quiet.examples,
      },
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
}

export type ScoreResult = ReturnType<Score['result']>;

function newCodeScore(): CodeScore {
  const tally = (): Tally => ({ cases: 0, found: 0, delays: [] });
  const none = { unfounded: 0, misses: [], unfoundedExamples: [] };
  return { tidemark: tally(), burrow: tally(), lagThreshold: tally(), ...none };
}

function codeResult([code, score]: [LabelledCode, CodeScore]) {
  const tallied = ({ cases, found, delays }: Tally) => ({
    recall: wilson(found, cases),
    medianDelayPolls: median(delays),
    p95DelayPolls: quantile(delays, 0.95),
  });
  const { misses, unfounded, unfoundedExamples } = score;
  return {
    code,
    ...tallied(score.tidemark),
    burrow: tallied(score.burrow),
    lagThreshold: tallied(score.lagThreshold),
    ...{ unfounded, misses, unfoundedExamples },
  };
}

function errors(relative: readonly number[]) {
  return { medianError: median(relative), p95Error: quantile(relative, 0.95) };
}

function count(tally: Tally, isFound: boolean, delay: number | null): void {
  tally.cases++;
  if (isFound) tally.found++;
  if (delay !== null) tally.delays.push(delay);
}

function alarmFor(alarms: readonly Alarm[], episode: Episode): Alarm | undefined {
  return alarms.find(
    (alarm) => alarm.code === episode.code && alarm.partition === episode.partition && overlaps(alarm, episode),
  );
}

function isFounded(labels: Labels, { code, partition, firstPoll, lastPoll }: Alarm): boolean {
  const aheadPolls = code === 'will-lose-data' ? Number.POSITIVE_INFINITY : nearPolls;
  return labels.held(code, partition, firstPoll - nearPolls, lastPoll + aheadPolls);
}

type Polls = Pick<Episode, 'firstPoll' | 'lastPoll'>;

function overlaps(alarm: Polls, episode: Polls): boolean {
  return alarm.firstPoll <= episode.lastPoll + slackPolls && alarm.lastPoll >= episode.firstPoll;
}

function delayOf(alarm: Polls | undefined, episode: Polls): number | null {
  return alarm === undefined ? null : alarm.firstPoll - episode.firstPoll;
}

function keep(examples: Example[], example: Example): void {
  if (examples.filter(({ kind }) => kind === example.kind).length < examplesKept) examples.push(example);
}

/** So many at most, evenly spread. */
function spread<T>(values: readonly T[], atMost: number): T[] {
  if (values.length <= atMost) return [...values];
  return Array.from({ length: atMost }, (_, index) => values[Math.floor((index * values.length) / atMost)]!);
}
