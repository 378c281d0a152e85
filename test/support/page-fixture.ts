/** Answers of the API for a cluster that never was: what the page's tests show. All times hang on one fixed moment. */
import type { Finding } from '../../src/model/finding.ts';
import type {
  ClusterAnswer,
  EventAnswer,
  GroupAnswer,
  GroupSummary,
  PartitionAnswer,
  TopicReport,
} from '../../src/model/wire.ts';

/** The server's clock in every fixture: a night in November. */
export const fixtureNowMs = Date.UTC(2026, 10, 21, 2, 55, 0);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const daySeconds = 86_400;

/** What a scenario answers; the server in page-server.ts puts it behind the API's paths. */
export interface Scenario {
  clusters: ClusterAnswer[];
  groups: GroupSummary[];
  findings: Finding[];
  events: EventAnswer[];
}

const collectorNames = [
  'cluster',
  'topic-configs',
  'log-start-offsets',
  'group-membership',
  'committed-offsets',
  'end-offsets',
] as const;

function collectors(lastSuccessMs: number | null, outcome: 'ok' | 'failed'): ClusterAnswer['collectors'] {
  return collectorNames.map((collector) => ({
    collector,
    startedAtMs: fixtureNowMs - 4_200,
    durationMs: 120,
    outcome,
    everyMs: collector === 'topic-configs' ? 60_000 : 15_000,
    lastSuccessMs,
    failingPolls: outcome === 'ok' ? 0 : 12,
    failures:
      outcome === 'ok'
        ? []
        : [{ code: 'upstream.unreachable', message: 'No broker answers: the connection is refused.' }],
  }));
}

export function clusterAnswer(over: Partial<ClusterAnswer> = {}): ClusterAnswer {
  return {
    cluster: 'prod-eu',
    clusterId: 'q8xJ0cVZTXmYw1nR5pLk3A',
    reachable: true,
    completeness: 'full',
    atMs: fixtureNowMs - 4_000,
    bootstrap: 'kafka-1.example:9092,kafka-2.example:9092',
    problem: null,
    brokers: { up: 6, known: 6 },
    partitions: { total: 6_180, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 3 },
    worstDiskUsedRatio: 0.61,
    groups: {
      total: 412,
      unread: 0,
      byOutlook: { 'loses-first': 2, 'insufficient-data': 1, 'drains-before-loss': 1, 'keeps-up': 408 },
    },
    findings: { critical: 2, warning: 1, info: 0 },
    intervalMs: 15_000,
    collectors: collectors(fixtureNowMs - 4_000, 'ok'),
    store: { sizeBytes: 48_300_000, error: null },
    ...over,
  };
}

/** A group that keeps up, unless told otherwise. */
export function groupSummary(groupId: string, over: Partial<GroupSummary> = {}): GroupSummary {
  return {
    cluster: 'prod-eu',
    groupId,
    type: 'classic',
    protocolType: 'consumer',
    assignor: 'range',
    state: 'Stable',
    coordinatorId: 2,
    outlook: 'keeps-up',
    team: null,
    tier: null,
    members: 3,
    idleMembers: 0,
    partitions: 6,
    lag: 12,
    maxTimeLagSeconds: 0,
    sloLagSeconds: null,
    lagTrend: 'steady',
    timeToDrainSeconds: 0,
    timeToLossEarliestSeconds: null,
    timeToLossLatestSeconds: null,
    lossBy: null,
    retentionUsedRatio: 0.01,
    worst: null,
    rebalances: 4,
    rebalancesLastHour: 0,
    rebalancingSeconds: 9,
    rebalancingSecondsLastHour: 0,
    rebalanceSource: 'generation',
    age: 'current',
    muted: false,
    readAtMs: fixtureNowMs - 4_000,
    trendKnownInSeconds: null,
    openFindings: over.findings?.length ?? 0,
    findings: [],
    unknown: {},
    sparkline: sparkline(() => 10),
    ...over,
  };
}

