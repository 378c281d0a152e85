import type { ClusterEvent } from '../../model/finding.ts';
import {
  ages,
  type CollectorStatus,
  lossCauses,
  outlooks,
  rebalanceSources,
  skipEvidences,
  type Tables,
  unknownReasons,
} from '../../model/report.ts';
import type { BrokerConfig, Facet, TopicConfig } from '../../model/snapshot.ts';
import type { PolicyMatcher } from '../policies.ts';
import { type BrokerRow, type LogDirRow, logDirRows, makeBrokerRow } from './broker-rows.ts';
import { eventsAround, lagBeforeOf } from './group-changes.ts';
import { readDelay, readDelays } from './group-delays.ts';
import { known, readGroup, standingMs } from './group-reading.ts';
import { ledAgain, sinceLedMs } from './leader-wait.ts';
import { leftBehind } from './left-behind.ts';
import type {
  ClusterRow,
  CollectorRow,
  DelayRow,
  GroupReading,
  GroupRow,
  GroupTopicRow,
  PartitionRow,
  SeriesRow,
} from './row-types.ts';
import { siblingsOf } from './siblings.ts';
import { type ClusterNames, clusterNames, makeTopicRow, type TopicRow } from './topic-row.ts';
import {
  heldSeries,
  sinceHeldMs,
  type TransactionWait,
  transactionWaitMs,
  transactionWaits,
} from './transaction-wait.ts';

const stale = ages.indexOf('stale');

export interface RowContext {
  cluster: string;
  atMs: number;
  monotonicMs: number;
  reachable: boolean;
  recentEvents: readonly ClusterEvent[];
  collectors: readonly CollectorStatus[];
  brokerConfig: BrokerConfig;
  policyOf: PolicyMatcher;
  /** How old data may be, ms. */
  staleMs: number;
  rebalanceWindowMs: number;
  /** Whether rebalances have been counted for as long as they are counted over. */
  countedWhole: boolean;
}

/** Makes the rows of one cycle for rules; a group's is made once. */
export class RowMaker {
  readonly #tables: Tables;
  readonly #context: RowContext;
  readonly #groups = new Map<number, GroupRow>();
  readonly #names: ClusterNames;
  #logDirs: readonly LogDirRow[] | undefined;

  constructor(tables: Tables, context: RowContext) {
    this.#tables = tables;
    this.#context = context;
    this.#names = clusterNames(tables);
  }

