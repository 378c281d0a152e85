/**
 * What the HTTP API answers and `tidemark replay --reports` prints. Times are milliseconds since the epoch, `...Seconds` seconds,
 * sizes bytes. A null number does not apply; where it is unknown, `unknown` names the field and the reason.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { Cause, Finding, FindingSubject, severities, type Transition } from './finding.ts';
import {
  ages,
  lagTrends,
  lossCauses,
  outlooks,
  ownerships,
  rebalanceSources,
  timeLagMethods,
  unknownReasons,
} from './report.ts';

/** `type: [..., null]` where JSON Schema allows it: shorter in openapi.json than a union, and faster to serialize. */
function orNull<T extends TSchema>(schema: T) {
  const { type, ...rest } = schema as T & { type?: string };
  return Type.Unsafe<Static<T> | null>(
    type === undefined ? { anyOf: [schema, { type: 'null' }] } : { ...rest, type: [type, 'null'] },
  );
}

/** One of a word list of report.ts; null where it is not known. */
function wordOrNull<const Words extends readonly (string | null)[]>(words: Words, description: string) {
  return Type.Unsafe<Words[number]>({ type: ['string', 'null'], enum: [...words], description });
}

const NumberOrNull = orNull(Type.Number());
const StringOrNull = orNull(Type.String());
const Count = Type.Integer({ minimum: 0 });
const seconds = (description: string) => orNull(Type.Number({ description }));

const Unknown = Type.Record(Type.String(), Type.String(), {
  description: `Why a field is null though it applies: one of ${unknownReasons.filter((reason) => reason !== null).join(', ')}`,
});

const OutlookWord = wordOrNull(outlooks, 'Will data be lost before it is read?');
const AgeWord = wordOrNull(ages, 'stale: not read for long; its verdicts are unknown');
const TrendWord = wordOrNull(lagTrends, 'Of the lag just after each commit');
const LossByWord = wordOrNull(lossCauses, 'Which limit deletes the first unread record');

const Place = Type.Object({ topic: Type.String(), partition: Count });

const CollectorAnswer = Type.Object({
  collector: Type.String(),
  startedAtMs: Type.Number(),
  durationMs: Type.Number(),
  outcome: Type.Unsafe<'ok' | 'partial' | 'failed'>({ type: 'string', enum: ['ok', 'partial', 'failed'] }),
  everyMs: Type.Number(),
  lastSuccessMs: NumberOrNull,
  failingPolls: Count,
  failures: Type.Array(
    Type.Object({
      code: Type.String({ description: 'Of the error catalogue (docs/errors.md)' }),
      message: Type.Optional(Type.String()),
      brokerId: Type.Optional(Type.Integer()),
    }),
  ),
});

const QuorumAnswer = Type.Object(
  {
    leaderId: NumberOrNull,
    leaderEpoch: NumberOrNull,
    leaderChanges: Count,
    leaderChangesLastHour: Count,
    age: AgeWord,
    voters: Type.Array(
      Type.Object({
        brokerId: Type.Integer({ description: 'ID of the node: a controller need not be a broker' }),
        lag: orNull(Type.Integer({ description: 'Records of the metadata log that it lacks' })),
        fallingSeconds: Type.Number({ description: 'How long its lag has not shrunk' }),
        silentSeconds: seconds('How long it has not fetched, by the clock of the leader'),
      }),
    ),
  },
  { description: 'The metadata quorum of a KRaft cluster (KIP-595); null: not read' },
);

