import { reasonsOfWorst } from './group-json.ts';
import { judgedAmong } from './judged-series.ts';
import { ages, lagTrends, lossCauses, outlooks } from './report.ts';
import { numberOf, rateOf, secondsOf } from './report-numbers.ts';
import type { ReportView } from './report-view.ts';
import { soonestLossOf, worstOf } from './series-choice.ts';
import { reasonsOfNulls } from './series-json.ts';
import type { TopicReader } from './wire.ts';

/** A group as the page of one topic shows it: its numbers there alone. `row` is one of report.groupTopics. */
export function topicReader(view: ReportView, row: number): TopicReader {
  const { groups, groupTopics, series } = view.report;
  const groupRow = groupTopics.groupRow[row]!;
  const all = seriesRowsOn(view, groupRow, groupTopics.topicRow[row]!);
  const speaking = judgedAmong(series, all);
  const loss = soonestLossOf(series, speaking);
  const worst = worstOf(series, speaking);
  const fields = {
    groupId: groups.groupId[groupRow]!,
    outlook: outlooks[groupTopics.outlook[row]!]!,
    lag: numberOf(groupTopics.lag[row]),
    maxTimeLagSeconds: secondsOf(groupTopics.maxTimeLagSeconds[row]),
    lagTrend: lagTrends[groupTopics.lagTrend[row]!]!,
    timeToDrainSeconds: secondsOf(groupTopics.timeToDrainSeconds[row]),
    timeToLossEarliestSeconds: secondsOf(groupTopics.timeToLossEarliestSeconds[row]),
    timeToLossLatestSeconds: secondsOf(loss === null ? undefined : series.timeToLossLatestSeconds[loss]),
    lossBy: loss === null ? null : lossCauses[series.lossBy[loss]!]!,
    retentionUsedRatio: rateOf(groupTopics.retentionUsedRatio[row]),
    partitions: all.length,
    worst: worst === null ? null : view.report.partitions.partition[series.partitionRow[worst]!]!,
    age: ages[groups.age[groupRow]!]!,
    readAtMs: numberOf(groups.commitsReadAtMs[groupRow]),
  };
  return { ...fields, unknown: reasonsOfNulls(fields, reasonsOfWorst(view, worst, fields.readAtMs === null)) };
}

function seriesRowsOn({ report: { groups, series, partitions } }: ReportView, groupRow: number, topicRow: number) {
  return Array.from(groups.seriesRows[groupRow]!).filter(
    (row) => series.alive[row] === 1 && partitions.topicRow[series.partitionRow[row]!] === topicRow,
  );
}
