import { type Finding, severityRank } from '../model/finding.ts';

interface CauseRule {
  code: string;
  /** What a finding of this code takes away, as keys. */
  takes: (cause: Finding) => readonly string[];
  /** What another finding stands on of that kind: it is explained where each of its keys is taken; with none, never. */
  standsOn: (finding: Finding, blocked: BlockedPlaces) => readonly string[];
  /** Codes that it never explains. */
  never: ReadonlySet<string>;
  /** How far apart the two may have begun, ms; without it, however far. */
  withinMs?: number;
}

/** Where groups wait for a transaction: group, topic and partition. */
type BlockedPlaces = ReadonlySet<string>;

/** Whoever is about to lose data, or has lost it, is told so even where tidemark is blind or the group cannot sit still. */
const dataLoss: ReadonlySet<string> = new Set([
  'will-lose-data',
  'lost-data',
  'skipped',
  'offsets-gone',
  'log-truncated',
]);
const truncation: ReadonlySet<string> = new Set(['log-truncated', 'offset-ahead-of-log']);

/** What explains other findings, narrowest first: the first that fits is the cause. */
const causeRules: readonly CauseRule[] = [
  {
    code: 'log-truncated',
    takes: partitionKeys,
    standsOn: (finding) => (truncation.has(finding.code) ? partitionKeys(finding) : []),
    never: new Set(),
    withinMs: 300_000,
  },
  { code: 'offline-partition', takes: partitionKeys, standsOn: partitionKeys, never: new Set(['log-truncated']) },
  { code: 'open-transaction', takes: transactionKeys, standsOn: blockedKeys, never: dataLoss },
  { code: 'broker-missing', takes: ({ brokerId }) => [`${brokerId}`], standsOn: missedBrokers, never: dataLoss },
  { code: 'rebalance-storm', takes: groupKeys, standsOn: groupKeys, never: dataLoss },
  { code: 'cluster-unreachable', takes: () => [''], standsOn: () => [''], never: dataLoss },
];

/** Names the cause of each finding that another one explains: only what is warning or critical itself explains. */
export function explainFindings(findings: readonly Finding[]): readonly Finding[] {
  const active = causeRules
    .map((rule) => ({ rule, causes: causesByKey(rule, findings) }))
    .filter(({ causes }) => causes.size > 0);
  const blocked = blockedPlaces(findings);
  return findings.map((finding) => {
    for (const { rule, causes } of active) {
      const cause = causeOf(finding, rule, causes, blocked);
      if (cause === undefined) continue;
      return cause.id === finding.cause?.id ? finding : { ...finding, cause: { code: cause.code, id: cause.id } };
    }
    return finding.cause === null ? finding : { ...finding, cause: null };
  });
}

function causeOf(
  finding: Finding,
  rule: CauseRule,
  causes: ReadonlyMap<string, Finding>,
  blocked: BlockedPlaces,
): Finding | undefined {
  if (rule.code === finding.code || rule.never.has(finding.code)) return undefined;
  const found = rule.standsOn(finding, blocked).map((key) => causes.get(key));
  const [cause] = found;
  if (cause === undefined || found.includes(undefined)) return undefined;
  const isNear = Math.abs(cause.sinceMs - finding.sinceMs) <= (rule.withinMs ?? Number.POSITIVE_INFINITY);
  return isNear ? cause : undefined;
}

function causesByKey(rule: CauseRule, findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const causes = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.code !== rule.code || severityRank(finding.severity) < severityRank('warning')) continue;
    for (const key of rule.takes(finding)) causes.set(key, finding);
  }
  return causes;
}

function groupKeys({ groupId }: Finding): readonly string[] {
  return groupId === undefined ? [] : [groupId];
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
function partitionKeys({ topic, partition, evidence }: Finding): readonly string[] {
  return placeKeys([topic !== undefined && partition !== undefined ? { topic, partition } : evidence.worst]);
}

/** The partitions of a topic on which a transaction is open. */
function transactionKeys({ topic, evidence }: Finding): readonly string[] {
  return Array.isArray(evidence.partitions) ? evidence.partitions.map((partition) => `${topic}\0${partition}`) : [];
}

/**
 * Where a group waits, or where a finding on it stands if it waits there: an open transaction is nothing to other readers. Where
 * what waits will soon be deleted, that is told whatever the cause.
 */
function blockedKeys(finding: Finding, blocked: BlockedPlaces): readonly string[] {
  const { code, severity, evidence } = finding;
  if (code === 'blocked-by-transaction') return severity === 'critical' ? [] : placeKeys(evidence.partitions);
  return partitionKeys(finding).filter((key) => blocked.has(`${finding.groupId}\0${key}`));
}

function blockedPlaces(findings: readonly Finding[]): BlockedPlaces {
  const blocked = findings.filter(({ code }) => code === 'blocked-by-transaction');
  return new Set(
    blocked.flatMap(({ groupId, evidence }) => placeKeys(evidence.partitions).map((key) => `${groupId}\0${key}`)),
  );
}

/** Evidence comes back from the store as it was written, perhaps by another version: its shape is not taken for granted. */
function placeKeys(places: unknown): readonly string[] {
  return (Array.isArray(places) ? places : []).flatMap((place) =>
    typeof place?.topic === 'string' ? [`${place.topic}\0${place.partition}`] : [],
  );
}
