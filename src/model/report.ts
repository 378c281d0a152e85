/**
 * What the engine publishes after each cycle: tables with dense rows and columns of numbers. JSON is made from it only at the
 * edge, for the page or line that asks (report-json.ts).
 *
 * In every Float64Array column NaN means "no number": unknown where the row's reason column says why, else "does not apply".
 * Code columns are Uint8Arrays whose value indexes one of the word lists below; 0 is always "not known" or "none".
 * Rows of what is gone are free (`alive[row] === 0`) and are used again; arrays may be longer than `rows`.
 */
import type { Finding } from './finding.ts';
import type { Policy } from './policy.ts';
import type {
  Broker,
  CollectorRun,
  Failure,
  GroupMember,
  GroupType,
  Permissions,
  TopicConfig,
  TopicPartitions,
} from './snapshot.ts';

export const ownerships = [null, 'owned', 'manual', 'dropped', 'orphaned', 'abandoned', 'unassigned'] as const;
export type Ownership = (typeof ownerships)[number];
export const lagTrends = [null, 'rising', 'falling', 'steady', 'insufficient-data'] as const;
export type LagTrend = (typeof lagTrends)[number];
export const timeLagMethods = [null, 'interpolated', 'seeded', 'at-least', 'residue'] as const;
export type TimeLagMethod = (typeof timeLagMethods)[number];
export const lossCauses = [null, 'time', 'size', 'observed'] as const;
export type LossBy = (typeof lossCauses)[number];
/** In the order of urgency for a group's worst, least first. */
export const outlooks = [null, 'keeps-up', 'drains-before-loss', 'insufficient-data', 'loses-first', 'losing'] as const;
export type Outlook = (typeof outlooks)[number];
export const ages = [null, 'current', 'stale'] as const;
export type Age = (typeof ages)[number];
export const rebalanceSources = [null, 'epoch', 'generation', 'observed'] as const;
export type RebalanceSource = (typeof rebalanceSources)[number];

/** By what it shows that records were skipped; `suspected`: a reader may have read them after all. */
export const skipEvidences = [null, 'no-members', 'commit-absent', 'too-fast', 'suspected'] as const;
export type SkipEvidence = (typeof skipEvidences)[number];

