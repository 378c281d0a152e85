import { type FindingSettings, rules } from '../evaluators/index.ts';
import { clear, type Hysteresis, type Rule, unread, type Verdict } from '../evaluators/rule.ts';
import type { FindingSubject } from '../model/finding.ts';
import type { Facet } from '../model/snapshot.ts';
import type { Gone, JudgeSettings } from './judge.ts';
import { type Followed, type Judged, type Ledger, ledgerKey } from './ledger.ts';
import { RowFinder } from './row-finder.ts';
import { type Candidate, type Cycle, type SubjectSource, subjectSources } from './subjects.ts';

/** Rows that are judged between two pauses: a row that is made costs ten times as much as one that is measured. */
const rowsPerPause = 1024;

/** Every rule's verdicts: on the rows that are suspect, and on all that the ledger follows. */
export function* judgeRules(
  cycle: Cycle,
  ledger: Ledger,
  settings: Pick<JudgeSettings, 'findings' | 'onBug'>,
): Generator<undefined, Judged[]> {
  const finder = new RowFinder(cycle.tables);
  const departureOf = departures(cycle.context.gone, finder);
  const byCode = Map.groupBy(ledger.values(), ({ rule }) => rule.code);
  const judged: Judged[] = [];
  for (const rule of rules as readonly Rule[]) {
    const followed = byCode.get(rule.code) ?? [];
    byCode.delete(rule.code);
    const pass = new RulePass(rule, settings.findings[rule.code as keyof FindingSettings] as Hysteresis, cycle);
    try {
      pass.judgeDeparted(followed, departureOf);
      yield* pass.judgeSuspects();
      yield* pass.judgeFollowed(followed, finder);
    } catch (error) {
      if (settings.onBug === undefined) throw error;
      settings.onBug(`rule ${rule.code}`, error);
    }
    for (const one of pass.judged.values()) judged.push(one);
    yield;
  }
  // Findings of a code that this version has no rule for.
  for (const followed of byCode.values()) {
    for (const one of followed) judged.push(verdictOn(one, clear('config-changed')));
  }
  return judged;
}

/** One rule over the rows of one cycle: each subject is judged once, and what is gone before anything else. */
class RulePass {
  readonly judged = new Map<string, Judged>();
  readonly #rule: Rule;
  readonly #thresholds: Hysteresis;
  readonly #cycle: Cycle;

  constructor(rule: Rule, thresholds: Hysteresis, cycle: Cycle) {
    this.#rule = rule;
    this.#thresholds = thresholds;
    this.#cycle = cycle;
  }

  judgeDeparted(followed: readonly Followed[], departureOf: (subject: FindingSubject) => Verdict | null): void {
    for (const one of followed) {
      const verdict = one.settingsChange === 'not-wanted' ? clear('config-changed') : departureOf(one.subject);
      if (verdict !== null) this.judged.set(one.key, verdictOn(one, verdict));
    }
  }

  *judgeSuspects(): Generator<undefined, void> {
    const source = subjectSources[this.#rule.subject];
    for (const row of suspectRows(this.#rule, this.#thresholds, source, this.#cycle)) {
      const candidate = source.make(this.#cycle, row);
      const key = ledgerKey(this.#rule.code, candidate.subject);
      if (this.judged.has(key)) continue;
      this.#judge(candidate, key);
      if (this.judged.size % rowsPerPause === 0) yield;
    }
  }

  *judgeFollowed(followed: readonly Followed[], finder: RowFinder): Generator<undefined, void> {
    const source = subjectSources[this.#rule.subject];
    for (const one of followed) {
      if (this.judged.has(one.key)) continue;
      const row = source.find(this.#cycle, finder, one.subject);
      if (row === undefined) this.judged.set(one.key, verdictOn(one, this.#withoutRow(one, source.collector)));
      else this.#judge({ ...source.make(this.#cycle, row), subject: one.subject }, one.key);
      if (this.judged.size % rowsPerPause === 0) yield;
    }
  }

  #withoutRow({ subject }: Followed, collector: Facet): Verdict {
    const reason = this.#cycle.context.absence(subject);
    return reason === null ? unread(collector) : clear(reason);
  }

  #judge({ subject, policy, row }: Candidate, key: string): void {
    const verdict = this.#rule.judge(row, this.#thresholds);
    this.judged.set(key, { key, rule: this.#rule, hysteresis: this.#thresholds, subject, policy, verdict });
  }
}

/** The rows that are to be judged: few of those that live. So the loop over all of them makes nothing. */
function suspectRows(rule: Rule, thresholds: Hysteresis, source: SubjectSource, cycle: Cycle): number[] {
  const { tables, context } = cycle;
  const { monotonicMs } = context;
  const rows = source.rows(cycle);
  const alive = source.alive?.(cycle);
  const suspects: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (alive !== undefined && alive[row] !== 1) continue;
    if (rule.suspect?.(tables, row, monotonicMs, thresholds) !== false) suspects.push(row);
  }
  return suspects;
}

function verdictOn({ key, rule, hysteresis, subject }: Followed, verdict: Verdict): Judged {
  return { key, rule, hysteresis, subject, policy: null, verdict };
}

/** What Kafka said is gone, as the verdict on whatever was found on it; null: it is still there, or nobody knows. */
function departures(gone: Gone, finder: RowFinder): (subject: FindingSubject) => Verdict | null {
  const groups = new Set(gone.groups);
  const topicIds = Map.groupBy(gone.topics, ({ topic }) => topic);
  return (subject) => {
    const { groupId, topic, topicId } = subject;
    if (groupId !== undefined && groups.has(groupId)) return clear('group-deleted');
    if (topic === undefined) return null;
    const isGone = topicIds.get(topic)?.some((one) => one.topicId === null || one.topicId === (topicId ?? one.topicId));
    return isGone === true || finder.isReCreated(subject) ? clear('topic-deleted') : null;
  };
}
