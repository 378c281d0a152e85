import type { ClusterHistory } from '../../history/cluster-history.ts';
import type { Intake } from './intake.ts';

/**
 * An answer without a commit for this series, of a group that was read. While a member owns the partition, notes since when records
 * wait for the first commit: those that have come since are what a reader must have seen, wherever it began.
 */
export function observeUncommitted({ history }: Intake, row: number): void {
  const { numbers, codes, links } = history.series;
  if (codes.assigned[row] === 0) {
    forgetUncommitted(history, row);
    return;
  }
  // Of the cycle before: ends are read after the commits.
  const { highWatermark, endReadAt } = history.partitions.numbers;
  const partitionRow = links.partitionRow[row]!;
  const end = highWatermark[partitionRow]!;
  const hadCome = numbers.endWhenAssigned[row]! < end;
  if (Number.isNaN(numbers.endWhenAssigned[row]!)) numbers.endWhenAssigned[row] = end;
  else if (hadCome && Number.isNaN(numbers.uncommittedSince[row]!)) {
    numbers.uncommittedSince[row] = endReadAt[partitionRow]!;
  }
}

export function forgetUncommitted({ series }: ClusterHistory, row: number): void {
  series.numbers.endWhenAssigned[row] = Number.NaN;
  series.numbers.uncommittedSince[row] = Number.NaN;
}