  series(row: number): SeriesRow {
    const { series, partitions, topics } = this.#tables;
    const group = this.group(series.groupRow[row]!);
    const partitionRow = series.partitionRow[row]!;
    const topicRow = partitions.topicRow[partitionRow]!;
    const delay = readDelay(this.#tables, row);
    const memberIndex = series.memberIndex[row]!;
    const { monotonicMs, cluster, policyOf } = this.#context;
    const tables = this.#tables;
    return {
      ...delay,
      groupId: group.groupId,
      topicId: topics.topicId[topicRow] ?? null,
      policy: policyOf(cluster, group.groupId, delay.topic),
      whyOwnership: unknownReasons[series.whyOwnership[row]!]!,
      outlook: outlooks[series.outlook[row]!]!,
      lossBy: lossCauses[series.lossBy[row]!]!,
      skippedBy: skipEvidences[series.skippedBy[row]!]!,
      ...this.#seriesNumbers(row),
      ...this.#partitionNumbers(partitionRow),
      ...retentionOf(topics.config[topicRow] ?? null, this.#bytesPerSecond(partitionRow)),
      standingMs: standingMs(this.#tables, row, monotonicMs),
      watchedMs: monotonicMs - (known(series.watchedSinceMs[row]) ?? monotonicMs),
      everMoved: known(series.lastMovedMs[row]) !== null,
      everActive: series.everActive[row] === 1,
      uncommittedMs: known(monotonicMs - series.uncommittedSinceMs[row]!),
      endWhenAssigned: known(series.endWhenAssigned[row]),
      endIsYounger: partitions.endReadAtMs[partitionRow]! >= series.committedReadAtMs[row]!,
      member: group.memberList[memberIndex] ?? null,
      memberIndex,
      transactionWaitMs: transactionWaitMs(this.#tables, row, monotonicMs),
      sinceHeldMs: sinceHeldMs(this.#tables, row, monotonicMs),
      sinceLedMs: sinceLedMs(this.#tables, row, monotonicMs),
      group,
      siblings: () => siblingsOf(tables, row),
    };
  }

  #seriesNumbers(row: number) {
    const { series } = this.#tables;
    return {
      committedOffset: known(series.committedOffset[row]),
      endOffset: known(series.endOffset[row]),
      unreadRecords: known(series.unreadRecords[row]),
      waitingSeconds: known(series.waitingSeconds[row]),
      timeToLossEarliestSeconds: known(series.timeToLossEarliestSeconds[row]),
      timeToLossLatestSeconds: known(series.timeToLossLatestSeconds[row]),
      retentionUsedRatio: known(series.retentionUsedRatio[row]),
      lostNow: known(series.lostNow[row]) ?? 0,
      skippedNow: known(series.skippedNow[row]) ?? 0,
      jumpedFrom: known(series.jumpedFrom[row]),
      rewoundNow: known(series.rewoundNow[row]) ?? 0,
      bestRate: known(series.bestRate[row]),
      longestIntervalMs: known(series.maxCommitIntervalMs[row]),
      pollsWithoutMovement: known(series.pollsWithoutMovement[row]) ?? 0,
    };
  }

  #partitionNumbers(row: number) {
    const { partitions } = this.#tables;
    return {
      logStartOffset: known(partitions.logStartOffset[row]),
      highWatermark: known(partitions.highWatermark[row]),
      lastStableOffset: known(partitions.lastStableOffset[row]),
    };
  }

  #bytesPerSecond(row: number): number | null {
    const { produceRate, bytesPerRecord } = this.#tables.partitions;
    return known(produceRate[row]! * bytesPerRecord[row]!);
  }

  group(row: number): GroupRow {
    const made = this.#groups.get(row) ?? this.#makeGroup(row);
    this.#groups.set(row, made);
    return made;
  }

  #makeGroup(row: number): GroupRow {
    const { groups } = this.#tables;
    const { monotonicMs, cluster, policyOf } = this.#context;
    const since = (moment: number | undefined) => {
      const ms = known(moment);
      return ms === null ? null : Math.max(0, monotonicMs - ms);
    };
    const tables = this.#tables;
    const { recentEvents } = this.#context;
    const makeSeries = () => Array.from(groups.seriesRows[row] ?? [], (one) => this.series(one));
    let reading: GroupReading | undefined;
    let waits: readonly TransactionWait[] | undefined;
    let series: readonly SeriesRow[] | undefined;
    let delays: readonly DelayRow[] | undefined;
    const groupId = groups.groupId[row]!;
    return {
      groupId,
      type: groups.type[row] ?? 'unknown',
      policy: policyOf(cluster, groupId),
      staleCollector: groups.age[row] === stale ? this.#oldestOfGroup(row) : null,
      state: groups.state[row] ?? null,
      assignor: groups.assignor[row] ?? null,
      members: known(groups.members[row]),
      idleMembers: known(groups.idleMembers[row]),
      memberList: groups.memberList[row] ?? [],
      stateMs: since(groups.stateSinceMs[row]),
      commitsExpireInMs: known(groups.commitsExpireAtMs[row]! - monotonicMs),
      offsetsRetentionMs: this.#context.brokerConfig.offsetsRetentionMs ?? null,
      rebalancingMs: since(groups.rebalancingSinceMs[row]),
      unassigned: groups.unassigned[row] ?? null,
      memberChanges: {
        left: known(groups.membersLeftLastHour[row]) ?? 0,
        rejoinedFromSameHost: known(groups.membersRejoinedLastHour[row]) ?? 0,
        joinedFromNewHosts: known(groups.membersFromNewHostsLastHour[row]) ?? 0,
      },
      standingMs: since(groups.lastMovedMs[row]),
      usualStopMs: known(groups.usualStopMs[row]),
      countedWhole: this.#context.countedWhole,
      rebalanceWindowMs: this.#context.rebalanceWindowMs,
      rebalanceSource: rebalanceSources[groups.rebalanceSource[row]!]!,
      rebalances: known(groups.rebalancesLastHour[row]) ?? 0,
      explainedRebalances: known(groups.explainedRebalancesLastHour[row]) ?? 0,
      rebalancingSeconds: known(groups.rebalancingSecondsLastHour[row]) ?? 0,
      explainedRebalancingSeconds: known(groups.explainedRebalancingSecondsLastHour[row]) ?? 0,
      get reading() {
        reading ??= readGroup(tables, row, monotonicMs);
        return reading;
      },
      get transactionWaits() {
        waits ??= transactionWaits(tables, row, monotonicMs);
        return waits;
      },
      get sinceHeldMs() {
        return heldSeries(tables, row, monotonicMs);
      },
      get sinceLedMs() {
        return ledAgain(tables, row, monotonicMs);
      },
      get series() {
        series ??= makeSeries();
        return series;
      },
      get delays() {
        delays ??= readDelays(tables, row);
        return delays;
      },
      lag: known(groups.lag[row]),
      lagBefore: lagBeforeOf(tables, row, this.#context),
      get recentEvents() {
        return eventsAround(tables, row, recentEvents);
      },
      get abandoned() {
        return leftBehind(tables, tables.groups.seriesRows[row] ?? [], 'abandoned');
      },
    };
  }

  groupTopic(row: number): GroupTopicRow {
    const { groupTopics, groups, partitions, series, topics } = this.#tables;
    const group = this.group(groupTopics.groupRow[row]!);
    const topicRow = groupTopics.topicRow[row]!;
    const topic = topics.topic[topicRow]!;
    const ofGroup = groups.seriesRows[groupTopics.groupRow[row]!] ?? new Int32Array();
    const rows = ofGroup.filter((one) => partitions.topicRow[series.partitionRow[one]!] === topicRow);
    return {
      groupId: group.groupId,
      topic,
      topicId: topics.topicId[topicRow] ?? null,
      policy: this.#context.policyOf(this.#context.cluster, group.groupId, topic),
      group,
      dropped: leftBehind(this.#tables, rows, 'dropped'),
    };
  }

  #oldestOfGroup(row: number): Facet {
    const { membershipReadAtMs, commitsReadAtMs } = this.#tables.groups;
    const membershipMs = known(membershipReadAtMs[row]) ?? 0;
    return membershipMs <= (known(commitsReadAtMs[row]) ?? 0) ? 'group-membership' : 'committed-offsets';
  }

  partition(row: number): PartitionRow {
    const { partitions, topics } = this.#tables;
    const { cluster, policyOf } = this.#context;
    const topicRow = partitions.topicRow[row]!;
    const topic = topics.topic[topicRow]!;
    return {
      topic,
      topicId: topics.topicId[topicRow] ?? null,
      partition: partitions.partition[row]!,
      policy: policyOf(cluster, undefined, topic),
      staleCollector: this.#metadataIsStale() ? 'cluster' : null,
      offline: partitions.offline[row] === 1,
      leader: known(partitions.leader[row]),
      replicas: partitions.replicaIds[row] ?? [],
      inSyncReplicas: partitions.inSyncReplicaIds[row] ?? [],
      addingReplicas: known(partitions.addingReplicas[row]) ?? 0,
      minInSyncReplicas: topics.config[topicRow]?.minInSyncReplicas ?? null,
      leaderEpoch: known(partitions.leaderEpoch[row]),
      highWatermark: known(partitions.highWatermark[row]),
      truncation: this.#truncation(row),
      uncleanLeaderElection: topics.config[topicRow]?.uncleanLeaderElection ?? null,
    };
  }

  #truncation(row: number): PartitionRow['truncation'] {
    const { truncatedFrom, truncatedEpoch } = this.#tables.partitions;
    const endOffsetBefore = known(truncatedFrom[row]);
    return endOffsetBefore === null ? null : { endOffsetBefore, leaderEpochBefore: known(truncatedEpoch[row]) };
  }

  topic(row: number): TopicRow {
    const { monotonicMs, brokerConfig, cluster, policyOf } = this.#context;
    const policy = policyOf(cluster, undefined, this.#tables.topics.topic[row]!);
    const staleCollector = this.#metadataIsStale() ? 'cluster' : null;
    return makeTopicRow(this.#tables, row, { monotonicMs, brokerConfig, policy, staleCollector, names: this.#names });
  }

  /** Metadata is read whole or not at all: what it says is as old as its collector's last success. */
  #metadataIsStale(): boolean {
    const { reachable, atMs, staleMs } = this.#context;
    if (reachable) return false;
    const lastSuccessMs = this.#metadata()?.lastSuccessMs ?? null;
    return lastSuccessMs === null || atMs - lastSuccessMs > staleMs;
  }

  #metadata(): CollectorStatus | undefined {
    return this.#context.collectors.find(({ collector }) => collector === 'cluster');
  }

  broker(row: number): BrokerRow {
    return makeBrokerRow(this.#tables, row, this.#metadataIsStale() ? 'cluster' : null);
  }

  /** Of all brokers. */
  get logDirs(): readonly LogDirRow[] {
    this.#logDirs ??= logDirRows(this.#tables);
    return this.#logDirs;
  }

  cluster(): ClusterRow {
    const { cluster, reachable, collectors } = this.#context;
    const { brokers, quorum, permissions } = this.#tables;
    const living = brokers.find(({ up, host }) => up && host !== '');
    const address = living === undefined ? null : `${living.host}:${living.port}`;
    return { cluster, reachable, metadata: this.#metadata() ?? null, collectors, quorum, permissions, address };
  }

  collector(status: CollectorStatus): CollectorRow {
    return { status, reachable: this.#context.reachable };
  }
}

function retentionOf(config: TopicConfig | null, bytesPerSecond: number | null) {
  const limit = (value: number | undefined) => (value === undefined || value < 0 ? null : value);
  const retentionBytes = limit(config?.retentionBytes);
  const fills = retentionBytes !== null && bytesPerSecond !== null && bytesPerSecond > 0;
  return {
    retentionMs: limit(config?.retentionMs),
    retentionBytes,
    timeToFillSeconds: fills ? retentionBytes / bytesPerSecond : null,
    compacted: config?.cleanupPolicy?.includes('compact') ?? false,
  };
}
