/** A topic as rules read it. Its parts are made when they are first looked at: most rules ask for one of them. */
import type { Policy } from '../../model/policy.ts';
import {
  ages,
  type Outlook,
  type Ownership,
  outlooks,
  ownerships,
  type Tables,
  type TopicChange,
} from '../../model/report.ts';
import type { BrokerConfig, Facet, TopicConfig } from '../../model/snapshot.ts';
import { known } from './group-reading.ts';

const stale = ages.indexOf('stale');

export interface TopicRow {
  topic: string;
  topicId: string | null;
  policy: Policy;
  /** Set where Metadata is too old to judge by. */
  staleCollector: Facet | null;
  /** null: never read */
  config: TopicConfig | null;
  /** What this poll shows to have changed. */
  change: TopicChange | null;
  /** transaction.max.timeout.ms of the brokers; null: unread */
  transactionMaxTimeoutMs: number | null;
  /** Brokers that live, and those that some replica list names. */
  brokers: number;
  /** Records produced since tidemark first saw it. */
  producedRecords: number | null;
  /** How long ago an end offset was last seen to have moved; null: never. */
  grewMsAgo: number | null;
  readonly partitions: readonly TopicPartition[];
  readonly readers: readonly TopicReader[];
  readonly names: ClusterNames;
}

export interface TopicPartition {
  partition: number;
  offline: boolean;
  leader: number | null;
  /** Of a reassignment only the count is known. */
  addingReplicas: number;
  replicas: readonly number[];
  inSyncReplicas: readonly number[];
  /** Its offsets are too old to judge by. */
  offsetsAreStale: boolean;
  highWatermark: number | null;
  lastStableOffset: number | null;
  /** records/s */
  produceRate: number | null;
  /** How long one transaction has kept the last stable offset where it stands; null: none is open. */
  openTransactionMs: number | null;
  /** It was open when the partition was first read: so long at least. */
  openedUnseen: boolean;
  /** By how much the high watermark has moved since. */
  endMoved: number;
}

/** One group on one partition of the topic. */
export interface TopicReader {
  groupId: string;
  partition: number;
  ownership: Ownership;
  outlook: Outlook;
  everMoved: boolean;
  timeLagSeconds: number | null;
  unreadRecords: number | null;
  unreadBytes: number | null;
}

/** The other names of the cluster, where a topic's name tells of them. */
export interface ClusterNames {
  hasGroup(groupId: string): boolean;
  /** Groups that have committed to the topic or are assigned it; null: there is no such topic. */
  readersOf(topic: string): readonly string[] | null;
}

/** What a topic's row needs beside the tables. */
export interface TopicRowContext {
  monotonicMs: number;
  brokerConfig: BrokerConfig;
  policy: Policy;
  staleCollector: Facet | null;
  names: ClusterNames;
}

export function makeTopicRow(tables: Tables, row: number, context: TopicRowContext): TopicRow {
  const { topics, brokers } = tables;
  const { monotonicMs, brokerConfig, policy, staleCollector, names } = context;
  const producedAtMs = known(topics.producedAtMs[row]);
  let partitions: readonly TopicPartition[] | undefined;
  return {
    topic: topics.topic[row]!,
    topicId: topics.topicId[row] ?? null,
    policy,
    staleCollector,
    config: topics.config[row] ?? null,
    change: topics.change[row] ?? null,
    transactionMaxTimeoutMs: brokerConfig.transactionMaxTimeoutMs ?? null,
    brokers: brokers.length,
    producedRecords: known(topics.producedRecords[row]),
    grewMsAgo: producedAtMs === null ? null : Math.max(0, monotonicMs - producedAtMs),
    get partitions() {
      partitions ??= Array.from(topics.partitionRows[row] ?? [], (one) => topicPartition(tables, one, monotonicMs));
      return partitions;
    },
    get readers() {
      return readersOf(tables, row);
    },
    names,
  };
}

function topicPartition({ partitions }: Tables, row: number, monotonicMs: number): TopicPartition {
  const openSinceMs = known(partitions.openTransactionSinceMs[row]);
  return {
    partition: partitions.partition[row]!,
    offline: partitions.offline[row] === 1,
    leader: known(partitions.leader[row]),
    addingReplicas: known(partitions.addingReplicas[row]) ?? 0,
    replicas: partitions.replicaIds[row] ?? [],
    inSyncReplicas: partitions.inSyncReplicaIds[row] ?? [],
    offsetsAreStale: partitions.age[row] === stale,
    highWatermark: known(partitions.highWatermark[row]),
    lastStableOffset: known(partitions.lastStableOffset[row]),
    produceRate: known(partitions.produceRate[row]),
    openTransactionMs: openSinceMs === null ? null : Math.max(0, monotonicMs - openSinceMs),
    openedUnseen: partitions.openedUnseen[row] === 1,
    endMoved: known(partitions.highWatermark[row]! - partitions.endAtOpenTransaction[row]!) ?? 0,
  };
}

function readersOf({ groupTopics, groups, series, partitions }: Tables, topicRow: number): TopicReader[] {
  const readers: TopicReader[] = [];
  for (let row = 0; row < groupTopics.rows; row++) {
    if (groupTopics.alive[row] === 0 || groupTopics.topicRow[row] !== topicRow) continue;
    const groupRow = groupTopics.groupRow[row]!;
    for (const one of groups.seriesRows[groupRow] ?? []) {
      const partitionRow = series.partitionRow[one]!;
      if (partitions.topicRow[partitionRow] !== topicRow) continue;
      readers.push({
        groupId: groups.groupId[groupRow]!,
        partition: partitions.partition[partitionRow]!,
        ownership: ownerships[series.ownership[one]!]!,
        outlook: outlooks[series.outlook[one]!]!,
        everMoved: known(series.lastMovedMs[one]) !== null,
        timeLagSeconds: known(series.timeLagSeconds[one]),
        unreadRecords: known(series.lag[one]),
        unreadBytes: known(series.lag[one]! * partitions.bytesPerRecord[partitionRow]!),
      });
    }
  }
  return readers;
}

/** Looks names up; the maps are made at the first question of a cycle. */
export function clusterNames({ groups, groupTopics, topics }: Tables): ClusterNames {
  let groupIds: ReadonlySet<string> | undefined;
  let topicRows: ReadonlyMap<string, number> | undefined;
  return {
    hasGroup(groupId) {
      groupIds ??= new Set(groups.groupId.filter((_, row) => groups.alive[row] === 1));
      return groupIds.has(groupId);
    },
    readersOf(topic) {
      topicRows ??= new Map(topics.topic.flatMap((name, row) => (topics.alive[row] === 1 ? [[name, row]] : [])));
      const topicRow = topicRows.get(topic);
      if (topicRow === undefined) return null;
      const readers: string[] = [];
      for (let row = 0; row < groupTopics.rows; row++) {
        if (groupTopics.alive[row] === 1 && groupTopics.topicRow[row] === topicRow) {
          readers.push(groups.groupId[groupTopics.groupRow[row]!]!);
        }
      }
      return readers;
    },
  };
}
