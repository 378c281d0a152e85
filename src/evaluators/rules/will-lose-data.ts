import { Type } from 'typebox';
import { lossCauses, outlooks, type Tables } from '../../model/report.ts';
import { isNewcomer, newcomerThresholds } from '../judging/newcomer.ts';
import { allowedStop, rhythmThresholds } from '../judging/rhythm.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { spokenSeconds } from '../wording.ts';

const losesFirst = outlooks.indexOf('loses-first');
const byTime = lossCauses.indexOf('time');

export const willLoseData = defineRule({
  code: 'will-lose-data',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    usualTimeLagFactor: Type.Number({
      default: 3,
      minimum: 1,
      description: 'times the usual time lag that it must have: what it always recovers from is no danger',
    }),
    usualShareMax: Type.Number({
      default: 0.25,
      minimum: 0,
      description:
        'share of retention (as below) from which on no time lag is usual: it may have been learned in bad times',
    }),
    retentionShare: Type.Number({
      default: 0.5,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'share of retention (by size: of the time to fill it) below which the loss is near enough to say so',
    }),
    clearShare: Type.Number({
      default: 0.65,
      exclusiveMinimum: 0,
      description: 'share of retention beyond which it is far enough again: more than retentionShare, or it would flap',
    }),
    ...rhythmThresholds,
    ...newcomerThresholds,
    ...hysteresis({
      raiseAfterPolls: 8,
      raiseAfter: '4m',
      because: 'a projection must hold through bursts, deployments and a pause of two minutes',
    }),
  }),
  doc: {
    meaning: 'At its present pace the group will not read these records before retention deletes them.',
    source:
      'Committed offset, projected, against the retention frontier, bytes towards retention.bytes, or the log start.',
    advice: 'Speed the group up, or lengthen retention.ms or retention.bytes of the topic while there is still time.',
  },
  supersededBy: ['lost-data'],
  suspect: (tables, row, _monotonicMs, thresholds) =>
    tables.series.outlook[row] === losesFirst && mayComeNear(tables, row, thresholds),
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (row.ownership === 'abandoned' || row.outlook === 'losing') return clear('superseded');
    if (row.ownership === null) return unknown(row.whyOwnership ?? 'membership-unread');
    if (row.outlook === null || row.outlook === 'insufficient-data') return unknown('insufficient-data');
    const config = { retentionMs: row.retentionMs, retentionBytes: row.retentionBytes };
    const earliest = row.timeToLossEarliestSeconds;
    if (row.outlook !== 'loses-first' || earliest === null) return clear('recovered', config);
    const { lossPageSeconds } = row.policy;
    const retentionSeconds = wholeRetentionSeconds(row);
    const usualUntil = Math.min(
      thresholds.usualTimeLagFactor * (row.usualTimeLagSeconds ?? 0),
      thresholds.usualShareMax * retentionSeconds,
    );
    const isUsual = row.timeLagSeconds !== null && row.timeLagSeconds < usualUntil;
    const isFar = earliest >= thresholds.retentionShare * retentionSeconds;
    const { usualStopMs } = row.group;
    const allowed = row.consumeRate === 0 ? allowedStop({ policy: row.policy, usualStopMs }, thresholds) : null;
    const isExpected = earliest > lossPageSeconds && allowed !== null && row.standingMs <= allowed.ms;
    if (isExpected) return clear('recovered', config);
    if (isUsual || isFar) {
      return { is: 'building', clears: isUsual || earliest >= thresholds.clearShare * retentionSeconds, config };
    }
    // Not its pace decides: blocked-by-transaction says so, and how soon the records are lost.
    const waitsLong = row.transactionWaitMs !== null && row.transactionWaitMs >= thresholds.raiseAfter;
    if (waitsLong) return clear('superseded', config);
    const latest = row.timeToLossLatestSeconds;
    const drainsInTime = row.timeToDrainSeconds !== null && latest !== null && row.timeToDrainSeconds <= latest;
    const severe = !drainsInTime && earliest <= lossPageSeconds;
    return {
      is: 'raise',
      severity: isNewcomer(row, thresholds) ? 'info' : severe ? 'critical' : 'warning',
      evidence: { ...numbersOf(row), lossPageSeconds, config },
    };
  },
  summary({ timeToLossEarliestSeconds, timeToLossLatestSeconds, timeToDrainSeconds, lossBy, ...evidence }, subject) {
    const when = spokenBounds(timeToLossEarliestSeconds, timeToLossLatestSeconds);
    const drain =
      timeToDrainSeconds === null
        ? 'it is not catching up'
        : `it would need ${spokenSeconds(timeToDrainSeconds)} to catch up`;
    const by = lossBy === 'size' ? 'by size' : lossBy === 'time' ? 'by time' : 'as the log start moves';
    const behind = evidence.timeLagSeconds === null ? '' : `, ${spokenSeconds(evidence.timeLagSeconds)} behind`;
    return `${subject.groupId} loses unread records of ${subject.topic} p${subject.partition} ${when} (${by})${behind}: ${drain}`;
  },
});

/**
 * Whether the loss is so near, or will be before the streak has lasted, that it must be followed. Where nobody reads, every unread
 * record is a loss ahead, mostly a week away: following each of 100,000 series cost 150 MB.
 */
function mayComeNear(
  { series, partitions, topics }: Tables,
  row: number,
  { clearShare, raiseAfter }: { clearShare: number; raiseAfter: number },
): boolean {
  if (series.lossBy[row] !== byTime) return true;
  const retentionMs = topics.config[partitions.topicRow[series.partitionRow[row]!]!]?.retentionMs;
  if (retentionMs === undefined || retentionMs < 0) return true;
  return series.timeToLossEarliestSeconds[row]! * 1000 < clearShare * retentionMs + 2 * raiseAfter;
}

/** Bounds that read alike are one number. */
function spokenBounds(earliestSeconds: number, latestSeconds: number | null): string {
  const earliest = spokenSeconds(earliestSeconds);
  const latest = latestSeconds === null ? earliest : spokenSeconds(latestSeconds);
  return earliest === latest ? `in ${earliest}` : `in ${earliest} at the earliest, ${latest} at the latest`;
}

/** Infinite where the topic's settings do not tell: then no loss is too far away to be said. */
function wholeRetentionSeconds(row: SeriesRow): number {
  if (row.lossBy === 'size') return row.timeToFillSeconds ?? Number.POSITIVE_INFINITY;
  return row.retentionMs === null ? Number.POSITIVE_INFINITY : row.retentionMs / 1000;
}

function numbersOf(row: SeriesRow) {
  return {
    timeToLossEarliestSeconds: row.timeToLossEarliestSeconds ?? 0,
    timeToLossLatestSeconds: row.timeToLossLatestSeconds,
    lossBy: row.lossBy,
    timeToDrainSeconds: row.timeToDrainSeconds,
    timeLagSeconds: row.timeLagSeconds,
    timeLagMethod: row.timeLagMethod,
    usualTimeLagSeconds: row.usualTimeLagSeconds,
    lag: row.lag,
    produceRate: row.produceRate,
    consumeRate: row.consumeRate,
    retentionUsedRatio: row.retentionUsedRatio,
    ownership: row.ownership,
  };
}
