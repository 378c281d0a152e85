import type { Policy } from '../model/policy.ts';
import type { TopicChange } from '../model/report.ts';
import type {
  Broker,
  BrokerConfig,
  GroupMember,
  GroupType,
  Permissions,
  TopicConfig,
  TopicPartitions,
} from '../model/snapshot.ts';
import { Columns } from './columns.ts';
import { LogDirs } from './log-dir-history.ts';
import { Points } from './points.ts';
import type { QuorumHistory } from './quorum-history.ts';
import { nextCapacity, Rows } from './rows.ts';

/** Points of the window that the produce rate is taken over. */
const endPoints = 48;
/** Points of the long curve from offset to time: minutes near, days far. Where nothing is produced, two. */
const curvePoints = 48;
/** Answers of offsets-for-times that a partition keeps. */
const seedPoints = 24;
/** Movements of a committed offset that a series keeps. */
const movementPoints = 24;
const logStartPoints = 8;

/** Times are engine milliseconds (see TimeBase), offsets record offsets. */
const partitionNumbers = [
  'logStartOffset',
  'logStartReadAt',
  'longestLogStartStep',
  'highWatermark',
  'lastStableOffset',
  'endReadAt',
  /** leader epoch at the last end offset that was believed */
  'endLeaderEpoch',
  /** where this very cycle shows a truncation: the end offset and the leader epoch before it */
  'truncatedFrom',
  'truncatedEpoch',
  /** the last end offset that fell, and when the last truncation was seen */
  'fallenTo',
  'truncatedAt',
  'produceRate',
  'produceRateUncertainty',
  'sizeBytes',
  'bytesPerRecord',
  /** size and high watermark at the last deletion: growth is measured from there */
  'sizeBase',
  'endAtSizeBase',
  'logStartAtSizeBase',
  'leader',
  'leaderEpoch',
  'replicas',
  'inSyncReplicas',
  'addingReplicas',
  'halfRetentionProbedAt',
  /** the last stable offset that stands below the high watermark, since when, and the high watermark at that moment */
  'openTransactionOffset',
  'openTransactionSince',
  'endAtOpenTransaction',
  /** where the last stable offset stood before that, and when it was seen to have moved on */
  'freedOffset',
  'freedAt',
  /** when it was first seen with a leader again after it had none */
  'ledSince',
] as const;

const seriesNumbers = [
  'committedOffset',
  'committedReadAt',
  /** what the poll before showed */
  'previousCommitted',
  'previousReadAt',
  'watchedSince',
  'lastMovedAt',
  'commitInterval',
  'longestCommitInterval',
  /** time without movement while it was observed, ms */
  'standMs',
  'movementRun',
  'movementRunSince',
  'pollsWithoutMovement',
  'bestRate',
  'lostUpTo',
  'lastLostAt',
  'standLag',
  /** up to this offset what it stands before is known as a residue: markers or a compacted tail */
  'residueUpTo',
  'usualTimeLag',
  /** as of the last movement: age of the record at the committed offset, s, and how fast it grows, s a second */
  'commitDelay',
  'commitDelayGrowth',
  /** as of the cycle before: what retention cannot have deleted was purged */
  'retentionUsedRatio',
  'ownerlessSince',
  /** while it is assigned and has no commit: the end offset at first, and the read that first showed records to have come since */
  'endWhenAssigned',
  'uncommittedSince',
] as const;

const groupNumbers = [
  'rebalances',
  'rebalancingSeconds',
  'members',
  /** as the read of the membership before this one told */
  'membersBefore',
  'idleMembers',
  'stateSince',
  /** since when it has had no members; NaN where that moment was not seen */
  'emptySince',
  /** the last read that showed it with members, where none showed it without them since */
  'inUseAt',
  'rebalancingSince',
  'membershipReadAt',
  'commitsReadAt',
] as const;

const counterNumbers = ['committedRecords', 'lostRecords', 'skippedRecords', 'rewoundRecords'] as const;

/** What this cycle's read of the commits held of a series. `again`: a read that is no newer than the last. */
export const observations = { none: 0, anew: 1, again: 2 } as const;

/** Whether a commit had been gone until now, and whether a member held the partition all the while. */
export const returns = { no: 0, nobodyLeft: 1, stillOwned: 2 } as const;

/** A commit that went ahead faster than the group was ever seen to read, until what follows shows whether it only catches up. */
export interface Leap {
  from: number;
  to: number;
  /** Offsets that were there to be read on the way, and what of them nobody can have read at the best rate that was seen. */
  moved: number;
  beyond: number;
  atMs: number;
  perMs: number;
  /** Polls without movement since. */
  polls: number;
}

/** Whether the lag of a series is nothing but a residue: no, yes, or not decided yet. */
export const residues = { none: 0, all: 1, perhaps: 2 } as const;

/** A dense table that grows: rows, columns, and whatever else stands by row. */
class Table {
  readonly rows = new Rows();
  readonly #grow: (capacity: number) => void;

  constructor(grow: (capacity: number) => void) {
    this.#grow = grow;
  }

  reserve(capacity: number): void {
    if (capacity <= this.rows.capacity) return;
    this.rows.reserve(capacity);
    this.#grow(capacity);
  }

  take(): number {
    const row = this.rows.take();
    if (row !== -1) return row;
    this.reserve(nextCapacity(this.rows.capacity));
    return this.rows.take();
  }
}