/** Sixty points of the last hour; `lagAt` is given the share of the hour, 0..1. */
function sparkline(lagAt: (share: number) => number): [number, number | null][] {
  return Array.from({ length: 60 }, (_, slot) => [
    fixtureNowMs - hourMs + slot * minuteMs,
    Math.round(lagAt(slot / 59)),
  ]);
}

export function finding(code: string, over: Partial<Finding> & Pick<Finding, 'summary'>): Finding {
  return {
    id: `${code}-${over.groupId ?? over.topic ?? ''}-${over.partition ?? ''}`,
    cluster: 'prod-eu',
    code,
    severity: 'critical',
    sinceMs: fixtureNowMs - 41 * minuteMs,
    raisedAtMs: fixtureNowMs - 40 * minuteMs,
    held: false,
    cause: null,
    evidence: { produceRate: 1840.2, consumeRate: 310.4, windowSeconds: 600, samples: 41 },
    ...over,
  };
}

const loses = finding('will-lose-data', {
  groupId: 'billing',
  topic: 'orders',
  partition: 17,
  team: 'payments',
  summary: 'Reads slower than orders is written: 310 of 1,840 records/s on 1 of 24 partitions.',
});
const stopped = finding('will-lose-data', {
  groupId: 'search-index',
  topic: 'products',
  partition: 3,
  sinceMs: fixtureNowMs - 227 * minuteMs,
  summary: 'Stopped at 23:08: no members, no commits for 3 h 47 min on 60 of 60 partitions.',
});
const stoppedToo = finding('stopped', {
  groupId: 'search-index',
  severity: 'warning',
  sinceMs: fixtureNowMs - 217 * minuteMs,
  cause: { code: 'will-lose-data', id: stopped.id },
  summary: 'Consumed before; now no members and 88,000,000 records unread.',
});
const storm = finding('rebalance-storm', {
  groupId: 'fraud-score',
  severity: 'warning',
  sinceMs: fixtureNowMs - 65 * minuteMs,
  summary: 'Rebalances: 11 in an hour, 3 min 20 s not consuming. Same hosts, new member ids: poll timeout.',
});

function asGroupFinding({ id, code, severity, sinceMs, topic, partition, held, cause, summary }: Finding) {
  return {
    id,
    code,
    severity,
    sinceMs,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
    held,
    cause,
    summary,
  };
}

export const billing = groupSummary('billing', {
  outlook: 'loses-first',
  team: 'payments',
  tier: '1',
  members: 8,
  partitions: 24,
  lag: 1_210_334,
  maxTimeLagSeconds: 6 * daySeconds + 23 * 3600,
  sloLagSeconds: 300,
  lagTrend: 'rising',
  timeToDrainSeconds: null,
  timeToLossEarliestSeconds: 41 * 60,
  timeToLossLatestSeconds: 49 * 60,
  lossBy: 'time',
  retentionUsedRatio: 0.995,
  worst: { topic: 'orders', partition: 17 },
  findings: [asGroupFinding(loses)],
  sparkline: sparkline((share) => 200_000 + 1_010_334 * share ** 1.5),
});

const searchIndex = groupSummary('search-index', {
  outlook: 'loses-first',
  state: 'Empty',
  members: 0,
  partitions: 60,
  lag: 88_000_000,
  maxTimeLagSeconds: 227 * 60,
  lagTrend: 'rising',
  timeToDrainSeconds: null,
  timeToLossEarliestSeconds: 3 * 3600,
  timeToLossLatestSeconds: 3 * 3600 + 40 * 60,
  lossBy: 'size',
  retentionUsedRatio: 0.56,
  worst: { topic: 'products', partition: 3 },
  rebalancesLastHour: 0,
  findings: [asGroupFinding(stopped), asGroupFinding(stoppedToo)],
  sparkline: sparkline((share) => 60e6 + 28e6 * share),
});

