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

/** min.insync.replicas of a topic row; null before its config was read. */
export function minInSyncReplicasOf(report: Pick<Report, 'topics'>, topicRow: number): number | null {
  return report.topics.config[topicRow]?.minInSyncReplicas ?? null;
}

export function partitionHealth(report: Pick<Report, 'partitions' | 'topics'>, partitionRow: number): PartitionHealth {
  const { partitions } = report;
  const replicas = partitions.replicas[partitionRow]!;
  const inSync = partitions.inSyncReplicas[partitionRow]!;
  const adding = partitions.addingReplicas[partitionRow]!;
  const minInSync = minInSyncReplicasOf(report, partitions.topicRow[partitionRow]!) ?? Number.NaN;
  return {
    offline: partitions.offline[partitionRow] === 1,
    underReplicated: inSync < replicas - (Number.isNaN(adding) ? 0 : adding),
    underMinIsr: inSync < minInSync,
    atMinIsr: inSync === minInSync && inSync < replicas,
  };
}
