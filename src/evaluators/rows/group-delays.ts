import { ages, lagTrends, ownerships, type Tables, timeLagMethods } from '../../model/report.ts';
import { known, learnedIntervalMs, oldestCollector } from './group-reading.ts';
import type { DelayRow } from './row-types.ts';

const stale = ages.indexOf('stale');

/** How late a series is: what the findings on lag read of a row, for a whole one costs ten times as much. */
export function readDelay(tables: Tables, row: number): DelayRow {
  const { series, partitions, topics } = tables;
  const partitionRow = series.partitionRow[row]!;
  return {
    topic: topics.topic[partitions.topicRow[partitionRow]!]!,
    partition: partitions.partition[partitionRow]!,
    staleCollector: series.age[row] === stale ? oldestCollector(tables, row) : null,
    ownership: ownerships[series.ownership[row]!]!,
    timeLagMethod: timeLagMethods[series.timeLagMethod[row]!]!,
    lagTrend: lagTrends[series.lagTrend[row]!]!,
    lag: known(series.lag[row]),
    timeLagSeconds: known(series.timeLagSeconds[row]),
    usualTimeLagSeconds: known(series.usualTimeLagSeconds[row]),
    commitDelaySeconds: known(series.commitDelaySeconds[row]),
    commitDelayGrowth: known(series.commitDelayGrowth[row]),
    timeToDrainSeconds: known(series.timeToDrainSeconds[row]),
    produceRate: known(partitions.produceRate[partitionRow]),
    consumeRate: known(series.consumeRate[row]),
    learnedIntervalMs: learnedIntervalMs(tables, row),
  };
}

/** The same of each series of a group. */
export function readDelays(tables: Tables, groupRow: number): DelayRow[] {
  return Array.from(tables.groups.seriesRows[groupRow] ?? [], (row) => readDelay(tables, row));
}
