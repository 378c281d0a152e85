import { partitionHealth } from '../../model/partition-health.ts';
import type { BrokerRow as BrokerOfReport, LogDirRow as LogDirOfReport, Tables } from '../../model/report.ts';
import type { Facet } from '../../model/snapshot.ts';
import type { Place } from './row-types.ts';

/** A broker as rules read it. */
export interface BrokerRow extends BrokerOfReport {
  staleCollector: Facet | null;
  /** What the living brokers hold each, on average; null: none lives, or no size was read. */
  readonly usual: { leaders: number; replicas: number; sizeBytes: number | null };
  livingBrokers: number;
  /** Whether some reassignment is adding replicas anywhere: until it ends, nothing says how they are meant to lie. */
  readonly isReassigning: boolean;
  /** Partitions with a replica on it that is not in sync. */
  readonly lacked: LackedReplicas;
}

export interface LackedReplicas {
  partitions: number;
  underMinIsr: number;
  offline: number;
  /** The first few of them, those in worse health first. */
  examples: readonly Place[];
}

/** A log directory of one broker. */
export interface LogDirRow extends LogDirOfReport {
  brokerId: number;
  staleCollector: Facet | null;
}

const examplesAtMost = 5;

/** What is costly is reckoned at the first look, and only of the broker that a rule asks about. */
export function makeBrokerRow(tables: Tables, row: number, staleCollector: Facet | null): BrokerRow {
  const broker = tables.brokers[row]!;
  const living = tables.brokers.filter(({ up }) => up);
  return {
    ...broker,
    staleCollector,
    livingBrokers: living.length,
    get usual() {
      return averages(living);
    },
    get isReassigning() {
      return hasAddingReplicas(tables);
    },
    get lacked() {
      return lackedReplicas(tables, broker.brokerId);
    },
  };
}

function averages(living: readonly BrokerOfReport[]): BrokerRow['usual'] {
  const mean = (value: (broker: BrokerOfReport) => number) =>
    living.reduce((sum, broker) => sum + value(broker), 0) / Math.max(1, living.length);
  const isSized = living.some(({ sizeBytes }) => sizeBytes !== null);
  return {
    leaders: mean(({ leaders }) => leaders),
    replicas: mean(({ replicas }) => replicas),
    sizeBytes: isSized ? mean(({ sizeBytes }) => sizeBytes ?? 0) : null,
  };
}

function hasAddingReplicas({ partitions }: Tables): boolean {
  for (let row = 0; row < partitions.rows; row++) {
    if (partitions.alive[row] === 1 && partitions.addingReplicas[row]! > 0) return true;
  }
  return false;
}

function lackedReplicas(tables: Tables, brokerId: number): LackedReplicas {
  const { partitions, topics } = tables;
  const found: { row: number; health: number }[] = [];
  let underMinIsr = 0;
  let offline = 0;
  for (let row = 0; row < partitions.rows; row++) {
    if (partitions.alive[row] !== 1 || !partitions.replicaIds[row]?.includes(brokerId)) continue;
    const health = partitionHealth(tables, row);
    if (partitions.inSyncReplicaIds[row]!.includes(brokerId) && !health.offline) continue;
    if (health.offline) offline++;
    else if (health.underMinIsr) underMinIsr++;
    found.push({ row, health: health.offline ? 2 : Number(health.underMinIsr) });
  }
  const worst = found.toSorted((a, b) => b.health - a.health || a.row - b.row).slice(0, examplesAtMost);
  const examples = worst.map(({ row }) => ({
    topic: topics.topic[partitions.topicRow[row]!]!,
    partition: partitions.partition[row]!,
  }));
  return { partitions: found.length, underMinIsr, offline, examples };
}

/** The directories of all brokers, in their order. */
export function logDirRows({ brokers }: Tables): LogDirRow[] {
  return brokers.flatMap(({ brokerId, logDirs }) =>
    logDirs.map((dir) => ({
      ...dir,
      brokerId,
      staleCollector: dir.age === 'stale' ? ('log-dirs' as const) : null,
    })),
  );
}