const fraudScore = groupSummary('fraud-score', {
  outlook: 'drains-before-loss',
  team: 'risk',
  members: 6,
  partitions: 12,
  lag: 84_200,
  maxTimeLagSeconds: 240,
  sloLagSeconds: 120,
  lagTrend: 'falling',
  timeToDrainSeconds: 12 * 60,
  timeToLossEarliestSeconds: 6 * daySeconds,
  timeToLossLatestSeconds: 7 * daySeconds,
  lossBy: 'time',
  rebalancesLastHour: 11,
  rebalancingSecondsLastHour: 200,
  findings: [asGroupFinding(storm)],
  sparkline: sparkline((share) => 60_000 + 50_000 * Math.sin(share * 24)),
});

const fewGroups = [
  billing,
  searchIndex,
  fraudScore,
  groupSummary('warehouse-load', {
    members: 4,
    partitions: 16,
    lag: 1_240_000,
    maxTimeLagSeconds: 48 * 60,
    sloLagSeconds: 7200,
    timeToDrainSeconds: null,
    timeToLossEarliestSeconds: null,
    sparkline: sparkline(() => 1_240_000),
  }),
  groupSummary('email-sender', {
    sloLagSeconds: 60,
    rebalancesLastHour: 1,
    rebalancingSecondsLastHour: 4,
    sparkline: sparkline((share) => (Math.abs(share - 0.4) < 0.04 ? 900 : 4)),
  }),
  groupSummary('ml-features', {
    outlook: 'insufficient-data',
    members: 2,
    partitions: 8,
    lag: 431,
    maxTimeLagSeconds: 2,
    lagTrend: 'insufficient-data',
    timeToDrainSeconds: null,
    retentionUsedRatio: null,
    trendKnownInSeconds: 270,
    unknown: {
      timeToDrainSeconds: 'insufficient-data',
      timeToLossEarliestSeconds: 'insufficient-data',
      retentionUsedRatio: 'retention-unread',
    },
    sparkline: [],
  }),
];

const events: EventAnswer[] = [
  event(218, 'member', 'left', 'search-index: member indexer-1 on /10.0.0.31 left'),
  event(170, 'config', 'config-changed', 'orders: retention.ms 1209600000 to 604800000'),
  event(204, 'leader', 'leader-moved', 'orders partition 17: leader 3 to 4'),
  event(203, 'leader', 'leader-moved', 'orders partition 18: leader 3 to 5'),
  ...[62, 55, 44, 28, 11].map((ago) => event(ago, 'rebalance', 'rebalanced', 'fraud-score: rebalanced, 6 members')),
  event(239, 'tidemark', 'started', 'tidemark 0.1.0 started'),
];

function event(minutesAgo: number, kind: string, what: string, summary: string): EventAnswer {
  return { cluster: 'prod-eu', atMs: fixtureNowMs - minutesAgo * minuteMs, kind, what, subject: {}, summary };
}

/** Two groups lose data, one rebalances too often, one is too young to judge. */
export function inTrouble(): Scenario {
  return { clusters: [clusterAnswer()], groups: fewGroups, findings: [loses, stopped, storm, stoppedToo], events };
}

export function quiet(): Scenario {
  const groups = ['email-sender', 'ledger', 'warehouse-load'].map((name) => groupSummary(name));
  const counts = { total: 412, unread: 0, byOutlook: { 'keeps-up': 412 } };
  const partitions = { total: 6_180, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 0 };
  return {
    clusters: [clusterAnswer({ atMs: fixtureNowMs - 6_000, groups: counts, partitions })],
    groups,
    findings: [],
    events: [],
  };
}

