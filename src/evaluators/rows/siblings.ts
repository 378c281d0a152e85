import type { Tables } from '../../model/report.ts';
import { lowerMedian } from '../measures/sibling-rates.ts';
import { known } from './group-reading.ts';
import type { Siblings } from './row-types.ts';

/** What is usual on the partitions of a series' topic: of what is produced, and of the lag of its own group. */
export function siblingsOf({ topics, partitions, groups, series }: Tables, row: number): Siblings {
  const partitionRow = series.partitionRow[row]!;
  const topicRow = partitions.topicRow[partitionRow]!;
  const ofTopic = groups.seriesRows[series.groupRow[row]!]!.filter(
    (other) => partitions.topicRow[series.partitionRow[other]!] === topicRow,
  );
  return {
    partitions: topics.partitionRows[topicRow]!.length,
    produceRate: known(partitions.siblingProduceRate[partitionRow]),
    lag: known(lowerMedian(Float64Array.from(ofTopic, (other) => series.lag[other]!))),
  };
}
