/** What stands behind a scenario's rows: one group in full, its history, topics, brokers and partitions. */
import type { Finding } from '../../src/model/finding.ts';
import type {
  GroupAnswer,
  GroupSummary,
  PartitionAnswer,
  TopicAnswer,
  TopicReader,
  TopicReport,
} from '../../src/model/wire.ts';
import { billing } from './page-fixture.ts';
import { fixtureNowMs, hourMs } from './page-fixture-rows.ts';

/** One partition of billing; 17 is the hot one. */
function billingSeries(partition: number): GroupAnswer['series'][number] {
  const hot = partition === 17;
  const unread = hot ? 1_210_334 : (partition * 37) % 90;
  return {
    topic: 'orders',
    partition,
    ownership: 'owned',
    logStartOffset: 40_000_000,
    committedOffset: hot ? 40_020_000 : 41_230_334 - unread,
    endOffset: 41_230_334,
    lag: unread,
    lagTrend: hot ? 'rising' : 'steady',
    lagSlopePerSecond: hot ? 1530 : 0,
    produceRate: hot ? 1840 : 160,
    consumeRate: hot ? 310 : 160,
    timeLagSeconds: hot ? billing.maxTimeLagSeconds : 0.4,
    timeLagMethod: 'interpolated',
    commitDelaySeconds: hot ? billing.maxTimeLagSeconds : 0.2,
    timeToDrainSeconds: hot ? null : 0,
    timeToLossEarliestSeconds: hot ? 41 * 60 : null,
    timeToLossLatestSeconds: hot ? 49 * 60 : null,
    lossBy: hot ? 'time' : null,
    retentionUsedRatio: hot ? 0.995 : partition / 400,
    outlook: hot ? 'loses-first' : 'keeps-up',
    age: 'current',
    memberId: `billing-${partition % 8}-5b0e7c1a-6d8c-4c7e-9c39-1f1f5b6c3f10`,
    clientId: `billing-${partition % 8}`,
    clientHost: `/10.0.3.${partition % 8}`,
    commitIntervalSeconds: 15,
    lastProgressMs: fixtureNowMs - 9_000,
    whyNext: hot
      ? 'Partition 17 is written 11 times as fast as the median of its siblings and its member owns two more: a hot key. More members will not help; the partition is the unit.'
      : null,
    unknown: {},
  };
}

/** Any group's own page: billing in full, the others with one partition. */
export function groupAnswer(summary: GroupSummary, findings: readonly Finding[]): GroupAnswer {
  const { sparkline: _sparkline, openFindings: _openFindings, ...fields } = summary;
  const series = Array.from({ length: summary.partitions }, (_, partition) => billingSeries(partition));
  const members = Array.from({ length: summary.members ?? 0 }, (_, index) => ({
    memberId: `${summary.groupId}-${index}-5b0e7c1a-6d8c-4c7e-9c39-1f1f5b6c3f10`,
    groupInstanceId: null,
    clientId: `${summary.groupId}-${index}`,
    clientHost: `/10.0.3.${index}`,
    partitions: 3,
    assignment: [{ topic: 'orders', partitions: [index, index + 8, index + 16] }],
  }));
  return {
    ...fields,
    series,
    memberList: members,
    findings: findings.filter((one) => one.groupId === summary.groupId),
  };
}

/** History of any field: a made-up course that ends where the fixture's numbers stand. */
export function historyPoints(field: string, partition: number | undefined, points: number): [number, number | null][] {
  const hot = partition === 17;
  return Array.from({ length: points }, (_, slot) => {
    const share = slot / (points - 1);
    return [fixtureNowMs - hourMs + share * hourMs, valueAt(field, hot, share, partition ?? 0)];
  });
}

function valueAt(field: string, hot: boolean, share: number, partition: number): number | null {
  if (share > 0.3 && share < 0.34) return null;
  const seconds = share * 3600;
  switch (field) {
    case 'retentionUsedRatio':
      return hot
        ? 0.35 + 0.64 * share
        : Math.max(0, 0.03 + 0.05 * Math.sin(share * 10 + partition) + (partition === 20 ? 0.14 : 0));
    case 'timeToLossEarliestSeconds':
      return hot ? 9_000 - 6_540 * share : null;
    case 'timeToLossLatestSeconds':
      return hot ? 10_100 - 7_160 * share : null;
    case 'timeToDrainSeconds':
      return hot && share < 0.25 ? 1_200 + 9_000 * share ** 2 : hot ? null : 0;
    case 'highWatermark':
      return 41_230_334 - (1 - share) * 3600 * 1840;
    case 'committedOffset':
      return 40_020_000 - (3600 - seconds) * 310 - Math.max(0, 900 - seconds) * 1500;
    default:
      return null;
  }
}

