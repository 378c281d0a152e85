/** Whole scenarios that the page's tests show, each at the same moment of one night. */
import type { Finding } from '../../src/model/finding.ts';
import type { ClusterAnswer, EventAnswer, GroupSummary } from '../../src/model/wire.ts';
import {
  clusterAnswer,
  collectors,
  daySeconds,
  finding,
  fixtureNowMs,
  groupSummary,
  minuteMs,
  sparkline,
} from './page-fixture-rows.ts';

/** What a scenario answers; the server in page-answers.ts puts it behind the API's paths. */
export interface Scenario {
  clusters: ClusterAnswer[];
  groups: GroupSummary[];
  findings: Finding[];
  events: EventAnswer[];
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
  event(170, 'config', 'config-changed', 'orders: retention.ms 1209600000 to 604800000', { topic: 'orders' }),
  event(204, 'leader', 'leader-moved', 'orders partition 17: leader 3 to 4', { topic: 'orders', partition: 17 }),
  event(203, 'leader', 'leader-moved', 'orders partition 18: leader 3 to 5', { topic: 'orders', partition: 18 }),
  ...[62, 55, 44, 28, 11].map((ago) => event(ago, 'rebalance', 'rebalanced', 'fraud-score: rebalanced, 6 members')),
  event(239, 'tidemark', 'started', 'tidemark 0.1.0 started'),
];

function event(minutesAgo: number, kind: string, what: string, summary: string, subject = {}): EventAnswer {
  return { cluster: 'prod-eu', atMs: fixtureNowMs - minutesAgo * minuteMs, kind, what, subject, summary };
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
    clusters: [clusterAnswer({ readAtMs: fixtureNowMs - 6_000, groups: counts, partitions })],
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
    readAtMs: null,
    collectors: collectors(null, 'failed'),
    problem:
      'No broker of kafka-1.example:9092 can be reached: the connection is refused. Check the address, the port, and that the broker lives.',
    brokers: { up: 0, known: 0 },
    partitions: { total: 0, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 0 },
    quorum: null,
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
      clusterAnswer({
        ...{ reachable: false, problem, readAtMs: fixtureNowMs - 14 * minuteMs },
        collectors: collectors(fixtureNowMs - 14 * minuteMs, 'failed'),
      }),
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

/** Nothing is at risk; two groups and a topic are read by nobody, and a console consumer that a policy mutes. */
export function leftBehind(): Scenario {
  const evidence = (partitions: number, unreadRecords: number, oldestDays: number, lossHours: number | null) => ({
    ...{ partitions, allPartitions: 24, unreadRecords, oldestUnreadSeconds: oldestDays * daySeconds },
    timeToLossEarliestSeconds: lossHours === null ? null : lossHours * 3600,
    timeToLossLatestSeconds: lossHours === null ? null : (lossHours + 1) * 3600,
  });
  const summary = 'Nobody reads its topics.';
  const info = { severity: 'info' as const, sinceMs: fixtureNowMs - 30 * minuteMs, summary };
  const findings = [
    finding('abandoned-group', {
      ...info,
      id: 'a1',
      groupId: 'old-report',
      evidence: evidence(24, 88_000_000, 40, null),
    }),
    finding('abandoned-group', { ...info, id: 'a2', groupId: 'nightly-export', evidence: evidence(24, 1_204, 1, 5) }),
    finding('dropped-topic', {
      ...{ ...info, id: 'd1', groupId: 'ledger', topic: 'refunds' },
      evidence: evidence(3, 310, 2, 100),
    }),
    finding('abandoned-group', {
      ...{ ...info, id: 'm1', groupId: 'console-consumer-1', muted: true },
      evidence: evidence(1, 7, 1, 2),
    }),
  ];
  return { ...quiet(), findings };
}

/** Nothing loses records; topics, brokers, disks and settings give cause for findings of every kind, and for lints. */
export function muchToFix(): Scenario {
  const warning = { severity: 'warning' as const };
  const info = { severity: 'info' as const };
  const lints = ['audit-log', 'clickstream-of-the-regional-warehouses-enriched', 'refunds'].flatMap((topic) => [
    finding('single-replica', {
      ...{ ...info, topic },
      summary: `${topic} 12 partitions are without a second replica, on a cluster of 6 brokers`,
    }),
    finding('not-preferred-leader', {
      ...{ ...info, topic },
      summary: `${topic} p3 is not led by the preferred replica (broker 4)`,
    }),
  ]);
  const delayed = finding('commit-delay-rising', { ...info, groupId: 'billing', summary: 'billing commits 40 s late' });
  const findings = [
    finding('log-dir-offline', {
      ...{ brokerId: 2, logDir: '/var/lib/kafka/data-1', evidence: { error: 'KAFKA_STORAGE_ERROR', replicas: 212 } },
      summary: '/var/lib/kafka/data-1 of broker 2 is offline: 212 replicas cannot be read or written there',
    }),
    finding('disk-filling', {
      ...{ ...warning, brokerId: 5, logDir: '/var/lib/kafka/data-0' },
      evidence: { usedRatio: 0.78, fill: { bytesPerSecond: 4.2e6, fullInSeconds: 51_000, overSeconds: 7_200 } },
      summary: '/var/lib/kafka/data-0 of broker 5 is 78 % full, 440 GB are free',
    }),
    ...['orders', 'refunds'].map((topic) =>
      finding('open-transaction', {
        ...{ ...warning, topic },
        evidence: { partitions: [3, 7], openSeconds: 1_930, oldest: { partition: 3, lastStableOffset: 41 } },
        summary: `On ${topic} a transaction has been open for 32 min on 2 partitions`,
      }),
    ),
    finding('quorum-unhealthy', { ...warning, summary: 'The metadata quorum changed its leader 5 times in an hour' }),
    delayed,
    ...lints,
  ];
  const groups = [groupSummary('billing', { findings: [asGroupFinding(delayed)] }), ...fewGroups.slice(2)];
  return { ...quiet(), groups, findings };
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

const longest = 'warehouse.regional.'.repeat(14).slice(0, 200);
const unbroken = 'x'.repeat(249);

/** Names as long as Kafka lets them be, in other scripts, and with what HTML would take for its own. */
export function oddNames(): Scenario {
  const { groups, findings, ...scenario } = inTrouble();
  const names = [longest, 'Überweisung-注文-заказы-🚚', '<b>bold</b> & "quoted"', unbroken];
  const renamed = groups.map((group, index) => ({
    ...group,
    groupId: names[index] ?? group.groupId,
    ...(group.worst === null ? {} : { worst: { topic: unbroken, partition: 17 } }),
  }));
  const nameOf = (groupId: string | undefined) =>
    renamed[groups.findIndex((group) => group.groupId === groupId)]?.groupId ?? longest;
  const told = findings.map((one) => {
    const groupId = nameOf(one.groupId);
    return { ...one, groupId, topic: unbroken, summary: `${groupId} loses unread records of ${unbroken} p17.` };
  });
  return { ...scenario, groups: renamed, findings: told };
}

/** A cluster that nobody consumes from. */
export function noGroups(): Scenario {
  const groups = { total: 0, unread: 0, byOutlook: {} };
  return { ...quiet(), clusters: [clusterAnswer({ groups })], groups: [] };
}

/** tidemark runs, and its first cycle has not ended. */
export function firstCycle(): Scenario {
  const { clusters } = neverReached();
  const problem = 'The first cycle has not ended yet.';
  return { ...quiet(), clusters: [{ ...clusters[0]!, atMs: null, problem, collectors: [] }], groups: [] };
}
