import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { Duration } from '../model/duration.ts';
import type { ClearReason, FindingSubject, Severity, SubjectKind } from '../model/finding.ts';
import type { Tables } from '../model/report.ts';
import type { Facet } from '../model/snapshot.ts';
import type { RowTypes } from './rows/row-types.ts';

/**
 * What a rule looks at, row by row. `log-dir`: a finding of a broker about one of its log directories; `collector`: a finding of the
 * cluster about one of tidemark's own collectors; `gone-offsets`: a finding of a group, which may itself be gone.
 */
export type RuleSubject = Extract<SubjectKind, keyof RowTypes> | 'log-dir' | 'collector' | 'gone-offsets';

/** The numbers that a judgement can be redone with. `config` holds settings of Kafka that it rests on. */
export type Evidence = Readonly<Record<string, unknown>>;

/** The condition holds in this poll. */
export interface Raise<E extends Evidence = Evidence> {
  is: 'raise';
  /** Without it: the rule's own. */
  severity?: Severity;
  /** Another severity, once the condition has lasted that long. */
  escalates?: { to: Severity; afterMs: number };
  evidence: E;
}

/** What must last holds, what is judged by the moment does not: the streak goes on, but nothing is raised yet. */
export interface Building {
  is: 'building';
  /** Whether an open finding is cleared by it; false: it stands so near the edge that it stays as it is. */
  clears: boolean;
  config?: Evidence;
}

/** The condition does not hold. Every reason but `recovered` clears at once: it says that the question is settled. */
export interface Clear {
  is: 'clear';
  reason: Exclude<ClearReason, 'hold-expired'>;
  /** The same settings as in the evidence: where they differ, what cleared the finding was their change. */
  config?: Evidence;
}

/** The data do not tell. Neither raises nor clears. */
export interface Unknown {
  is: 'unknown';
  reason: string;
  /** The collector whose data are missing or too old; without one, the data are there and do not decide. */
  unread?: Facet;
}

export type Verdict<E extends Evidence = Evidence> = Raise<E> | Building | Clear | Unknown;

/** When a condition becomes a finding, and when a finding ends. Every rule's thresholds hold these (a type, not an interface: thresholds are records). */
export type Hysteresis = {
  raiseAfterPolls: number;
  /** ms */
  raiseAfter: number;
  clearAfterPolls: number;
  /** ms; only of events: how long one is kept after the last poll that showed it */
  keepFor?: number;
};

/**
 * One kind of finding: what it is called, when it holds, what it says. A value, so that documents, config section and judgement
 * come from the same place. To add one: write its file, and add it to the list in index.ts.
 */
export interface Rule<
  C extends string = string,
  S extends RuleSubject = RuleSubject,
  T extends TObject = TObject,
  E extends Evidence = Evidence,
> {
  readonly code: C;
  readonly subject: S;
  /** The severity of a verdict that names none. */
  readonly severity: Severity;
  /** Numbers that decide, each with its default, unit and reason; a section of the config. Holds `Hysteresis`. */
  readonly thresholds: T;
  readonly doc: { meaning: string; source: string; advice: string };
  /** Codes that say more about the same subject: where one is open and this rule does not raise, its finding is superseded. */
  readonly supersededBy?: readonly string[];
  /**
   * Cheap test on the columns: false where `judge` cannot raise. Rows with an open finding are judged all the same; so are all
   * rows where there is none, as for the few of a cluster or its collectors.
   */
  suspect?(tables: Tables, row: number, monotonicMs: number, thresholds: Static<T>): boolean;
  judge(row: RowTypes[S], thresholds: Static<T>): Verdict<E>;
  /** Events only: the evidence of a finding that is shown once more. */
  renew?(before: E, now: E): E;
  /** One sentence with the numbers that matter. */
  summary(evidence: E, subject: FindingSubject): string;
}

/** Infers a rule's types from its parts. */
export function defineRule<C extends string, S extends RuleSubject, T extends TProperties, E extends Evidence>(
  rule: Rule<C, S, TObject<T>, E>,
): Rule<C, S, TObject<T>, E> {
  return rule;
}

interface HysteresisDefaults {
  raiseAfterPolls?: number;
  raiseAfter?: string;
  clearAfterPolls?: number;
  /** Why these numbers. */
  because: string;
}

/** The thresholds that decide how long a condition must hold, or be gone. */
export function hysteresis(defaults: HysteresisDefaults) {
  return {
    raiseAfterPolls: Type.Integer({
      default: defaults.raiseAfterPolls ?? 2,
      minimum: 1,
      description: `polls in a row that must show it: ${defaults.because}`,
    }),
    raiseAfter: Duration(defaults.raiseAfter ?? '0s', `time that it must have lasted: ${defaults.because}`),
    clearAfterPolls: Type.Integer({
      default: defaults.clearAfterPolls ?? 3,
      minimum: 1,
      description: 'polls in a row that must no longer show it, so that one good poll does not end it',
    }),
  };
}

/** The hysteresis of an event: raised at the first poll that shows it, kept, renewed by another one. */
export function eventHysteresis() {
  return {
    ...hysteresis({ raiseAfterPolls: 1, clearAfterPolls: 1, because: 'what has happened has happened' }),
    keepFor: Duration('1h', 'how long it is kept after it was last shown: long enough to be seen by who was away'),
  };
}

export function unknown(reason: string): Unknown {
  return { is: 'unknown', reason };
}

/** The verdict on a row whose data are missing or too old. */
export function unread(collector: Facet): Unknown {
  return { is: 'unknown', reason: 'stale', unread: collector };
}

export function clear(reason: Clear['reason'] = 'recovered', config?: Evidence): Clear {
  return config === undefined ? { is: 'clear', reason } : { is: 'clear', reason, config };
}