export function topicReport(topic: string, over: Partial<TopicReport> = {}): TopicReport {
  return {
    cluster: 'prod-eu',
    topic,
    topicId: null,
    partitions: 24,
    replicationFactor: 3,
    offline: 0,
    underReplicated: 0,
    underMinIsr: 0,
    atMinIsr: 0,
    produceRate: 5_520,
    sizeBytes: 312_000_000_000,
    retentionMs: 604_800_000,
    retentionBytes: null,
    cleanupPolicy: ['delete'],
    minInSyncReplicas: 2,
    groups: 3,
    unknown: {},
    ...over,
  };
}

export const topics = [
  topicReport('orders'),
  topicReport('payments', { offline: 3, underMinIsr: 9, underReplicated: 12, groups: 1 }),
  topicReport('products', { partitions: 60, retentionBytes: 50_000_000_000, retentionMs: null }),
  topicReport('profiles', {
    cleanupPolicy: ['compact'],
    retentionMs: null,
    produceRate: null,
    unknown: { produceRate: 'insufficient-data' },
  }),
];

/** A topic's own page; of payments some partitions are offline, under min ISR, or lack a replica. Null: no such topic. */
export function topicAnswer(name: string, groups: readonly GroupSummary[]): TopicAnswer | null {
  const topic = topics.find((one) => one.topic === name);
  if (topic === undefined) return null;
  const read = topic.topic === 'orders' ? groups.slice(0, 6) : [];
  const partitionList = Array.from({ length: topic.partitions }, (_, partition) => topicPartition(topic, partition));
  return { ...topic, groups: read.length, partitionList, readers: read.map(topicReader) };
}

function topicPartition({ offline, underMinIsr, underReplicated }: TopicReport, partition: number) {
  const replicas = [4, 5, 6].map((id) => ((id + partition) % 6) + 1);
  // In trouble from partition 2 on, so that the order of the list is seen.
  const [isOffline, isAlone, isShort] = [offline, underMinIsr, underReplicated].map(
    (n) => partition >= 2 && partition < 2 + n,
  );
  const inSyncReplicas = replicas.slice(0, isOffline ? 0 : isAlone ? 1 : isShort ? 2 : 3);
  const isRead = partition !== 1;
  return {
    partition,
    leader: isOffline ? null : replicas[0]!,
    replicas,
    inSyncReplicas,
    logStartOffset: isRead ? 40_000_000 : null,
    highWatermark: isRead ? 41_230_334 : null,
    lastStableOffset: isRead ? 41_230_334 : null,
    produceRate: isRead ? 160 : null,
    sizeBytes: isRead ? 13e9 : null,
    offline: isOffline === true,
    age: 'current' as const,
  };
}

function topicReader(group: GroupSummary): TopicReader {
  const { groupId, outlook, lag, maxTimeLagSeconds, lagTrend, timeToDrainSeconds, retentionUsedRatio, worst } = group;
  const { timeToLossEarliestSeconds, timeToLossLatestSeconds, lossBy, partitions, age, readAtMs, unknown } = group;
  return {
    ...{ groupId, outlook, lag, maxTimeLagSeconds, lagTrend, timeToDrainSeconds, retentionUsedRatio, unknown },
    ...{ timeToLossEarliestSeconds, timeToLossLatestSeconds, lossBy, partitions, age, readAtMs },
    worst: worst?.topic === 'orders' ? worst.partition : null,
  };
}

const disk = { path: '/var/lib/kafka', totalBytes: 4e12, usableBytes: 1.6e12, error: null, age: 'current' };

export const brokers = [1, 2, 3, 4, 5, 6].map((brokerId) => ({
  cluster: 'prod-eu',
  brokerId,
  host: `kafka-${brokerId}.example`,
  port: 9092,
  rack: `rack-${brokerId % 3}`,
  up: brokerId < 5,
  leaders: brokerId < 5 ? 1_540 + brokerId : 0,
  replicas: 3_090,
  sizeBytes: 2.1e12,
  logDirs: brokerId < 5 ? [{ ...disk, timeToFullSeconds: brokerId === 2 ? 50_400 : null }] : [],
}));

export const partitions: Readonly<Record<string, PartitionAnswer[]>> = {
  offline: [1, 5, 9].map((partition) => partitionAnswer('payments', partition, null, [])),
  'under-min-isr': [2, 3].map((partition) => partitionAnswer('payments', partition, 4, [4])),
  'under-replicated': [0, 4].map((partition) => partitionAnswer('orders', partition, 1, [1, 2])),
};

function partitionAnswer(
  topic: string,
  partition: number,
  leader: number | null,
  inSyncReplicas: number[],
): PartitionAnswer {
  return {
    cluster: 'prod-eu',
    topic,
    partition,
    leader,
    replicas: [4, 5, 6],
    inSyncReplicas,
    addingReplicas: 0,
    minInSyncReplicas: 2,
  };
}
