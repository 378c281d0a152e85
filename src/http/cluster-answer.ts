import { partitionHealth } from '../model/partition-health.ts';
import { ages, type CollectorStatus, outlooks, type Report } from '../model/report.ts';
import { aliveRows } from '../model/report-view.ts';
import type { ClusterAnswer } from '../model/wire.ts';
import type { ClusterSlot } from './report-board.ts';

/** One cluster in a line. Before the first report it is known by name only: not reachable, and nothing counted. */
export function clusterAnswer({ name, bootstrap, intervalMs, view, problem, store }: ClusterSlot): ClusterAnswer {
  const report = view?.report ?? null;
  return {
    cluster: name,
    clusterId: report?.clusterId ?? null,
    reachable: problem === null && report?.reachable === true,
    completeness: report?.completeness ?? 'full',
    atMs: report?.atMs ?? null,
    readAtMs: readAtMs(report),
    bootstrap,
    problem: problem ?? (report === null ? 'The first cycle has not ended yet.' : null),
    brokers: { up: report?.brokers.filter(({ up }) => up).length ?? 0, known: report?.brokers.length ?? 0 },
    partitions: partitionCounts(report),
    quorum: quorumAnswer(report),
    worstDiskUsedRatio: report === null ? null : worstDiskUsedRatio(report),
    groups: groupCounts(report),
    findings: findingCounts(report),
    intervalMs,
    collectors: report?.collectors.map(collectorAnswer) ?? [],
    store: store === null ? null : { ...store },
  };
}

/** A report comes in each cycle, also while Kafka does not answer: its data is as old as the last success of a collector. */
function readAtMs(report: Report | null): number | null {
  const successes = report?.collectors.flatMap(({ lastSuccessMs }) => lastSuccessMs ?? []) ?? [];
  return successes.length === 0 ? null : Math.max(...successes);
}

function partitionCounts(report: Report | null): ClusterAnswer['partitions'] {
  const counts = { total: 0, offline: 0, underReplicated: 0, underMinIsr: 0, atMinIsr: 0 };
  if (report === null) return counts;
  for (const row of aliveRows(report.partitions)) {
    const health = partitionHealth(report, row);
    counts.total++;
    if (health.offline) counts.offline++;
    if (health.underReplicated) counts.underReplicated++;
    if (health.underMinIsr) counts.underMinIsr++;
    if (health.atMinIsr) counts.atMinIsr++;
  }
  return counts;
}

function groupCounts(report: Report | null): ClusterAnswer['groups'] {
  const byOutlook: Record<string, number> = {};
  for (const outlook of outlooks) if (outlook !== null) byOutlook[outlook] = 0;
  const counts = { total: 0, unread: 0, byOutlook };
  if (report === null) return counts;
  for (const row of aliveRows(report.groups)) {
    const outlook = outlooks[report.groups.outlook[row]!];
    counts.total++;
    if (ages[report.groups.age[row]!] !== 'current') counts.unread++;
    if (outlook) byOutlook[outlook]!++;
  }
  return counts;
}

/** Explained and muted findings are left out: they are nobody's next step. */
function findingCounts(report: Report | null): ClusterAnswer['findings'] {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity, cause, muted } of report?.findings ?? []) {
    if (cause === null && muted !== true) counts[severity]++;
  }
  return counts;
}

function quorumAnswer(report: Report | null): ClusterAnswer['quorum'] {
  const quorum = report?.quorum ?? null;
  return quorum === null ? null : { ...quorum, voters: quorum.voters.map((voter) => ({ ...voter })) };
}

function worstDiskUsedRatio({ brokers }: Report): number | null {
  let worst: number | null = null;
  for (const { totalBytes, usableBytes } of brokers.flatMap(({ logDirs }) => logDirs)) {
    if (totalBytes === null || usableBytes === null || totalBytes <= 0) continue;
    worst = Math.max(worst ?? 0, 1 - usableBytes / totalBytes);
  }
  return worst;
}

function collectorAnswer(status: CollectorStatus): ClusterAnswer['collectors'][number] {
  const { collector, startedAtMs, durationMs, outcome, everyMs, lastSuccessMs, failingPolls } = status;
  const failures = status.failures.map(({ code, message, brokerId }) => ({
    code,
    ...(message === undefined ? {} : { message }),
    ...(brokerId === undefined ? {} : { brokerId }),
  }));
  return { collector, startedAtMs, durationMs, outcome, everyMs, lastSuccessMs, failingPolls, failures };
}
