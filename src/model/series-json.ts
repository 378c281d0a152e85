import {
  ages,
  lagTrends,
  lossCauses,
  outlooks,
  ownerships,
  type Report,
  timeLagMethods,
  type UnknownReason,
  unknownReasons,
} from './report.ts';
import { numberOf, rateOf, secondsOf } from './report-numbers.ts';
import type { ReportView } from './report-view.ts';
import { whyNext } from './why-next.ts';
import type { PartitionReport } from './wire.ts';

/** One group on one partition; `row` is one of report.series. */
export function partitionReport({ report }: ReportView, row: number): PartitionReport {
  const { series, partitions } = report;
  const partitionRow = series.partitionRow[row]!;
  const outlook = outlooks[series.outlook[row]!]!;
  const lossBy = lossCauses[series.lossBy[row]!]!;
  const ownership = ownerships[series.ownership[row]!]!;
  const member = report.groups.memberList[series.groupRow[row]!]?.[series.memberIndex[row]!];
  const fields = {
    topic: report.topics.topic[partitions.topicRow[partitionRow]!]!,
    partition: partitions.partition[partitionRow]!,
    ownership,
    committedOffset: numberOf(series.committedOffset[row]),
    endOffset: numberOf(series.endOffset[row]),
    logStartOffset: numberOf(partitions.logStartOffset[partitionRow]),
    lag: numberOf(series.lag[row]),
    lagTrend: lagTrends[series.lagTrend[row]!]!,
    lagSlopePerSecond: rateOf(series.lagSlopePerSecond[row]),
    produceRate: rateOf(partitions.produceRate[partitionRow]),
    consumeRate: rateOf(series.consumeRate[row]),
    timeLagSeconds: secondsOf(series.timeLagSeconds[row]),
    timeLagMethod: timeLagMethods[series.timeLagMethod[row]!]!,
    commitDelaySeconds: secondsOf(series.commitDelaySeconds[row]),
    timeToDrainSeconds: secondsOf(series.timeToDrainSeconds[row]),
    timeToLossEarliestSeconds: secondsOf(series.timeToLossEarliestSeconds[row]),
    timeToLossLatestSeconds: secondsOf(series.timeToLossLatestSeconds[row]),
    lossBy,
    retentionUsedRatio: rateOf(series.retentionUsedRatio[row]),
    outlook,
    age: ages[series.age[row]!]!,
    memberId: member?.memberId ?? null,
    clientId: member?.clientId ?? null,
    clientHost: member?.clientHost ?? null,
    commitIntervalSeconds: secondsOf(series.commitIntervalMs[row]! / 1000),
    lastProgressMs: numberOf(series.lastProgressMs[row]),
  };
  return {
    ...fields,
    whyNext: whyNext({ outlook, lossBy, ownership, reason: mainReason(report, row), stands: fields.consumeRate === 0 }),
    unknown: seriesUnknowns(report, row, fields),
  };
}

/** What the outlook waits for: the first of lag, rates and loss that is not known. */
function mainReason({ series }: Report, row: number): UnknownReason {
  const codes = [series.whyLag, series.whyConsumeRate, series.whyTimeToLoss, series.whyTimeLag];
  return unknownReasons[codes.map((column) => column[row]!).find((code) => code !== 0) ?? 0]!;
}

/** Why a number of the series is null. Those without a reason do not apply. */
function seriesUnknowns({ series }: Report, row: number, fields: { [field: string]: unknown }): Record<string, string> {
  const timeToLoss = unknownReasons[series.whyTimeToLoss[row]!]!;
  const lag = unknownReasons[series.whyLag[row]!]!;
  const reasons = {
    ownership: unknownReasons[series.whyOwnership[row]!]!,
    committedOffset: lag,
    endOffset: 'end-offset-unread',
    logStartOffset: 'log-start-unread',
    lag,
    produceRate: 'insufficient-data',
    consumeRate: unknownReasons[series.whyConsumeRate[row]!]!,
    timeLagSeconds: unknownReasons[series.whyTimeLag[row]!]!,
    commitDelaySeconds: lag ?? 'insufficient-data',
    timeToDrainSeconds: unknownReasons[series.whyTimeToDrain[row]!]!,
    timeToLossEarliestSeconds: timeToLoss,
    timeToLossLatestSeconds: timeToLoss,
    retentionUsedRatio: timeToLoss,
  };
  return reasonsOfNulls(fields, reasons);
}

/** Of the reasons, those whose field is null. */
export function reasonsOfNulls(
  fields: { [field: string]: unknown },
  reasons: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const unknown: Record<string, string> = {};
  for (const [field, reason] of Object.entries(reasons)) {
    if (reason !== null && fields[field] === null) unknown[field] = reason;
  }
  return unknown;
}
