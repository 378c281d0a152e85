import type { Finding } from '../model/finding.ts';
import { rank } from './ledger.ts';

interface CauseRule {
  code: string;
  /** What a finding stands on, as far as this cause is concerned: it explains the findings with the key of its own. */
  keyOf: (finding: Finding) => string | null;
  /** Where a finding may stand on several of its kind: their keys. It is explained where each of them has its cause. */
  keysOf?: (finding: Finding) => readonly string[];
  /** Codes that it never explains. */
  never: ReadonlySet<string>;
  /** How far apart the two may have begun, ms; without it, however far. */
  withinMs?: number;
}

/** Whoever is about to lose data, or has lost it, is told so even where tidemark is blind or the group cannot sit still. */
const dataLoss: ReadonlySet<string> = new Set([
  'will-lose-data',
  'lost-data',
  'skipped',
  'offsets-gone',
  'log-truncated',
]);
const truncation: ReadonlySet<string> = new Set(['log-truncated', 'offset-ahead-of-log']);

/**
 * What explains other findings, narrowest first: the first that fits is the cause. Open transaction comes here
 * with its rule.
 */
const causeRules: readonly CauseRule[] = [
  {
    code: 'log-truncated',
    keyOf: (finding) => (truncation.has(finding.code) ? partitionKey(finding) : null),
    never: new Set(),
    withinMs: 300_000,
  },
  { code: 'offline-partition', keyOf: partitionKey, never: new Set(['log-truncated']) },
  { code: 'broker-missing', keyOf: ({ brokerId }) => `${brokerId}`, keysOf: missedBrokers, never: dataLoss },
  { code: 'rebalance-storm', keyOf: ({ groupId }) => groupId ?? null, never: dataLoss },
  { code: 'cluster-unreachable', keyOf: () => '', never: dataLoss },
];

/** Names the cause of each finding that another one explains: only what is warning or critical itself explains. */
export function explainFindings(findings: readonly Finding[]): readonly Finding[] {
  const active = causeRules.map((rule) => ({ rule, causes: causesByKey(rule, findings) }));
  return findings.map((finding) => {
    for (const { rule, causes } of active) {
      const cause = causeOf(finding, rule, causes);
      if (
        cause === undefined ||
        Math.abs(cause.sinceMs - finding.sinceMs) > (rule.withinMs ?? Number.POSITIVE_INFINITY)
      ) {
        continue;
      }
      return cause.id === finding.cause?.id ? finding : { ...finding, cause: { code: cause.code, id: cause.id } };
    }
    return finding.cause === null ? finding : { ...finding, cause: null };
  });
}

function causeOf(finding: Finding, rule: CauseRule, causes: ReadonlyMap<string, Finding>): Finding | undefined {
  if (rule.code === finding.code || rule.never.has(finding.code)) return undefined;
  const keys = rule.keysOf === undefined ? [rule.keyOf(finding)] : rule.keysOf(finding);
  const found = keys.map((key) => (key === null ? undefined : causes.get(key)));
  return found.every((cause) => cause !== undefined) ? found[0] : undefined;
}

function causesByKey(rule: CauseRule, findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const causes = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.code !== rule.code || rank(finding.severity) < rank('warning')) continue;
    const key = rule.keyOf(finding);
    if (key !== null) causes.set(key, finding);
  }
  return causes;
}

/** The brokers that the replicas of a finding's partitions miss. Of one without a leader, those that were in sync last. */
function missedBrokers({ code, groupId, evidence }: Finding): readonly string[] {
  if (groupId !== undefined) return [];
  if (code !== 'offline-partition') return brokerIds(evidence.missing);
  const lastInSync = brokerIds(evidence.inSyncReplicas);
  return lastInSync.length > 0 ? lastInSync : brokerIds(evidence.replicas);
}

function brokerIds(ids: unknown): readonly string[] {
  return Array.isArray(ids) ? ids.map(String) : [];
}

/** The partition of a finding; of a group's, the one that is worst. */
function partitionKey({ topic, partition, evidence }: Finding): string | null {
  if (topic !== undefined && partition !== undefined) return `${topic}\0${partition}`;
  const worst = evidence.worst as { topic?: unknown; partition?: unknown } | null | undefined;
  return typeof worst?.topic === 'string' ? `${worst.topic}\0${worst.partition}` : null;
}