export const ClusterAnswer = Type.Object({
  cluster: Type.String(),
  clusterId: StringOrNull,
  reachable: Type.Boolean(),
  completeness: Type.Unsafe<'full' | 'filtered'>({
    type: 'string',
    enum: ['full', 'filtered'],
    description: 'filtered: tidemark may not see everything, so nothing absent counts as gone',
  }),
  atMs: orNull(
    Type.Number({ description: 'When the last report was made, with or without news of Kafka; null before the first' }),
  ),
  readAtMs: orNull(
    Type.Number({ description: 'When anything was last read from Kafka: the age of the data; null: never' }),
  ),
  bootstrap: Type.String(),
  problem: orNull(Type.String({ description: 'A sentence while the cluster cannot be read' })),
  brokers: Type.Object({ up: Count, known: Count }),
  partitions: Type.Object({
    total: Count,
    offline: Count,
    underReplicated: Count,
    underMinIsr: Count,
    atMinIsr: Count,
  }),
  worstDiskUsedRatio: NumberOrNull,
  quorum: orNull(QuorumAnswer),
  groups: Type.Object({
    total: Count,
    unread: Count,
    byOutlook: Type.Record(Type.String(), Count),
  }),
  findings: Type.Object({ critical: Count, warning: Count, info: Count }),
  intervalMs: Type.Number(),
  collectors: Type.Array(CollectorAnswer),
  store: orNull(Type.Object({ sizeBytes: Type.Number(), error: StringOrNull })),
});
export type ClusterAnswer = Static<typeof ClusterAnswer>;

export const PartitionReport = Type.Object({
  topic: Type.String(),
  partition: Count,
  ownership: wordOrNull(ownerships, 'Who reads it'),
  committedOffset: NumberOrNull,
  endOffset: orNull(
    Type.Number({ description: "High watermark, or last stable offset by the policy's isolationLevel" }),
  ),
  logStartOffset: NumberOrNull,
  lag: NumberOrNull,
  lagTrend: TrendWord,
  lagSlopePerSecond: NumberOrNull,
  produceRate: orNull(Type.Number({ description: 'Offsets/s of the end offset over the window' })),
  consumeRate: orNull(Type.Number({ description: 'Offsets/s between commits' })),
  timeLagSeconds: seconds('Since the end offset passed the committed offset'),
  timeLagMethod: wordOrNull(timeLagMethods, 'How timeLagSeconds was found; at-least: a lower bound'),
  commitDelaySeconds: seconds('Age of the record at the committed offset when the commit was first seen'),
  timeToDrainSeconds: seconds('null: it does not drain'),
  timeToLossEarliestSeconds: seconds('Until retention may delete the first unread record; null: no loss ahead'),
  timeToLossLatestSeconds: seconds('Until it has surely deleted it'),
  lossBy: LossByWord,
  retentionUsedRatio: NumberOrNull,
  outlook: OutlookWord,
  age: AgeWord,
  memberId: StringOrNull,
  clientId: StringOrNull,
  clientHost: StringOrNull,
  commitIntervalSeconds: seconds('Usual time between two movements of the committed offset'),
  lastProgressMs: orNull(Type.Number({ description: 'When the committed offset moved last' })),
  whyNext: orNull(Type.String({ description: 'The verdict in a sentence, and what to look at next' })),
  unknown: Unknown,
});
export type PartitionReport = Static<typeof PartitionReport>;

/** What a group's row in the list, its page, and its line in a replay have in common. */
const groupFields = {
  cluster: Type.String(),
  groupId: Type.String(),
  type: Type.String(),
  protocolType: StringOrNull,
  assignor: StringOrNull,
  state: StringOrNull,
  coordinatorId: NumberOrNull,
  outlook: OutlookWord,
  team: StringOrNull,
  tier: StringOrNull,
  members: NumberOrNull,
  idleMembers: NumberOrNull,
  lag: NumberOrNull,
  maxTimeLagSeconds: NumberOrNull,
  sloLagSeconds: NumberOrNull,
  lagTrend: TrendWord,
  timeToDrainSeconds: seconds('Of the slowest partition; null: some partition does not drain'),
  timeToLossEarliestSeconds: seconds('Of the partition that loses first'),
  timeToLossLatestSeconds: seconds('Of the partition that loses first'),
  lossBy: LossByWord,
  retentionUsedRatio: NumberOrNull,
  worst: orNull(Place),
  rebalances: orNull(Type.Number({ description: 'Ever counted; a lower bound where rebalanceSource is observed' })),
  rebalancesLastHour: NumberOrNull,
  rebalancingSeconds: orNull(Type.Number({ description: 'Ever spent in states that do not consume' })),
  rebalancingSecondsLastHour: NumberOrNull,
  rebalanceSource: wordOrNull(rebalanceSources, 'How rebalances are counted'),
  age: AgeWord,
  muted: Type.Boolean({ description: 'A policy mutes all its findings' }),
  readAtMs: orNull(Type.Number({ description: "When the group's commits were read last" })),
  trendKnownInSeconds: orNull(Type.Number({ description: 'While the window fills; null once the trend is known' })),
  unknown: Unknown,
};

