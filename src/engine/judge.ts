import type { FindingSettings } from '../evaluators/index.ts';
import type { Tables } from '../evaluators/rows.ts';
import type { Finding, Transition } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { CollectorStatus, EngineMemory } from '../model/report.ts';

export interface JudgeSettings {
  /** The poll interval, ms: rows are stale after three of them, at least a minute. */
  intervalMs: number;
  /** The section `findings` of the config: thresholds by code. */
  findings: FindingSettings;
  /** The section `policies` of the config, in its order; the built-in ones are added here. */
  policies: readonly Policy[];
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
}

/** The moment of one judgement, and what no table holds. */
export interface JudgeContext {
  cluster: string;
  clusterId: string | null;
  atMs: number;
  /** Never steps back from one judgement to the next. */
  monotonicMs: number;
  gone: Gone;
  collectors: readonly CollectorStatus[];
  /** false: Metadata could not be read in this cycle. */
  reachable: boolean;
}

export interface Judgement {
  /** Open findings, worst first. */
  findings: readonly Finding[];
  transitions: readonly Transition[];
  findingsRaised: ReadonlyMap<string, number>;
}

/** Rules, ledger and causes of one cluster. Pure but for the ledger's memory, which `memory` and `restore` carry over a restart. */
export interface Judge {
  judge(tables: Tables, context: JudgeContext): Judgement;
  /** Takes back the open findings; call once, before the first judgement. */
  restore(memory: JudgeMemory): void;
  memory(): JudgeMemory;
}

export type JudgeMemory = Pick<EngineMemory, 'atMs' | 'findings' | 'findingsRaised'>;
