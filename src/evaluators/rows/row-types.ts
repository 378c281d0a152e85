/**
 * The tables of a report, one row at a time, as rules read them: words for codes, and null for every number that is not known,
 * so that the compiler asks each rule what it does without it. Made only for rows that are suspect or have an open finding.
 */

import type { ClusterEvent } from '../../model/finding.ts';
import type { Policy } from '../../model/policy.ts';
import type {
  CollectorStatus,
  LagTrend,
  LossBy,
  Outlook,
  Ownership,
  PermissionState,
  QuorumState,
  RebalanceSource,
  SkipEvidence,
  TimeLagMethod,
  UnknownReason,
} from '../../model/report.ts';
import type { Facet, GroupMember, GroupType, TopicPartitions } from '../../model/snapshot.ts';
import type { BrokerRow, LogDirRow } from './broker-rows.ts';
import type { MemberChanges } from './member-changes.ts';
import type { TopicRow } from './topic-row.ts';
import type { TransactionWait } from './transaction-wait.ts';

/** Where a series or partition stands, for evidence. */
export interface Place {
  topic: string;
  partition: number;
}

/** One group on one partition. */
export interface SeriesRow extends Place {
  groupId: string;
  topicId: string | null;
  policy: Policy;
  /** The collector whose data are too old to judge by; null: all are current. */
  staleCollector: Facet | null;
  ownership: Ownership;
  whyOwnership: UnknownReason;
  outlook: Outlook;
  timeLagMethod: TimeLagMethod;
  lossBy: LossBy;
  committedOffset: number | null;
  endOffset: number | null;
  logStartOffset: number | null;
  highWatermark: number | null;
  lastStableOffset: number | null;
  /** Whether the end offset was read after the committed offset, so that the two can be compared. */
  endIsYounger: boolean;
  lag: number | null;
  /** lag less markers that are known as such */
  unreadRecords: number | null;
  timeLagSeconds: number | null;
  /** How long so many records have been unread that they cannot all be markers; null: fewer are. */
  waitingSeconds: number | null;
  usualTimeLagSeconds: number | null;
  /** The time lag just after the last commit; null: none was seen, or its record is older than all that is known. */
  commitDelaySeconds: number | null;
  /** How fast that grows over the window, s a second; 0: it does not. */
  commitDelayGrowth: number | null;
  lagTrend: LagTrend;
  /** null: it does not drain */
  timeToDrainSeconds: number | null;
  timeToLossEarliestSeconds: number | null;
  timeToLossLatestSeconds: number | null;
  retentionUsedRatio: number | null;
  produceRate: number | null;
  consumeRate: number | null;
  /** Settings of the topic; null: unlimited or unread. */
  retentionMs: number | null;
  retentionBytes: number | null;
  /** How long the partition takes to fill retention.bytes at its present rate. */
  timeToFillSeconds: number | null;
  compacted: boolean;
  lostNow: number;
  /** Records jumped over that this very poll shows, by what they are known, and where the commit stood before. */
  skippedNow: number;
  skippedBy: SkipEvidence;
  jumpedFrom: number | null;
  /** Records to be read again, as this very poll shows. */
  rewoundNow: number;
  /** The best rate that was ever seen, records/s; null: none was. */
  bestRate: number | null;
  /** The longest gap between two movements in the window; null: fewer than two. */
  longestIntervalMs: number | null;
  /** How long its committed offset has stood, as far as it was watched. */
  standingMs: number;
  watchedMs: number;
  everMoved: boolean;
  /** A member had it, or it moved, since tidemark first saw it. */
  everActive: boolean;
  pollsWithoutMovement: number;
  /** Median gap between movements; null: not learned yet. */
  learnedIntervalMs: number | null;
  /** While it is assigned and has no commit: how long records have waited that came since, and the end offset before them. */
  uncommittedMs: number | null;
  endWhenAssigned: number | null;
  /** The member that owns it, and its index in the group; -1: nobody. */
  member: GroupMember | null;
  memberIndex: number;
  /** How long it has stood where an open transaction begins; null: it does not. */
  transactionWaitMs: number | null;
  /** How long it could have read on from where a transaction has held it: 0 while it is open; null: none has. */
  sinceHeldMs: number | null;
  /** How long its partition has been led again; null: it was never seen without a leader. */
  sinceLedMs: number | null;
  group: GroupRow;
  /** What is usual on the partitions of the topic. Called, not read: an object with an accessor is a hash table, of 3 kB here. */
  siblings(): Siblings;
}

