/** Rows of the API's answers for a cluster that never was: filled with what is usual, but for what a test says. */
import type { Finding } from '../../src/model/finding.ts';
import type { ClusterAnswer, GroupSummary } from '../../src/model/wire.ts';

/** The server's clock in every fixture: a night in November. */
export const fixtureNowMs = Date.UTC(2026, 10, 21, 2, 55, 0);
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const daySeconds = 86_400;

const collectorNames = [
  'cluster',
  'topic-configs',
  'log-start-offsets',
  'group-membership',
  'committed-offsets',
  'end-offsets',
] as const;

export function collectors(lastSuccessMs: number | null, outcome: 'ok' | 'failed'): ClusterAnswer['collectors'] {
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
    readAtMs: fixtureNowMs - 4_000,
    bootstrap: 'kafka-1.example:9092,kafka-2.example:9092',
    problem: null,
    brokers: { up: 6, known: 6 },
    partitions: { total: 6_180, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 3 },
    worstDiskUsedRatio: 0.61,
    quorum: {
      ...{ leaderId: 102, leaderEpoch: 41, leaderChanges: 2, leaderChangesLastHour: 0, age: 'current' },
      voters: [
        { brokerId: 101, lag: 3, fallingSeconds: 0, silentSeconds: 0.4 },
        { brokerId: 102, lag: 0, fallingSeconds: 0, silentSeconds: 0 },
        { brokerId: 103, lag: 0, fallingSeconds: 0, silentSeconds: 0.2 },
      ],
    },
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
export function sparkline(lagAt: (share: number) => number): [number, number | null][] {
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