/** Why a number is unknown. Index 0: it is known, or does not apply. */
export const unknownReasons = [
  null,
  'insufficient-data',
  'no-commit',
  'end-offset-unread',
  'log-start-unread',
  'membership-unread',
  'retention-unread',
  'size-unread',
  'stale',
  'one-movement',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** What one cycle showed to have changed in a topic; a field is there where it did. */
export interface TopicChange {
  /** How many partitions it had before. */
  partitionsBefore?: number;
  /** Its settings before, as this process had read them. */
  configBefore?: TopicConfig;
}

export interface TopicTable {
  rows: number;
  readonly alive: Uint8Array;
  readonly topic: readonly string[];
  readonly topicId: readonly (string | null)[];
  readonly config: readonly (TopicConfig | null)[];
  /** Partition rows of the topic, in order of partition number. */
  readonly partitionRows: readonly Int32Array[];
  /** Records produced since the topic was first seen, over all partitions: a counter, which survives a restart. */
  readonly producedRecords: readonly number[];
  /** monotonic ms at which an end offset was last seen to have moved; NaN: never */
  readonly producedAtMs: readonly number[];
  /** What this very poll shows to have changed; null mostly. */
  readonly change: readonly (TopicChange | null)[];
}

export const partitionColumns = [
  'logStartOffset',
  'highWatermark',
  'lastStableOffset',
  /** records/s of the high watermark over the window */
  'produceRate',
  /** relative half-width of the rate's uncertainty, 0..1 */
  'produceRateUncertainty',
  /** records/s: the median of the topic's partitions, the lower one of two */
  'siblingProduceRate',
  'sizeBytes',
  /** bytes an offset, from the growth of size between deletions */
  'bytesPerRecord',
  /** wall ms of the end offset's read */
  'endReadAtMs',
  'logStartReadAtMs',
  /** Broker ID; NaN where offline or unread. */
  'leader',
  'leaderEpoch',
  /** end offset and leader epoch before a truncation that this very poll shows; NaN mostly */
  'truncatedFrom',
  'truncatedEpoch',
  'replicas',
  'inSyncReplicas',
  'addingReplicas',
  /** monotonic ms since which the last stable offset has stood below the high watermark: a transaction is open; NaN: none is */
  'openTransactionSinceMs',
  /** the high watermark at that moment */
  'endAtOpenTransaction',
  /** where the last stable offset stood before that, and monotonic ms of the poll that showed it to have moved on */
  'freedOffset',
  'freedAtMs',
  /** monotonic ms since which it has a leader again; NaN: it was never seen without */
  'ledSinceMs',
] as const;
export type PartitionColumn = (typeof partitionColumns)[number];

export interface PartitionTable extends Readonly<Record<PartitionColumn, Float64Array>> {
  rows: number;
  readonly alive: Uint8Array;
  readonly topicRow: Int32Array;
  readonly partition: Int32Array;
  /** 1 where Metadata says that there is no leader */
  readonly offline: Uint8Array;
  /** 1 where a transaction is open that was so when the partition was first read: since then at the latest */
  readonly openedUnseen: Uint8Array;
  /** ages */
  readonly age: Uint8Array;
  readonly replicaIds: readonly (readonly number[])[];
  readonly inSyncReplicaIds: readonly (readonly number[])[];
}

export const seriesColumns = [
  'committedOffset',
  /** high watermark or last stable offset, by the policy's isolation level */
  'endOffset',
  'lag',
  /** lag less the residue that is known: what can be read */
  'unreadRecords',
  'lagSlopePerSecond',
  'consumeRate',
  /** relative half-width of the rate's uncertainty, 0..1 */
  'consumeRateUncertainty',
  'timeLagSeconds',
  /** how long so many records have been unread that they cannot all be markers; NaN: there are fewer, or it moves */
  'waitingSeconds',
  /** learned: what time lag is usual for this series (a robust high quantile while it kept up) */
  'usualTimeLagSeconds',
  /** age of the record at the committed offset when the commit was first seen: the time lag just after the last movement */
  'commitDelaySeconds',
  /** how fast that grows over the window, s a second; 0: it does not, or is too small to look */
  'commitDelayGrowth',
  'timeToDrainSeconds',
  'timeToLossEarliestSeconds',
  'timeToLossLatestSeconds',
  'retentionUsedRatio',
  /** learned: median gap between movements of the committed offset, ms; the default until learned */
  'commitIntervalMs',
  /** longest gap between movements in the window, ms */
  'maxCommitIntervalMs',
  /** movements in a row whose gaps were short (judgement.md, `stopped`) */
  'movementRun',
  /** monotonic ms of the first of them, time that nobody watched left out */
  'movementRunSinceMs',
  /** polls in a row without movement while observed */
  'pollsWithoutMovement',
  /** monotonic ms of the last movement of the committed offset; NaN: none seen */
  'lastMovedMs',
  /** wall ms of the same: exported as last progress */
  'lastProgressMs',
  /** monotonic ms since which the series has been watched */
  'watchedSinceMs',
  /** records lost to retention that this very poll shows (upper bound); 0 mostly */
  'lostNow',
  /** offsets jumped over, and gone back, that this very poll shows */
  'skippedNow',
  'rewoundNow',
  /** where the commit stood before what this very poll shows to be skipped */
  'jumpedFrom',
  /** the best rate that was ever seen between two movements, records/s */
  'bestRate',
  /** while it is assigned and has no commit: the end offset at first, and the monotonic ms at which records were seen to have come */
  'endWhenAssigned',
  'uncommittedSinceMs',
  /** wall ms of the committed offset's read */
  'committedReadAtMs',
] as const;
export type SeriesColumn = (typeof seriesColumns)[number];

export const seriesCodes = [
  /** 1: a member had it, or it moved, since tidemark first saw it */
  'everActive',
  'ownership',
  'lagTrend',
  'timeLagMethod',
  'lossBy',
  'outlook',
  'age',
  /** skipEvidences, of skippedNow */
  'skippedBy',
  /** unknownReasons, for the number of the same name */
  'whyLag',
  'whyConsumeRate',
  'whyTimeLag',
  'whyTimeToDrain',
  'whyTimeToLoss',
  'whyOwnership',
] as const;
export type SeriesCode = (typeof seriesCodes)[number];

export interface SeriesTable
  extends Readonly<Record<SeriesColumn, Float64Array>>,
    Readonly<Record<SeriesCode, Uint8Array>> {
  rows: number;
  readonly alive: Uint8Array;
  readonly groupRow: Int32Array;
  readonly partitionRow: Int32Array;
  /** Member that owns the partition, as an index into the group's members; -1: nobody. */
  readonly memberIndex: Int32Array;
}

export const groupColumns = [
  'rebalances',
  'rebalancesLastHour',
  /** seconds in a state that does not consume: a counter, and the same over the trailing hour */
  'rebalancingSeconds',
  'rebalancingSecondsLastHour',
  /** of those two, what a deployment explains (judgement.md, rebalance-storm) */
  'explainedRebalancesLastHour',
  'explainedRebalancingSecondsLastHour',
  'members',
  'idleMembers',
  /** monotonic ms since when Kafka has reported this state */
  'stateSinceMs',
  /** monotonic ms at which the broker may forget its commits; NaN: not while it has members, or nobody saw when they left */
  'commitsExpireAtMs',
  /** monotonic ms since when the group has not settled: of KIP-848, on one group epoch; NaN: it is settled, or has no members */
  'rebalancingSinceMs',
  /** over the trailing hour: members that left, that came back to the same host and client, that came from new hosts */
  'membersLeftLastHour',
  'membersRejoinedLastHour',
  'membersFromNewHostsLastHour',
  'membershipReadAtMs',
  'commitsReadAtMs',
  /** monotonic ms of the last movement of any of its series */
  'lastMovedMs',
  /** learned rhythm: the longest of its last three stops, where they were of like length, ms; NaN: none learned */
  'usualStopMs',
  'lag',
  'maxTimeLagSeconds',
  /** the worst of its partitions */
  'commitDelaySeconds',
  /** the highest lag of late, the lag, and monotonic ms, as of some polls ago (judgement.md, lag-cliff); NaN: not known yet */
  'usualLag',
  'lagBefore',
  'lagBeforeMs',
  /** records produced since then, and how many that would be at the rate over the window */
  'producedSinceBefore',
  'usuallyProduced',
  /** the strictest promise that a policy makes for any of its topics; NaN: none does */
  'sloLagSeconds',
  'timeToDrainSeconds',
  'timeToLossEarliestSeconds',
  'retentionUsedRatio',
] as const;
export type GroupColumn = (typeof groupColumns)[number];

export interface GroupTable extends Readonly<Record<GroupColumn, Float64Array>> {
  rows: number;
  readonly alive: Uint8Array;
  readonly groupId: readonly string[];
  readonly type: readonly GroupType[];
  readonly protocolType: readonly (string | null)[];
  readonly assignor: readonly (string | null)[];
  readonly state: readonly (string | null)[];
  readonly coordinatorId: readonly (number | null)[];
  readonly memberList: readonly (readonly GroupMember[] | null)[];
  /** Partitions that members subscribe to and none has, by topic; null: not known, for the group has not settled. */
  readonly unassigned: readonly (readonly TopicPartitions[] | null)[];
  readonly rebalanceSource: Uint8Array;
  readonly outlook: Uint8Array;
  readonly age: Uint8Array;
  /** Series rows of the group, by topic and partition. */
  readonly seriesRows: readonly Int32Array[];
  readonly policy: readonly Policy[];
}

/** One row a group and topic that it has committed to or is assigned. Sums leave out what is unknown and are NaN where all is. */
export const groupTopicColumns = [
  'lag',
  'maxLag',
  'maxTimeLagSeconds',
  /** the worst of its partitions */
  'commitDelaySeconds',
  'lagGrowthPerSecond',
  'timeToDrainSeconds',
  'timeToLossEarliestSeconds',
  'retentionUsedRatio',
  'uncommittedPartitions',
  'lastProgressMs',
  /** counters; they survive a restart */
  'committedRecords',
  'lostRecords',
  'skippedRecords',
  'rewoundRecords',
] as const;
export type GroupTopicColumn = (typeof groupTopicColumns)[number];

export interface GroupTopicTable extends Readonly<Record<GroupTopicColumn, Float64Array>> {
  rows: number;
  readonly alive: Uint8Array;
  readonly groupRow: Int32Array;
  readonly topicRow: Int32Array;
  readonly lagTrend: Uint8Array;
  readonly outlook: Uint8Array;
}

export interface LogDirRow {
  path: string;
  totalBytes: number | null;
  usableBytes: number | null;
  error: string | null;
  age: Age;
  /** How it fills; null: it was watched for too short a time. `fullInSeconds` null: it does not, as far as can be told. */
  fill: { bytesPerSecond: number; fullInSeconds: number | null; overSeconds: number } | null;
}

export interface BrokerRow extends Broker {
  /** false: an ID in some replica list that is not among the living */
  up: boolean;
  leaders: number;
  replicas: number;
  /** Of its replicas, reckoned by the sizes of their leaders; null: no size was read. */
  sizeBytes: number | null;
  logDirs: readonly LogDirRow[];
}

/** The metadata quorum of a KRaft cluster (KIP-595). */
export interface QuorumState {
  leaderId: number | null;
  leaderEpoch: number | null;
  /** Since it was first seen: a counter, which survives a restart. */
  leaderChanges: number;
  leaderChangesLastHour: number;
  age: Age;
  voters: readonly {
    /** The node's ID: a controller need not be a broker. */
    brokerId: number;
    /** Records of the metadata log that it lacks; null: the leader has not heard of it in its epoch. */
    lag: number | null;
    /** How long its lag has not shrunk. */
    fallingSeconds: number;
    /** How long it has not fetched, by the leader's clock; null: not told. */
    silentSeconds: number | null;
  }[];
}

/** What Kafka lets tidemark do, as it was read last. */
export interface PermissionState extends Permissions {
  age: Age;
}

/** How one collector stands, over the cycles. */
export interface CollectorStatus extends CollectorRun {
  lastSuccessMs: number | null;
  /** Runs in a row that did not read everything, for a reason that other findings do not tell. */
  failingPolls: number;
  /** In the last run. */
  failures: readonly Failure[];
}

export interface Report {
  cluster: string;
  clusterId: string | null;
  atMs: number;
  monotonicMs: number;
  /** false: Metadata could not be read in this cycle; the numbers are older (see ages). */
  reachable: boolean;
  completeness: 'full' | 'filtered';
  topics: TopicTable;
  partitions: PartitionTable;
  groups: GroupTable;
  series: SeriesTable;
  groupTopics: GroupTopicTable;
  brokers: readonly BrokerRow[];
  /** null: never read (not authorized, or the cluster runs on ZooKeeper). */
  quorum: QuorumState | null;
  permissions: PermissionState | null;
  /** Open findings, worst first. */
  findings: readonly Finding[];
  /** findings ever raised, by code: a counter */
  findingsRaised: ReadonlyMap<string, number>;
  collectors: readonly CollectorStatus[];
  counts: { groups: number; partitions: number; series: number };
}

/** What the judge works on: the tables of one cycle. */
export type Tables = Pick<
  Report,
  'topics' | 'partitions' | 'groups' | 'series' | 'groupTopics' | 'brokers' | 'quorum' | 'permissions'
>;