/** Medians over a topic, the lower one of two; null: nothing is known. */
export interface Siblings {
  partitions: number;
  produceRate: number | null;
  /** Of the group. */
  lag: number | null;
}

export interface GroupRow {
  groupId: string;
  type: GroupType;
  policy: Policy;
  staleCollector: Facet | null;
  state: string | null;
  assignor: string | null;
  /** null: membership was not read */
  members: number | null;
  idleMembers: number | null;
  memberList: readonly GroupMember[];
  /** How long Kafka has reported this state, as far as it was watched. */
  stateMs: number | null;
  /** How long until the broker may forget its commits; null: it has members, or nobody saw when they left. */
  commitsExpireInMs: number | null;
  /** How long brokers keep the commits of a group without members; null: unread. */
  offsetsRetentionMs: number | null;
  /** How long it has not settled, as far as it was watched; null: it is settled, or has no members. */
  rebalancingMs: number | null;
  /** Partitions that members subscribe to and none has; null: not known. */
  unassigned: readonly TopicPartitions[] | null;
  /** How members came and went over `rebalanceWindowMs`. */
  memberChanges: MemberChanges;
  /** How long none of its series has moved; null: no movement was ever seen. */
  standingMs: number | null;
  usualStopMs: number | null;
  rebalanceSource: RebalanceSource;
  /** Whether the trailing hour has been watched in full since tidemark's start. */
  countedWhole: boolean;
  /** The trailing time over which rebalances are counted: an hour, unless it is configured otherwise. */
  rebalanceWindowMs: number;
  /** In that time, and what of it a deployment explains. */
  rebalances: number;
  explainedRebalances: number;
  rebalancingSeconds: number;
  explainedRebalancingSeconds: number;
  /** Sums over its series; computed at the first look. */
  readonly reading: GroupReading;
  /** Its series that stand where a transaction is open, longest first; made at the first look. */
  readonly transactionWaits: readonly TransactionWait[];
  /** Of its series with unread records that a transaction has held: how long each could have read on. */
  readonly sinceHeldMs: readonly number[];
  /** Of its series with unread records that were seen without a leader: how long each has been led again. */
  readonly sinceLedMs: readonly number[];
  /** Its series one by one; made at the first look. */
  readonly series: readonly SeriesRow[];
  /** How late each of them is: the cheaper look. */
  readonly delays: readonly DelayRow[];
  lag: number | null;
  /** Against which its lag may have jumped; null: not watched long enough. */
  lagBefore: LagBefore | null;
  /** What changed of late in the group, on its topics, or in the whole cluster, oldest first. */
  readonly recentEvents: readonly ClusterEvent[];
  /** The same over those that are abandoned. */
  readonly abandoned: LeftBehind;
}

/** A group on one of its topics. */
export interface GroupTopicRow {
  groupId: string;
  topic: string;
  topicId: string | null;
  policy: Policy;
  group: GroupRow;
  /** Over its series that are dropped. */
  dropped: LeftBehind;
}

/** What stands before committed offsets that nobody moves any more. */
export interface LeftBehind {
  partitions: number;
  /** Of the group, or of the group on the topic, in all. */
  allPartitions: number;
  /** Partitions of which it is not known whether anybody reads them. */
  unknownPartitions: number;
  unreadRecords: number;
  unreadPartitions: number;
  oldestUnreadSeconds: number | null;
  /** Of the partition that loses first; null: no loss ahead, or not known. */
  timeToLossEarliestSeconds: number | null;
  timeToLossLatestSeconds: number | null;
  /** When a committed offset of it moved last, ms since the epoch; null: never while tidemark watched. */
  lastProgressMs: number | null;
  /** The collector whose data are too old, or missing, for at least one of the series; null: all are current. */
  staleCollector: Facet | null;
  /** The series with the oldest unread record. */
  worst: (Place & { lag: number; timeLagSeconds: number | null }) | null;
}

/** What of a series says how late it is, and how that goes. */
export type DelayRow = Pick<
  SeriesRow,
  | keyof Place
  | 'staleCollector'
  | 'ownership'
  | 'timeLagMethod'
  | 'lagTrend'
  | 'lag'
  | 'timeLagSeconds'
  | 'usualTimeLagSeconds'
  | 'commitDelaySeconds'
  | 'commitDelayGrowth'
  | 'timeToDrainSeconds'
  | 'produceRate'
  | 'consumeRate'
  | 'learnedIntervalMs'