/** The bootstrap servers never answered. */
export function neverReached(): Scenario {
  const cluster = clusterAnswer({
    clusterId: null,
    reachable: false,
    collectors: collectors(null, 'failed'),
    problem:
      'No broker of kafka-1.example:9092 can be reached: the connection is refused. Check the address, the port, and that the broker lives.',
    brokers: { up: 0, known: 0 },
    partitions: { total: 0, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 0 },
    worstDiskUsedRatio: null,
    groups: { total: 0, unread: 0, byOutlook: {} },
    findings: { critical: 1, warning: 0, info: 0 },
  });
  return { clusters: [cluster], groups: [], findings: [unreachable(3)], events: [] };
}

/** In trouble before, and out of reach for a quarter of an hour: numbers are unknown, findings held. */
export function wentBlind(): Scenario {
  const { groups, findings, events } = inTrouble();
  const problem = 'No broker of prod-eu answers: each connection is refused.';
  const old = groups.map((group) => ({
    ...group,
    outlook: 'insufficient-data' as const,
    age: 'stale' as const,
    maxTimeLagSeconds: null,
    timeToDrainSeconds: null,
    timeToLossEarliestSeconds: null,
    timeToLossLatestSeconds: null,
    readAtMs: fixtureNowMs - 14 * minuteMs,
    unknown: { maxTimeLagSeconds: 'stale', timeToDrainSeconds: 'stale', timeToLossEarliestSeconds: 'stale' },
    findings: group.findings.map((one) => ({ ...one, held: true })),
  }));
  return {
    clusters: [
      clusterAnswer({ reachable: false, collectors: collectors(fixtureNowMs - 14 * minuteMs, 'failed'), problem }),
    ],
    groups: old,
    findings: [unreachable(14), ...findings.map((one) => ({ ...one, held: true }))],
    events,
  };
}

function unreachable(minutes: number): Finding {
  return finding('cluster-unreachable', {
    sinceMs: fixtureNowMs - minutes * minuteMs,
    summary: `No broker has answered for ${minutes} min: every connection was refused.`,
  });
}

/** Replicas missing and partitions offline, on one of two clusters. */
export function brokerDown(): Scenario {
  const offline = [1, 5, 9].map((partition) =>
    finding('offline-partition', {
      topic: 'payments',
      partition,
      summary: `payments partition ${partition} has no leader: its replicas 4, 5 are gone.`,
    }),
  );
  const partitions = { total: 6_180, offline: 3, underReplicated: 61, underMinIsr: 12, atMinIsr: 40 };
  const broken = clusterAnswer({ brokers: { up: 4, known: 6 }, partitions });
  const other = clusterAnswer({ cluster: 'prod-us', worstDiskUsedRatio: 0.78 });
  return { ...inTrouble(), clusters: [broken, other], findings: [...offline, loses, stopped, stoppedToo, storm] };
}

/** A thousand groups, so that lists are paged. */
export function manyGroups(): Scenario {
  const others = Array.from({ length: 994 }, (_, index) =>
    groupSummary(`orders-consumer-of-the-regional-warehouse-${String(index).padStart(4, '0')}`, {
      lag: (index * 7919) % 10_000,
      maxTimeLagSeconds: (index * 31) % 900,
      sloLagSeconds: index % 3 === 0 ? 600 : null,
      members: index % 9,
    }),
  );
  const counts = {
    total: 1_000,
    unread: 0,
    byOutlook: { 'loses-first': 2, 'insufficient-data': 1, 'drains-before-loss': 1, 'keeps-up': 996 },
  };
  return { ...inTrouble(), clusters: [clusterAnswer({ groups: counts })], groups: [...fewGroups, ...others] };
}

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

export const brokers = [1, 2, 3, 4, 5, 6].map((brokerId) => ({
  cluster: 'prod-eu',
  brokerId,
  host: `kafka-${brokerId}.example`,
  port: 9092,
  rack: `rack-${brokerId % 3}`,
  up: brokerId < 5,
  leaders: brokerId < 5 ? 1_540 + brokerId : 0,
  replicas: 3_090,
  logDirs: brokerId < 5 ? [{ path: '/var/lib/kafka', totalBytes: 4e12, usableBytes: 1.6e12, error: null }] : [],
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
