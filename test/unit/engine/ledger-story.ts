import { explainFindings } from '../../../src/engine/causes.ts';
import {
  advanceLedger,
  type Judged,
  type Ledger,
  type LedgerRule,
  type LedgerSettings,
  ledgerKey,
  type Moment,
  openFindings,
} from '../../../src/engine/ledger.ts';
import {
  type RestoreSettings,
  rememberConditions,
  rememberLedger,
  restoreLedger,
} from '../../../src/engine/ledger-memory.ts';
import { settingsKeys } from '../../../src/engine/settings-key.ts';
import type { Hysteresis, Verdict } from '../../../src/evaluators/rule.ts';
import type { Finding, FindingSubject, Transition } from '../../../src/model/finding.ts';
import type { Policy } from '../../../src/model/policy.ts';

export const pollMs = 15_000;
export const startMs = 1_700_000_000_000;

export const plainRule: LedgerRule = { code: 'plain', severity: 'warning', summary: () => 'it holds' };
export const twoAndThree: Hysteresis = { raiseAfterPolls: 2, raiseAfter: 0, clearAfterPolls: 3 };
const dataMissing = {
  rule: { ...plainRule, code: 'data-missing' },
  hysteresis: { ...twoAndThree, raiseAfterPolls: 1 },
  policyOf: () => null,
};

const settings: LedgerSettings = {
  staleMs: 60_000,
  holdFindingsMs: 3_600_000,
  dataMissing,
  explain: explainFindings,
  settingsKey: settingsKeys({}),
};

export const verdicts = {
  R: { is: 'raise', evidence: {} },
  C: { is: 'clear', reason: 'recovered' },
  S: { is: 'clear', reason: 'superseded' },
  U: { is: 'unknown', reason: 'stale', unread: 'committed-offsets' },
  B: { is: 'building', clears: true },
  E: { is: 'building', clears: false },
  '?': { is: 'unknown', reason: 'insufficient-data' },
} as const satisfies Record<string, Verdict>;

export interface Asked {
  rule?: LedgerRule;
  hysteresis?: Hysteresis;
  subject?: FindingSubject;
  policy?: Policy | null;
  verdict: Verdict;
}

/** A ledger through many polls, with the clocks that go with them. */
export class Story {
  ledger: Ledger = new Map();
  transitions: Transition[] = [];
  atMs = startMs;
  monotonicMs = 5000;
  clusterId: string | null = 'id-of-c1';

  /** One poll after `afterMs`. */
  poll(asked: readonly Asked[], afterMs = pollMs): readonly Transition[] {
    this.atMs += afterMs;
    this.monotonicMs += afterMs;
    const judged = asked.map(
      ({
        rule = plainRule,
        hysteresis = twoAndThree,
        subject = { groupId: 'billing' },
        policy = null,
        verdict,
      }): Judged => {
        return { key: ledgerKey(rule.code, subject), rule, hysteresis, subject, policy, verdict };
      },
    );
    const step = advanceLedger(this.ledger, judged, this.moment, settings);
    this.ledger = step.ledger;
    this.transitions.push(...step.transitions);
    return step.transitions;
  }

  /** The process ends, and another goes on after `awayMs` with a monotonic clock of its own. */
  restart(awayMs: number, over: Partial<RestoreSettings> = {}): void {
    const findings = rememberLedger(this.ledger, this);
    const conditions = rememberConditions(this.ledger, this);
    const memory = structuredClone({ atMs: this.atMs, findings, conditions, findingsRaised: [] });
    this.atMs += awayMs;
    this.monotonicMs = 77;
    this.ledger = restoreLedger(memory, this.moment, {
      ruleOf: () => ({ rule: plainRule, hysteresis: twoAndThree }),
      conditionRuleOf: () => ({ rule: plainRule, hysteresis: twoAndThree }),
      policyOf: () => null,
      settingsKey: settings.settingsKey,
      isWatched: () => true,
      ...over,
    });
  }

  get moment(): Moment {
    return { cluster: 'c1', clusterId: this.clusterId, atMs: this.atMs, monotonicMs: this.monotonicMs };
  }

  get open(): Finding[] {
    return openFindings(this.ledger);
  }
}

/** What happened, as `raised@2 cleared:recovered@9`, polls counted from 1. */
export function told(transitions: readonly Transition[]): string {
  return transitions
    .map((one) => {
      const detail =
        one.type === 'changed' ? `:${one.changed.join('+')}` : one.type === 'cleared' ? `:${one.reason}` : '';
      return `${one.type}${detail}@${Math.round((one.atMs - startMs) / pollMs)}`;
    })
    .join(' ');
}
