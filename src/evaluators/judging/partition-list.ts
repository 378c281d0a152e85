import { countOf } from '../wording.ts';

/** Partition numbers that evidence names; what is beyond is only counted. */
const listedMax = 100;

/** Which partitions of a topic a finding is about: one finding a topic, however many partitions it has. */
export interface PartitionList {
  partitions: readonly number[];
  partitionCount: number;
}

export function partitionList(partitions: readonly { partition: number }[]): PartitionList {
  const numbers = partitions.slice(0, listedMax).map(({ partition }) => partition);
  return { partitions: numbers, partitionCount: partitions.length };
}

/** `p3 is`, `4 partitions are` */
export function spokenPartitions({ partitions, partitionCount }: PartitionList): string {
  return partitionCount === 1 ? `p${partitions[0]} is` : `${countOf(partitionCount, 'partition')} are`;
}
