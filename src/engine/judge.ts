import { type FindingSettings, rules } from '../evaluators/index.ts';
import { createPolicyMatcher, type PolicyMatcher } from '../evaluators/policies.ts';
import { RowMaker } from '../evaluators/rows/row-maker.ts';
import type { GoneOffsets } from '../evaluators/rows/row-types.ts';
import { dataMissing } from '../evaluators/rules/data-missing.ts';
import type { EngineMemory } from '../model/engine-memory.ts';
import type { ClusterEvent, Finding, FindingSubject, Transition } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { CollectorStatus, Tables } from '../model/report.ts';
import type { BrokerConfig } from '../model/snapshot.ts';
import type { Absence } from './absence.ts';
import { explainFindings } from './causes.ts';
import { judgeRules } from './judge-rules.ts';
import { advanceLedger, type Ledger, type LedgerSettings, openFindings } from './ledger.ts';
import { type RestoreSettings, rememberConditions, rememberLedger, restoreLedger } from './ledger-memory.ts';
import { type SettingsKey, settingsKeys } from './settings-key.ts';

export interface JudgeSettings {
  /** How old data may be, ms: the same bound by which rows turn stale. */
  staleMs: number;
  /** The trailing time over which rebalances are counted, ms. */
  rebalanceWindowMs: number;
  /** The section `findings` of the config: thresholds by code. */
  findings: FindingSettings;
  /** The section `policies` of the config, in its order; the built-in ones are added here. */
  policies: readonly Policy[];
  /** The section `measures` of the config: what all judgements rest on. */
  measures: object;
  /** Whether groups and topics are watched; without it, all are. */
  isWatched?: (subject: FindingSubject) => boolean;
  /** Called with what a rule threw; the rule's verdicts of this cycle are then unknown. Without it the exception goes on. */
  onBug?: (where: string, error: unknown) => void;
}

/** What Kafka itself said is gone, as of this cycle; findings on it are cleared with that as the reason. */
export interface Gone {
  groups: readonly string[];
  /** A re-created topic stands here with its old ID. */
  topics: readonly { topic: string; topicId: string | null }[];
  /** Series whose commit is no more although group and topic are. */
  series: readonly { groupId: string; topic: string; partition: number }[];
  /** Committed offsets that should not have gone, as far as this very cycle shows it. */
  offsets: readonly GoneOffsets[];
}

/** The moment of one judgement, and what no table holds. */
export interface JudgeContext {
  cluster: string;
  clusterId: string | null;
  atMs: number;
  /** Never steps back from one judgement to the next. */
  monotonicMs: number;
  gone: Gone;
  /** What has no row any more because it is gone, though nobody saw it go. */
  absence: Absence;
  /** What changed of late, oldest first. */
  recentEvents: readonly ClusterEvent[];
  collectors: readonly CollectorStatus[];
  /** false: Metadata could not be read in this cycle. */
  reachable: boolean;
  /** Settings of the brokers, as far as they were read. */
  brokerConfig: BrokerConfig;
}

export interface Judgement {
  /** Open findings, worst first. */
  findings: readonly Finding[];
  transitions: readonly Transition[];
  findingsRaised: ReadonlyMap<string, number>;
}

/** Rules, ledger and causes of one cluster. Pure but for the ledger's memory, which `memory` and `restore` carry over a restart. */
export interface Judge {
  /** Yields now and then, so that the caller may let the event loop run. */
  judge(tables: Tables, context: JudgeContext): Generator<undefined, Judgement>;
  /** Takes back the open findings; call once, before the first judgement. */
  restore(memory: JudgeMemory): void;
  memory(): JudgeMemory;
}

export type JudgeMemory = Pick<EngineMemory, 'atMs' | 'findings' | 'findingsRaised' | 'conditions'>;

export function createJudge(settings: JudgeSettings): Judge {
  return new LedgerJudge(settings);
}

class LedgerJudge implements Judge {
  readonly #settings: JudgeSettings;
  readonly #ledgerSettings: LedgerSettings;
  readonly #policyOf: PolicyMatcher;
  readonly #settingsKey: SettingsKey;
  #ledger: Ledger = new Map();
  #raised = new Map<string, number>();
  #restored: JudgeMemory | null = null;
  #firstMonotonicMs: number | null = null;
  #last = { atMs: 0, monotonicMs: 0 };

  constructor(settings: JudgeSettings) {
    this.#settings = settings;
    this.#policyOf = createPolicyMatcher(settings.policies);
    this.#settingsKey = settingsKeys(settings.measures);
    this.#ledgerSettings = {
      staleMs: settings.staleMs,
      holdFindingsMs: settings.findings.holdFindings,
      dataMissing: {
        rule: dataMissing,
        hysteresis: settings.findings['data-missing'],
        policyOf: this.#policyOf,
      },
      explain: explainFindings,
      settingsKey: this.#settingsKey,
    };
  }

  *judge(tables: Tables, context: JudgeContext): Generator<undefined, Judgement> {
    if (this.#restored !== null) {
      this.#ledger = restoreLedger(this.#restored, context, {
        ruleOf: this.#ruleOf,
        conditionRuleOf: this.#conditionRuleOf,
        policyOf: ({ groupId, topic }) => this.#policyOf(context.cluster, groupId, topic),
        settingsKey: this.#settingsKey,
        isWatched: this.#settings.isWatched ?? (() => true),
      });
      this.#restored = null;
    }
    const policyOf = this.#policyOf;
    const { staleMs, rebalanceWindowMs } = this.#settings;
    this.#firstMonotonicMs ??= context.monotonicMs;
    const countedWhole = context.monotonicMs - this.#firstMonotonicMs >= rebalanceWindowMs;
    const rowMaker = new RowMaker(tables, { ...context, policyOf, staleMs, rebalanceWindowMs, countedWhole });
    const judged = yield* judgeRules({ tables, context, rowMaker, policyOf }, this.#ledger, this.#settings);
    yield;
    const { ledger, transitions } = advanceLedger(this.#ledger, judged, context, this.#ledgerSettings);
    this.#ledger = ledger;
    this.#last = { atMs: context.atMs, monotonicMs: context.monotonicMs };
    this.#count(transitions);
    return { findings: openFindings(ledger), transitions, findingsRaised: new Map(this.#raised) };
  }

  restore(memory: JudgeMemory): void {
    this.#restored = memory;
    this.#raised = new Map(memory.findingsRaised);
  }

  memory(): JudgeMemory {
    if (this.#restored !== null) return this.#restored;
    const findings = rememberLedger(this.#ledger, this.#last);
    const conditions = rememberConditions(this.#ledger, this.#last);
    return { atMs: this.#last.atMs, findings, conditions, findingsRaised: [...this.#raised] };
  }

  #count(transitions: readonly Transition[]): void {
    for (const { type, code } of transitions) {
      if (type === 'raised') this.#raised.set(code, (this.#raised.get(code) ?? 0) + 1);
    }
  }

  readonly #conditionRuleOf: RestoreSettings['conditionRuleOf'] = (code) => {
    const rule = rules.find((candidate) => candidate.code === code);
    return rule === undefined ? null : { rule, hysteresis: this.#settings.findings[rule.code] };
  };

  readonly #ruleOf: RestoreSettings['ruleOf'] = ({ code, severity, summary }) => {
    const known = this.#conditionRuleOf(code);
    if (known !== null) return known;
    // A code of another version: nobody judges it any more, so the first judgement clears it.
    return { rule: { code, severity, summary: () => summary }, hysteresis: this.#settings.findings['data-missing'] };
  };
}
