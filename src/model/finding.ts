import { type Static, Type } from 'typebox';

/** From least to most urgent. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** info 0, warning 1, critical 2. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** What a rule judges: series = one group on one partition. */
const subjectKinds = ['series', 'group-topic', 'group', 'topic', 'partition', 'broker', 'cluster'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Why a finding was cleared: by evidence, or because its hold ran out; never by absence of data. */
const clearReasons = [
  'recovered',
  'superseded',
  'unsubscribed',
  'group-deleted',
  'topic-deleted',
  'config-changed',
  'hold-expired',
] as const;
export type ClearReason = (typeof clearReasons)[number];

/** Those fields that the code's subject has. */
export const FindingSubject = Type.Object({
  groupId: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  topicId: Type.Optional(Type.String()),
  partition: Type.Optional(Type.Integer()),
  brokerId: Type.Optional(Type.Integer()),
  logDir: Type.Optional(Type.String()),
  /** data-missing, collector-failing: the collector that it is about. */
  collector: Type.Optional(Type.String()),
});
export type FindingSubject = Static<typeof FindingSubject>;

export const Cause = Type.Object({ code: Type.String(), id: Type.String() });
export type Cause = Static<typeof Cause>;

/** An open finding. Evidence holds the numbers that the judgement can be redone with; its shape depends on the code. */
export const Finding = Type.Intersect([
  FindingSubject,
  Type.Object({
    id: Type.String({ description: 'Hash of cluster ID, code, subject and sinceMs' }),
    cluster: Type.String(),
    code: Type.String(),
    severity: Type.Enum([...severities]),
    sinceMs: Type.Number({ description: 'The first poll whose data met the condition, ms since the epoch' }),
    raisedAtMs: Type.Number(),
    held: Type.Boolean({ description: 'The data that raised it cannot be read at present' }),
    cause: Type.Union([Cause, Type.Null()]),
    team: Type.Optional(Type.String()),
    tier: Type.Optional(Type.String()),
    labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Of its policy' })),
    muted: Type.Optional(
      Type.Boolean({ description: 'A policy mutes it: kept for the page, never exported as alertable' }),
    ),
    evidence: Type.Record(Type.String(), Type.Unknown()),
    summary: Type.String({ description: 'One sentence with the numbers that matter' }),
  }),
]);
export type Finding = Static<typeof Finding>;

/** What the ledger says happened to findings in one cycle; one JSON line each in `tidemark replay`. */
export type Transition =
  | (Finding & { type: 'raised'; atMs: number })
  | (Finding & { type: 'changed'; atMs: number; changed: readonly ('severity' | 'cause' | 'held')[] })
  | (FindingSubject & {
      type: 'cleared';
      atMs: number;
      cluster: string;
      code: string;
      severity: Severity;
      id: string;
      sinceMs: number;
      /** Measured on the monotonic clock. */
      lastedMs: number;
      reason: ClearReason;
    });

/** Something that changed, for the page's strip "what changed": it is shown, never alerted. */
export interface ClusterEvent {
  atMs: number;
  kind: 'member' | 'rebalance' | 'leader' | 'config' | 'topic' | 'group' | 'broker' | 'tidemark';
  /** e.g. `joined`, `left`, `leader-moved`, `config-changed`, `re-created`, `deleted`, `started`, `clock-stepped` */
  what: string;
  subject: FindingSubject;
  /** One sentence. */
  summary: string;
}
