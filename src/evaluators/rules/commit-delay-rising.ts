import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { delayNumbers } from '../falling-behind.ts';
import type { DelayRow } from '../rows.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { spokenSeconds } from '../wording.ts';

export const commitDelayRising = defineRule({
  code: 'commit-delay-rising',
  subject: 'group',
  severity: 'info',
  thresholds: Type.Object({
    delayMin: Duration('30s', 'commit delay at least: two polls, below which it is not known well'),
    usualFactor: Type.Number({ default: 1.5, minimum: 1, description: 'times its usual time lag that it must be' }),
    delayMax: Duration('60s', 'commit delay from which on it is no early word, and lagging decides'),
    usualFactorMax: Type.Number({ default: 2, minimum: 1, description: 'and times its usual time lag' }),
    growthMin: Type.Number({
      default: 0.05,
      exclusiveMinimum: 0,
      description: 'seconds by which it must grow each second, through all thirds of the window: 3 s a minute',
    }),
    ...hysteresis({ raiseAfterPolls: 4, clearAfterPolls: 8, because: 'a window of growth has passed by then already' }),
  }),
  doc: {
    meaning: 'Records grow older before they are committed, though the lag in records does not rise yet.',
    source:
      'Commit delay (time lag just after each commit) of each partition over its window, and the trend of its lag.',
    advice:
      'Processing takes longer than it did: look at what the group calls (database, other services) before it lags. It is early word of lagging.',
  },
  supersededBy: ['lagging', 'stalled', 'stopped'],
  suspect({ groups, series }, row, _monotonicMs, thresholds) {
    if (!(groups.commitDelaySeconds[row]! * 1000 >= thresholds.delayMin)) return false;
    return groups.seriesRows[row]!.some((one) => series.commitDelayGrowth[one]! >= thresholds.growthMin);
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const rising = row.delays.filter((one) => rises(one, thresholds));
    const early = rising.filter((one) => isEarly(one, thresholds));
    if (early.length === 0) {
      if (rising.length > 0) return unknown('lagging-decides');
      return row.reading.staleCollector === null ? clear() : unread(row.reading.staleCollector);
    }
    const worst = early.reduce((a, b) => ((b.commitDelaySeconds ?? 0) > (a.commitDelaySeconds ?? 0) ? b : a));
    return {
      is: 'raise',
      evidence: {
        risingPartitions: early.length,
        partitions: row.delays.length,
        worst: { ...delayNumbers(worst), lagTrend: worst.lagTrend },
      },
    };
  },
  summary({ risingPartitions, worst }, { groupId }) {
    const { topic, partition, commitDelaySeconds, usualTimeLagSeconds, lag } = worst;
    const usual = usualTimeLagSeconds === null ? '' : ` (usually ${spokenSeconds(usualTimeLagSeconds)})`;
    const more = risingPartitions > 1 ? ` and ${risingPartitions - 1} more` : '';
    return `${groupId} commits ever later, though lag does not rise: records of ${topic} p${partition}${more} are ${spokenSeconds(commitDelaySeconds ?? 0)} old by then${usual}, lag ${lag ?? 'unknown'}`;
  },
});

interface Thresholds {
  delayMin: number;
  usualFactor: number;
  delayMax: number;
  usualFactorMax: number;
  growthMin: number;
}

function rises(row: DelayRow, { delayMin, usualFactor, growthMin }: Thresholds): boolean {
  const { commitDelaySeconds: delay, commitDelayGrowth: growth, usualTimeLagSeconds: usual } = row;
  const isRead = row.staleCollector === null && (row.ownership === 'owned' || row.ownership === 'manual');
  if (!isRead || row.consumeRate === 0 || row.timeToDrainSeconds !== null) return false;
  // Without anything usual to compare it with it says nothing that `lagging` will not say better.
  if (delay === null || growth === null || usual === null) return false;
  return delay * 1000 >= delayMin && delay >= usualFactor * usual && growth >= growthMin;
}

/** Where lag rises as well, or may, or the group is late already, it is no early word any more. */
function isEarly({ commitDelaySeconds, usualTimeLagSeconds, lagTrend }: DelayRow, thresholds: Thresholds): boolean {
  const max = Math.max(thresholds.delayMax / 1000, thresholds.usualFactorMax * (usualTimeLagSeconds ?? 0));
  return (commitDelaySeconds ?? 0) < max && (lagTrend === 'steady' || lagTrend === 'falling');
}