/** A finding as the list of groups carries it: without evidence. */
export const GroupFinding = Type.Object({
  id: Type.String(),
  code: Type.String(),
  severity: Type.Unsafe<(typeof severities)[number]>({ type: 'string', enum: [...severities] }),
  sinceMs: Type.Number(),
  topic: Type.Optional(Type.String()),
  partition: Type.Optional(Type.Integer()),
  held: Type.Boolean(),
  cause: orNull(Cause),
  muted: Type.Optional(Type.Boolean()),
  summary: Type.String(),
});
export type GroupFinding = Static<typeof GroupFinding>;

const Point = Type.Unsafe<readonly [atMs: number, value: number | null]>({
  type: 'array',
  items: { type: ['number', 'null'] },
  minItems: 2,
  maxItems: 2,
  description: '[ms since the epoch, value]; null: nothing was read there',
});
export const Points = Type.Array(Point);
export type Points = Static<typeof Points>;

export const GroupSummary = Type.Object({
  ...groupFields,
  partitions: Type.Integer({ description: 'How many it has committed to or is assigned' }),
  openFindings: Type.Optional(Type.Integer({ description: 'How many are open, where not all are listed' })),
  findings: Type.Array(GroupFinding, { description: 'Open ones, worst first, 20 at most' }),
  sparkline: Type.Optional(Points),
});
export type GroupSummary = Static<typeof GroupSummary>;

/** One group in a `report` line of replay. */
export const GroupReport = Type.Object({ ...groupFields, partitions: Type.Array(PartitionReport) });
export type GroupReport = Static<typeof GroupReport>;

const MemberAnswer = Type.Object({
  memberId: Type.String(),
  groupInstanceId: StringOrNull,
  clientId: Type.String(),
  clientHost: Type.String(),
  partitions: Count,
  assignment: orNull(
    Type.Array(Type.Object({ topic: Type.String(), partitions: Type.Array(Count) }), {
      description: 'null where Kafka does not tell: not a consumer protocol, or not Stable',
    }),
  ),
});
export type MemberAnswer = Static<typeof MemberAnswer>;

/** One group with all that is known of it. */
export const GroupAnswer = Type.Object({
  ...groupFields,
  partitions: Type.Integer(),
  series: Type.Array(PartitionReport),
  memberList: orNull(Type.Array(MemberAnswer)),
  findings: Type.Array(Finding),
});
export type GroupAnswer = Static<typeof GroupAnswer>;

export const TopicReport = Type.Object({
  cluster: Type.String(),
  topic: Type.String(),
  topicId: StringOrNull,
  partitions: Count,
  replicationFactor: NumberOrNull,
  offline: Count,
  underReplicated: Count,
  underMinIsr: Count,
  atMinIsr: Count,
  produceRate: orNull(Type.Number({ description: 'Offsets/s, sum over the partitions where it is known' })),
  sizeBytes: NumberOrNull,
  retentionMs: orNull(Type.Number({ description: 'null: unlimited, or unread' })),
  retentionBytes: orNull(Type.Number({ description: 'A partition; null: unlimited, or unread' })),
  cleanupPolicy: orNull(Type.Array(Type.String())),
  minInSyncReplicas: NumberOrNull,
  groups: Type.Integer({ description: 'How many groups have committed to it or are assigned it' }),
  unknown: Unknown,
});
export type TopicReport = Static<typeof TopicReport>;

const replicaFields = {
  partition: Count,
  leader: orNull(Type.Integer({ description: 'null: offline, or unread' })),
  replicas: Type.Array(Type.Integer()),
  inSyncReplicas: Type.Array(Type.Integer()),
};

