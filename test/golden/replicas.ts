import type { ClusterState, PartitionState, Snapshot } from '../../src/model/snapshot.ts';

/** The snapshot with what Metadata said changed. */
export function withCluster(snapshot: Snapshot, change: (cluster: ClusterState) => Partial<ClusterState>): Snapshot {
  const read = snapshot.reads.cluster!;
  const value = { ...read.value, ...change(read.value) };
  return { ...snapshot, reads: { ...snapshot.reads, cluster: { ...read, value } } };
}

/** Every partition changed alike, on a cluster of six brokers, but for those that are away. */
export function withPartitions(
  snapshot: Snapshot,
  change: (state: PartitionState) => Partial<PartitionState>,
  away: readonly number[] = [],
): Snapshot {
  return withCluster(snapshot, ({ topics }) => ({
    brokers: [1, 2, 3, 4, 5, 6]
      .filter((brokerId) => !away.includes(brokerId))
      .map((brokerId) => ({ brokerId, host: `b${brokerId}`, port: 9092, rack: null })),
    topics: topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((state) => ({ ...state, ...change(state) })),
    })),
  }));
}
