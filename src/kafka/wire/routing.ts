import type { Broker, ClusterState, PartitionState } from '../../model/snapshot.ts';

const offsetsTopic = '__consumer_offsets';

/** Who leads a partition, and in which epoch. */
export interface Leader {
  brokerId: number;
  epoch: number;
}

/** Whom to ask about what: one answer of Metadata, made ready to look things up in. */
export class Routing {
  readonly brokers: readonly Broker[];
  readonly #topics: ReadonlyMap<string, readonly (PartitionState | undefined)[]>;
  readonly #offsetsPartitions: readonly PartitionState[];

  constructor(state: Pick<ClusterState, 'brokers' | 'topics'>) {
    this.brokers = state.brokers;
    this.#topics = new Map(state.topics.map(({ topic, partitions }) => [topic, byIndex(partitions)]));
    this.#offsetsPartitions = state.topics.find(({ topic }) => topic === offsetsTopic)?.partitions ?? [];
  }

  /** Undefined where the partition is not known or has no leader. */
  leader(topic: string, partition: number): Leader | undefined {
    const state = this.#topics.get(topic)?.[partition];
    if (!state || state.leader === null) return undefined;
    return { brokerId: state.leader, epoch: state.leaderEpoch ?? -1 };
  }

  /** The leader of the partition of `__consumer_offsets` that holds the group; null where it has none. */
  coordinator(groupId: string): number | null {
    const count = this.#offsetsPartitions.length;
    if (count === 0) return null;
    return this.leader(offsetsTopic, offsetsPartition(groupId, count))?.brokerId ?? null;
  }

  /** Whether every group has a coordinator: without one, listings silently lack its groups. */
  get everyGroupHasCoordinator(): boolean {
    return this.#offsetsPartitions.every((partition) => partition.leader !== null);
  }
}

/** The partition of `__consumer_offsets` that holds a group (GroupCoordinatorService.partitionFor over Utils.abs). */
export function offsetsPartition(groupId: string, partitions: number): number {
  const hash = javaHashCode(groupId);
  // Utils.abs: the one value whose opposite is no int32 counts as 0. (Not the mask 0x7fffffff that keys of records are spread by.)
  const positive = hash === -0x8000_0000 ? 0 : Math.abs(hash);
  return positive % partitions;
}

/** Java's String.hashCode: over UTF-16 units, as JavaScript's strings have them. */
function javaHashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Partition numbers are dense, so that an array is the fastest map. */
function byIndex(partitions: readonly PartitionState[]): (PartitionState | undefined)[] {
  const indexed: (PartitionState | undefined)[] = [];
  for (const partition of partitions) indexed[partition.partition] = partition;
  return indexed;
}