/** Who reads a topic, and how far behind. */
const TopicReader = Type.Object({
  groupId: Type.String(),
  outlook: OutlookWord,
  lag: NumberOrNull,
  maxTimeLagSeconds: NumberOrNull,
  lagTrend: TrendWord,
  timeToDrainSeconds: seconds('Of the slowest partition; null: some partition does not drain'),
  timeToLossEarliestSeconds: seconds('Of the partition that loses first'),
  timeToLossLatestSeconds: seconds('Of the partition that loses first'),
  lossBy: LossByWord,
  retentionUsedRatio: NumberOrNull,
  partitions: Type.Integer({ description: "How many of the topic's partitions it has committed to or is assigned" }),
  worst: orNull(Type.Integer({ description: 'The partition to look at first' })),
  age: AgeWord,
  readAtMs: orNull(Type.Number({ description: "When the group's commits were read last" })),
  unknown: Unknown,
});
export type TopicReader = Static<typeof TopicReader>;

const TopicPartition = Type.Object({
  ...replicaFields,
  logStartOffset: NumberOrNull,
  highWatermark: NumberOrNull,
  lastStableOffset: NumberOrNull,
  produceRate: NumberOrNull,
  sizeBytes: NumberOrNull,
  offline: Type.Boolean(),
  age: AgeWord,
});

/** One topic with its partitions and readers. `partitionList`: `partitions` stays the count. */
export const TopicAnswer = Type.Object({
  ...TopicReport.properties,
  partitionList: Type.Array(TopicPartition),
  readers: Type.Array(TopicReader, { description: 'Groups, those in most danger first' }),
});
export type TopicAnswer = Static<typeof TopicAnswer>;

export const BrokerReport = Type.Object({
  cluster: Type.String(),
  brokerId: Type.Integer(),
  host: Type.String(),
  port: Type.Integer(),
  rack: StringOrNull,
  up: Type.Boolean({ description: 'false: replica lists name it, and it is not among the living' }),
  leaders: Count,
  replicas: Count,
  sizeBytes: orNull(Type.Number({ description: 'Of its replicas, reckoned by the sizes of their leaders' })),
  logDirs: Type.Array(
    Type.Object({
      path: Type.String(),
      totalBytes: NumberOrNull,
      usableBytes: NumberOrNull,
      error: StringOrNull,
      age: AgeWord,
      timeToFullSeconds: seconds('null: it does not fill as far as can be told, or was not watched for long enough'),
    }),
  ),
});
export type BrokerReport = Static<typeof BrokerReport>;

/** A partition as the view of replicas shows it. */
export const PartitionAnswer = Type.Object({
  cluster: Type.String(),
  topic: Type.String(),
  ...replicaFields,
  addingReplicas: orNull(
    Type.Integer({ description: 'How many a reassignment is adding; they count in replicas too' }),
  ),
  minInSyncReplicas: NumberOrNull,
});
export type PartitionAnswer = Static<typeof PartitionAnswer>;

export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({
      description: 'Of the error catalogue (docs/errors.md)',
    }),
    message: Type.String({ description: 'What is wrong, and where' }),
    advice: Type.String({ description: 'What to do' }),
  }),
});
export type ErrorAnswer = Static<typeof ErrorAnswer>;

/** Something that changed: shown on the page's strip of events. */
export const EventAnswer = Type.Object({
  cluster: Type.String(),
  atMs: Type.Number(),
  kind: Type.String({ description: 'member, rebalance, leader, config, topic, group, broker or tidemark' }),
  what: Type.String(),
  subject: FindingSubject,
  summary: Type.String(),
});
export type EventAnswer = Static<typeof EventAnswer>;

/** A finding that was raised, changed or cleared, as a line of `tidemark replay` has it. */
export const TransitionAnswer = Type.Unsafe<Transition>({
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['raised', 'changed', 'cleared'] },
    atMs: { type: 'number' },
    cluster: { type: 'string' },
    code: { type: 'string' },
    severity: { type: 'string', enum: [...severities] },
    id: { type: 'string' },
    sinceMs: { type: 'number' },
  },
  required: ['type', 'atMs', 'cluster', 'code', 'severity', 'id', 'sinceMs'],
  additionalProperties: true,
});

/** One field over time; topic and partition where the query was about one or more of them. */
export const HistorySeries = Type.Object({
  field: Type.String(),
  topic: Type.Optional(Type.String()),
  partition: Type.Optional(Type.Integer()),
  points: Points,
});
export type HistorySeries = Static<typeof HistorySeries>;
