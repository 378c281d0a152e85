import type { Report } from './report.ts';

/** How the replicas of one partition stand. What cannot be known (config or Metadata unread) is false here: no evidence of trouble. */
export interface PartitionHealth {
  offline: boolean;
  /** Fewer in-sync replicas than replicas, those that a reassignment is adding left out. */
  underReplicated: boolean;
  /** Fewer in-sync replicas than min.insync.replicas: producers with acks=all are refused. */
  underMinIsr: boolean;
  /** One more lost replica refuses them. Where all replicas are in sync this is a lint, not a state. */
  atMinIsr: boolean;
}

type PartitionTables = Pick<Report, 'partitions' | 'topics'>;

/** min.insync.replicas of a topic row; null before its config was read. */
export function minInSyncReplicasOf(report: Pick<Report, 'topics'>, topicRow: number): number | null {
  return report.topics.config[topicRow]?.minInSyncReplicas ?? null;
}

export function partitionHealth(report: PartitionTables, partitionRow: number): PartitionHealth {
  return {
    offline: isInState(report, partitionRow, 'offline'),
    underReplicated: isInState(report, partitionRow, 'underReplicated'),
    underMinIsr: isInState(report, partitionRow, 'underMinIsr'),
    atMinIsr: isInState(report, partitionRow, 'atMinIsr'),
  };
}

/** One state alone, for those who ask it of every partition there is: makes nothing. */
export function isInState(report: PartitionTables, partitionRow: number, state: keyof PartitionHealth): boolean {
  const { partitions } = report;
  const replicas = partitions.replicas[partitionRow]!;
  const inSync = partitions.inSyncReplicas[partitionRow]!;
  const minInSync = minInSyncReplicasOf(report, partitions.topicRow[partitionRow]!) ?? Number.NaN;
  switch (state) {
    case 'offline':
      return partitions.offline[partitionRow] === 1;
    case 'underReplicated':
      return inSync < replicas - (partitions.addingReplicas[partitionRow]! || 0);
    case 'underMinIsr':
      return inSync < minInSync;
    case 'atMinIsr':
      return inSync === minInSync && inSync < replicas;
  }
}
