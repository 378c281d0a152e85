import type { BrokerRow, LogDirRow } from '../../src/evaluators/rows/broker-rows.ts';
import type {
  ClusterRow,
  GroupReading,
  GroupRow,
  GroupTopicRow,
  LeftBehind,
  PartitionRow,
  SeriesRow,
} from '../../src/evaluators/rows/row-types.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { CollectorStatus } from '../../src/model/report.ts';
import type { GroupMember } from '../../src/model/snapshot.ts';

/** Rows as rules read them, of a healthy cluster; a test names only what it is about. */

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

export function policy(over: Partial<Policy> = {}): Policy {
  return {
    match: {},
    isolationLevel: 'read_uncommitted',
    sloSeverity: 'warning',
    lossPageSeconds: 14_400,
    mute: [],
    labels: {},
    ...over,
  };
}

export const member: GroupMember = {
  memberId: 'm1',
  groupInstanceId: null,
  clientId: 'app',
  clientHost: '/10.0.0.1',
  generationId: 7,
  subscribedTopics: ['orders'],
  assignment: [{ topic: 'orders', partitions: [0, 1] }],
};

export function reading(over: Partial<GroupReading> = {}): GroupReading {
  return {
    series: 2,
    watchedMs: 24 * hour,
    unreadRecords: 40,
    unreadPartitions: 1,
    mostUnreadRecords: 40,
    waitingSeconds: null,
    oldestUnreadSeconds: 2,
    learnedIntervalMs: 5 * second,
    pollsWithoutMovement: 0,
    movementRun: 500,
    movementRunMs: 2 * hour,
    movementRunIntervalMs: 5 * second,
    byMember: new Map([[0, { series: 2, standingMs: 0 }]]),
    staleCollector: null,
    worst: { topic: 'orders', partition: 0, lag: 40, timeLagSeconds: 2 },
    ...over,
  };
}

export function groupRow(over: Partial<GroupRow> = {}): GroupRow {
  return {
    groupId: 'billing',
    type: 'classic',
    policy: policy(),
    staleCollector: null,
    state: 'Stable',
    assignor: 'range',
    members: 1,
    idleMembers: 0,
    memberList: [member],
    stateMs: 24 * hour,
    commitsExpireInMs: null,
    offsetsRetentionMs: 7 * 24 * hour,
    rebalancingMs: null,
    unassigned: [],
    memberChanges: { left: 0, rejoinedFromSameHost: 0, joinedFromNewHosts: 0 },
    standingMs: 0,
    usualStopMs: null,
    countedWhole: true,
    rebalanceWindowMs: hour,
    rebalanceSource: 'generation',
    rebalances: 0,
    explainedRebalances: 0,
    rebalancingSeconds: 0,
    explainedRebalancingSeconds: 0,
    reading: reading(),
    transactionWaits: [],
    sinceHeldMs: [],
    sinceLedMs: [],
    series: [],
    delays: [],
    lag: 40,
    lagBefore: null,
    recentEvents: [],
    abandoned: leftBehind(),
    ...over,
  };
}

/** Nothing is left behind. */
export function leftBehind(over: Partial<LeftBehind> = {}): LeftBehind {
  return {
    partitions: 0,
    allPartitions: 2,
    unknownPartitions: 0,
    unreadRecords: 0,
    unreadPartitions: 0,
    oldestUnreadSeconds: null,
    timeToLossEarliestSeconds: null,
    timeToLossLatestSeconds: null,
    lastProgressMs: null,
    staleCollector: null,
    worst: null,
    ...over,
  };
}

export function groupTopicRow(over: Partial<GroupTopicRow> = {}): GroupTopicRow {
  return {
    groupId: 'billing',
    topic: 'orders',
    topicId: 'id-of-orders',
    policy: policy(),
    group: groupRow(),
    dropped: leftBehind(),
    ...over,
  };
}