export interface TopicEntry {
  topic: string;
  topicId: string | null;
  config: TopicConfig | null;
  /** By partition number; -1 where there is none. */
  rowByPartition: number[];
  /** Rows in order of partition number; a new array with every change. */
  partitionRows: Int32Array;
  /** Records produced since the topic was first seen. */
  producedRecords: number;
  /** Engine time at which an end offset was last seen to have moved. */
  producedAt: number;
  /** As this process has read it: what changed is told against that, never against what the store kept. */
  read: { partitions: number | null; config: TopicConfig | null };
  /** What the snapshot that is taken in shows to have changed. */
  change: TopicChange | null;
}

/** One group on one topic. */
export interface GroupTopicEntry {
  groupRow: number;
  topicRow: number;
  policy: Policy;
  /** Series rows by partition number; -1 where there is none. */
  rowByPartition: number[];
  /** Whether some member subscribes to the topic; null: not known. */
  subscribed: boolean | null;
}

export interface GroupEntry {
  groupId: string;
  type: GroupType;
  protocolType: string | null;
  assignor: string | null;
  state: string | null;
  coordinatorId: number | null;
  epoch: number | null;
  memberList: readonly GroupMember[] | null;
  /** Subscribed partitions that no member has, as of the last read; null: not known. */
  unassigned: readonly TopicPartitions[] | null;
  policy: Policy;
  /** groupTopics rows by topic row. */
  topics: Map<number, number>;
  /** By topic and partition; a new array with every change. */
  seriesRows: Int32Array;
  seriesChanged: boolean;
}

/** All that the engine remembers of one cluster, in dense rows. */
export class ClusterHistory {
  clusterId: string | null = null;
  clusterReadAt = Number.NaN;
  membershipEverRead = false;
  /** The living brokers; null: they were never read. */
  brokers: readonly Broker[] | null = null;
  readonly logDirs = new LogDirs();
  quorum: QuorumHistory | null = null;
  permissions: { value: Permissions; readAt: number } | null = null;
  brokerConfig: BrokerConfig = {};

  readonly topics: TopicEntry[] = [];
  readonly topicTable = new Table(() => {});
  /** Rows of the topics that live, by name. */
  readonly topicRows = new Map<string, number>();

  /** `endFell`: 1 where the last read's high watermark was below the one before; `openedUnseen` as in the report. */
  readonly partitions = new Columns(
    partitionNumbers,
    ['offline', 'endFell', 'openedUnseen'],
    ['topicRow', 'partition'],
  );
  readonly replicaIds: (readonly number[])[] = [];
  readonly inSyncReplicaIds: (readonly number[])[] = [];
  readonly ends = new Points(endPoints);
  readonly curves = new Points(curvePoints, { firstRoom: curvePoints / 4 });
  readonly seeds = new Points(seedPoints);
  readonly logStarts = new Points(logStartPoints);
  readonly partitionTable = new Table((capacity) => {
    this.partitions.reserve(capacity);
    for (const points of [this.ends, this.curves, this.seeds, this.logStarts]) points.reserve(capacity);
  });

  readonly groups: GroupEntry[] = [];
  readonly groupColumns = new Columns(groupNumbers, ['rebalanceSource', 'hadMembers']);
  readonly groupTable = new Table((capacity) => this.groupColumns.reserve(capacity));
  readonly groupRows = new Map<string, number>();

  readonly groupTopics: GroupTopicEntry[] = [];
  readonly counters = new Columns(counterNumbers);
  readonly groupTopicTable = new Table((capacity) => this.counters.reserve(capacity));

  readonly series = new Columns(
    seriesNumbers,
    [
      /** observations */
      'observedNow',
      /** 1: the poll of this cycle showed it moved */
      'movedNow',
      'ownership',
      'whyOwnership',
      /** ownership that the last poll showed and the next must confirm */
      'nextOwnership',
      'everActive',
      /** returns: its commit had been gone, and this poll compares it with what is remembered */
      'returned',
      /** movements in a row that were seen while its group had no members */
      'movedAlone',
      'idleStands',
      /** 1: it stands idle, and this stand is counted */
      'standing',
      'usualSamples',
      /** 1: a member had it when the group was last settled */
      'assigned',
      /** residues */
      'residue',
    ],
    ['groupRow', 'groupTopicRow', 'partitionRow', 'memberIndex'],
  );
  readonly movements = new Points(movementPoints, { withExtras: true });
  /** Leaps that are not judged yet, by series row: few. */
  readonly leaps = new Map<number, Leap>();
  /** Engine time of the last two reads of committed offsets. */
  commitsReadAt = Number.NaN;
  commitsReadBefore = Number.NaN;
  readonly seriesTable = new Table((capacity) => {
    this.series.reserve(capacity);
    this.movements.reserve(capacity);
  });

  /** Sets the counters of all topics, groups, and groups' topics to 0. */
  clearCounters(): void {
    for (const counter of Object.values(this.counters.numbers)) counter.fill(0);
    for (const topic of this.topics) topic.producedRecords = 0;
    this.groupColumns.numbers.rebalances.fill(0);
    this.groupColumns.numbers.rebalancingSeconds.fill(0);
  }

  /** What was taken in so far was stored by another process: the first reads of this one are no changes. */
  forgetTopicReads(): void {
    for (const topic of this.topics) {
      topic.read = { partitions: null, config: null };
      topic.change = null;
    }
  }

  /** Forgets all samples; what things are and what was learned of them stays. */
  forgetWindows(): void {
    this.logDirs.forgetUsage();
    for (const points of [this.ends, this.curves, this.seeds, this.logStarts, this.movements]) points.clearAll();
    this.leaps.clear();
  }
}