>;

/** A group some polls ago. */
export interface LagBefore {
  lag: number;
  /** The highest of late, as of then. */
  usualLag: number;
  atMs: number;
  /** This poll. */
  nowMs: number;
  /** Since then; null: its series are not the same. */
  producedRecords: number | null;
  /** As many at the rate over the window; null: not known. */
  usuallyProducedRecords: number | null;
}

/** What a group has before it, over its series that count: those that somebody reads, and those whose reader is gone. */
export interface GroupReading {
  series: number;
  /** How long the first of them has been watched. */
  watchedMs: number;
  unreadRecords: number;
  unreadPartitions: number;
  /** Of one partition: a few on each of many may all be transaction markers. */
  mostUnreadRecords: number;
  /** The longest that so many of one partition have waited; null: of none that is known. */
  waitingSeconds: number | null;
  /** How long the oldest unread record has waited; null: not known of any. */
  oldestUnreadSeconds: number | null;
  /** The longest usual commit interval of those with unread records; null: none is learned. */
  learnedIntervalMs: number | null;
  /** The fewest polls without movement of any that has a commit. */
  pollsWithoutMovement: number;
  /** The longest run of regular movements of one series: how many, over what time, and its usual commit interval. */
  movementRun: number;
  movementRunMs: number;
  movementRunIntervalMs: number;
  /** By index of the owner: its series, and how long the one that moved last has stood. */
  byMember: ReadonlyMap<number, { series: number; standingMs: number }>;
  /** The collector whose data are too old, or missing, for at least one of the series, which then does not count; null: all count. */
  staleCollector: Facet | null;
  /** The series with the oldest unread record. */
  worst: (Place & { lag: number; timeLagSeconds: number | null }) | null;
}

export interface PartitionRow extends Place {
  topicId: string | null;
  policy: Policy;
  staleCollector: Facet | null;
  offline: boolean;
  leader: number | null;
  replicas: readonly number[];
  inSyncReplicas: readonly number[];
  addingReplicas: number;
  /** min.insync.replicas of the topic; null: unread */
  minInSyncReplicas: number | null;
  leaderEpoch: number | null;
  highWatermark: number | null;
  /** What this very poll shows to have been cut off the end of the log; null: nothing. */
  truncation: { endOffsetBefore: number; leaderEpochBefore: number | null } | null;
  /** unclean.leader.election.enable of the topic; null: unread */
  uncleanLeaderElection: boolean | null;
}

export interface ClusterRow {
  cluster: string;
  reachable: boolean;
  /** How Metadata fares; null before it was ever asked. */
  metadata: CollectorStatus | null;
  collectors: readonly CollectorStatus[];
  /** null: not read, by this process */
  quorum: QuorumState | null;
  permissions: PermissionState | null;
  /** host:port of a living broker; null: none is known. */
  address: string | null;
}

export interface CollectorRow {
  status: CollectorStatus;
  reachable: boolean;
}

/** Committed offsets of a group that went although they should not have; several at once are one. */
export interface GoneOffsets {
  groupId: string;
  /**
   * `with-members`: while the group had members that subscribe to the topic; `not-empty`: with the whole group, which had members at
   * the last poll; `came-back`: the group was gone, or without members, and is in use again.
   */
  how: 'with-members' | 'not-empty' | 'came-back';
  /** The first poll that showed them gone, ms since the epoch. */
  goneSinceMs: number;
  commits: readonly GoneCommit[];
}

export interface GoneCommit extends Place {
  /** As it was. */
  committedOffset: number;
  /** As it is now; null: none has come since. */
  committedNow: number | null;
  endOffset: number | null;
}

export interface GoneOffsetsRow {
  policy: Policy;
  /** What this very poll shows; null: nothing. */
  gone: GoneOffsets | null;
}

/** The row that a rule of each subject is handed. */
export interface RowTypes {
  series: SeriesRow;
  group: GroupRow;
  'group-topic': GroupTopicRow;
  topic: TopicRow;
  partition: PartitionRow;
  broker: BrokerRow;
  'log-dir': LogDirRow;
  cluster: ClusterRow;
  collector: CollectorRow;
  'gone-offsets': GoneOffsetsRow;
}
