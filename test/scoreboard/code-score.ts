import { severities } from '../../src/model/finding.ts';
import type { AlarmSpan } from './baselines.ts';
import type { CaseKind } from './case.ts';
import type { Label } from './labels/label.ts';
import { alarmFor, isFounded, overlaps } from './matching.ts';
import { median, quantile, wilson } from './statistics.ts';
import type { Episode } from './truth-book.ts';
import type { Alarm, WatchResult } from './watch.ts';

/** A case with which the scoreboard can be asked again. */
export interface Example {
  kind: string;
  seed: number;
  what: string;
}

/** Whoever stands in the condition for less than this cannot be told apart from noise: no case. */
const shortestPolls = 3;
/** Of each kind of case. */
const examplesKept = 3;

/** How often, and how soon, one judge found what a code is about. */
class Tally {
  cases = 0;
  #found = 0;
  readonly #delays: number[] = [];

  /** `delayPolls`: of what was found first; undefined: nothing was. */
  count(isFound: boolean, delayPolls: number | undefined): void {
    this.cases++;
    if (isFound) this.#found++;
    if (delayPolls !== undefined) this.#delays.push(delayPolls);
  }

  result() {
    return {
      recall: wilson(this.#found, this.cases),
      medianDelayPolls: median(this.#delays),
      p95DelayPolls: quantile(this.#delays, 0.95),
    };
  }
}

/** What became of all cases of one code. */
export class CodeScore {
  readonly #label: Label;
  readonly #tidemark = new Tally();
  readonly #burrow = new Tally();
  readonly #lagThreshold = new Tally();
  readonly #criticals = { expected: 0, found: 0, unfounded: 0 };
  #unfounded = 0;
  readonly #misses: Example[] = [];
  readonly #unfoundedExamples: Example[] = [];

  constructor(label: Label) {
    this.#label = label;
  }

  get cases(): number {
    return this.#tidemark.cases;
  }

  /** A case that was made for this code; it counts where the exact state really met the rule. */
  addCase(kind: CaseKind, seed: number, { alarms, episodes, ...result }: WatchResult): void {
    const { code, severity, isEvent } = this.#label;
    const isLongEnough = ({ firstPoll, lastPoll }: Episode) => isEvent || lastPoll - firstPoll + 1 >= shortestPolls;
    const own = episodes.filter((one) => one.code === code && isLongEnough(one));
    const [first] = own;
    if (first === undefined) return;
    const missed = own.filter((episode) => alarmFor(alarms, episode, severity) === undefined);
    this.#tidemark.count(missed.length === 0, delayOf(alarmFor(alarms, first, severity), first));
    for (const [tally, spans] of [
      [this.#burrow, result.burrow],
      [this.#lagThreshold, result.lagThreshold],
    ] as const) {
      const span = spans[first.subject.groupId ?? result.groupId]?.find((one) => overlaps(one, first));
      tally.count(span !== undefined, delayOf(span, first));
    }
    for (const { subject, firstPoll, lastPoll } of missed) {
      const what = `${JSON.stringify(subject)}, polls ${firstPoll} to ${lastPoll}`;
      keepExample(this.#misses, { kind: kind.name, seed, what });
    }
    for (const episode of own) this.#countCritical(alarms, episode);
  }

  /** A finding of this code in a cluster in which something is wrong. */
  addAlarm(kind: CaseKind, seed: number, alarm: Alarm, episodes: readonly Episode[]): void {
    if (alarm.explained) return;
    const isCritical = alarm.reached.critical !== undefined;
    if (isCritical && !isFounded(episodes, alarm, true)) this.#criticals.unfounded++;
    if (severities.indexOf(alarm.worst) < severities.indexOf(this.#label.severity)) return;
    if (isFounded(episodes, alarm)) return;
    this.#unfounded++;
    const { subject, firstPoll, lastPoll, summary } = alarm;
    const what = `${JSON.stringify(subject)}, polls ${firstPoll} to ${lastPoll}: ${summary}`;
    keepExample(this.#unfoundedExamples, { kind: kind.name, seed, what });
  }

  result() {
    const { code, severity } = this.#label;
    const { expected, found, unfounded } = this.#criticals;
    return {
      ...{ code, severity, ...this.#tidemark.result() },
      ...{ burrow: this.#burrow.result(), lagThreshold: this.#lagThreshold.result() },
      criticals: { recall: wilson(found, expected), unfounded },
      ...{ unfounded: this.#unfounded, misses: this.#misses, unfoundedExamples: this.#unfoundedExamples },
    };
  }

  #countCritical(alarms: readonly Alarm[], episode: Episode): void {
    const { criticalFromPoll, lastPoll } = episode;
    if (criticalFromPoll === null) return;
    if (!this.#label.isEvent && lastPoll - criticalFromPoll + 1 < shortestPolls) return;
    this.#criticals.expected++;
    if (alarmFor(alarms, episode, 'critical') !== undefined) this.#criticals.found++;
  }
}

export function keepExample(examples: Example[], example: Example): void {
  if (examples.filter(({ kind }) => kind === example.kind).length < examplesKept) examples.push(example);
}

function delayOf(alarm: AlarmSpan | undefined, episode: Episode): number | undefined {
  return alarm === undefined ? undefined : alarm.firstPoll - episode.firstPoll;
}
