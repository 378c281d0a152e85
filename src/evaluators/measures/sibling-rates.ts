import type { ClusterHistory } from '../../history/cluster-history.ts';

/**
 * What is usual among the partitions of a topic: the median of their produce rates, the lower one of two, written for each of
 * them into `out`. NaN where no rate is known.
 */
export function measureSiblingRates({ topics, topicTable, partitions }: ClusterHistory, out: Float64Array): void {
  const { produceRate } = partitions.numbers;
  for (let row = 0; row < topicTable.rows.count; row++) {
    if (topicTable.rows.alive[row] === 0) continue;
    const { partitionRows } = topics[row]!;
    const median = lowerMedian(Float64Array.from(partitionRows, (partition) => produceRate[partition]!));
    for (const partition of partitionRows) out[partition] = median;
  }
}

/** The middle of the numbers that are known, the lower one of two; NaN where none is. Sorts them in place, NaN last. */
export function lowerMedian(numbers: Float64Array): number {
  numbers.sort();
  let known = numbers.length;
  while (known > 0 && Number.isNaN(numbers[known - 1]!)) known--;
  return known === 0 ? Number.NaN : numbers[(known - 1) >> 1]!;
}