export function seriesRow(over: Partial<SeriesRow> = {}): SeriesRow {
  return {
    groupId: 'billing',
    topic: 'orders',
    topicId: 'id-of-orders',
    partition: 0,
    policy: policy(),
    staleCollector: null,
    ownership: 'owned',
    whyOwnership: null,
    outlook: 'keeps-up',
    timeLagMethod: 'interpolated',
    lossBy: null,
    committedOffset: 1000,
    endOffset: 1040,
    logStartOffset: 0,
    highWatermark: 1040,
    lastStableOffset: 1040,
    endIsYounger: true,
    uncommittedMs: null,
    endWhenAssigned: null,
    lag: 40,
    unreadRecords: 40,
    timeLagSeconds: 2,
    waitingSeconds: null,
    usualTimeLagSeconds: 2,
    commitDelaySeconds: 1,
    commitDelayGrowth: 0,
    lagTrend: 'steady',
    timeToDrainSeconds: null,
    timeToLossEarliestSeconds: null,
    timeToLossLatestSeconds: null,
    retentionUsedRatio: 0.001,
    produceRate: 20,
    consumeRate: 20,
    retentionMs: 7 * 24 * hour,
    retentionBytes: null,
    timeToFillSeconds: null,
    compacted: false,
    lostNow: 0,
    skippedNow: 0,
    skippedBy: null,
    jumpedFrom: null,
    rewoundNow: 0,
    bestRate: 40,
    longestIntervalMs: 10 * second,
    standingMs: 0,
    watchedMs: 24 * hour,
    everMoved: true,
    everActive: true,
    pollsWithoutMovement: 0,
    learnedIntervalMs: 5 * second,
    member,
    memberIndex: 0,
    transactionWaitMs: null,
    sinceHeldMs: null,
    sinceLedMs: null,
    siblings: () => ({ partitions: 2, produceRate: 20, lag: 40 }),
    group: groupRow(),
    ...over,
  };
}

export function partitionRow(over: Partial<PartitionRow> = {}): PartitionRow {
  return {
    topic: 'orders',
    topicId: 'id-of-orders',
    partition: 0,
    policy: policy(),
    staleCollector: null,
    offline: false,
    leader: 1,
    replicas: [1, 2, 3],
    inSyncReplicas: [1, 2, 3],
    addingReplicas: 0,
    minInSyncReplicas: 2,
    leaderEpoch: 3,
    highWatermark: 1000,
    truncation: null,
    uncleanLeaderElection: false,
    ...over,
  };
}

export function brokerRow(over: Partial<BrokerRow> = {}): BrokerRow {
  return {
    ...{ brokerId: 2, host: 'b2', port: 9092, rack: null, up: true },
    ...{ leaders: 400, replicas: 1200, sizeBytes: 1e12, logDirs: [], staleCollector: null, livingBrokers: 3 },
    usual: { leaders: 400, replicas: 1200, sizeBytes: 1e12 },
    isReassigning: false,
    lacked: { partitions: 0, underMinIsr: 0, offline: 0, examples: [] },
    ...over,
  };
}

export function logDirRow(over: Partial<LogDirRow> = {}): LogDirRow {
  return {
    ...{ brokerId: 2, path: '/d0', totalBytes: 1e12, usableBytes: 4e11, error: null, age: 'current' },
    fill: { bytesPerSecond: 0, fullInSeconds: null, overSeconds: 86_400 },
    staleCollector: null,
    ...over,
  };
}

export function clusterRow(over: Partial<ClusterRow> = {}): ClusterRow {
  return {
    ...{ cluster: 'c1', reachable: true, metadata: null, collectors: [], address: 'b1:9092' },
    quorum: {
      ...{ leaderId: 1, leaderEpoch: 7, leaderChanges: 0, leaderChangesLastHour: 0, age: 'current' },
      voters: [
        { brokerId: 1, lag: 0, fallingSeconds: 0, silentSeconds: 0 },
        { brokerId: 2, lag: 1, fallingSeconds: 0, silentSeconds: 0.5 },
        { brokerId: 3, lag: 2, fallingSeconds: 0, silentSeconds: 0.5 },
      ],
    },
    permissions: {
      ...{ principal: 'User:tidemark', cluster: ['describe', 'describeConfigs'], age: 'current' },
      topics: [{ operations: ['describe', 'describeConfigs'], names: ['orders'] }],
    },
    ...over,
  };
}

export function collectorStatus(over: Partial<CollectorStatus> = {}): CollectorStatus {
  return {
    collector: 'end-offsets',
    startedAtMs: 0,
    durationMs: 20,
    outcome: 'ok',
    everyMs: 15 * second,
    lastSuccessMs: 0,
    failingPolls: 0,
    failures: [],
    ...over,
  };
}
