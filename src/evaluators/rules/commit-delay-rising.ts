import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { delayNumbers, fallingBehindThresholds, readsAllThatComes } from '../judging/falling-behind.ts';
import type { DelayRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { spokenSeconds } from '../wording.ts';

export const commitDelayRising = defineRule({
  code: 'commit-delay-rising',
  subject: 'group',
  severity: 'info',
  thresholds: Type.Object({
    earlyMin: Duration('30s', 'commit delay at least: two polls, below which it is not known well'),
    delayMin: fallingBehindThresholds.delayMin,
    usualFactor: fallingBehindThresholds.usualFactor,
    steadyLagMin: fallingBehindThresholds.steadyLagMin,
    growthMin: fallingBehindThresholds.growthMin,
    growthMax: Type.Number({
      default: 0.9,
      exclusiveMinimum: 0,
      description: 'and at most: by a second each second it grows while a heap is read that came at one moment',
    }),
    doublesWithin: Duration('30m', 'time in which it would be twice what it is: what is hours late wavers by minutes'),
    clearWithin: Duration(
      '45m',
      'and from when on it is slow enough again: more than doublesWithin, or each poll would say something else',
    ),
    ...hysteresis({ raiseAfterPolls: 4, clearAfterPolls: 8, because: 'a window of growth has passed by then already' }),
  }),
  doc: {
    meaning: 'Records grow older before they are committed, though the lag in records does not rise yet.',
    source:
      'Commit delay (time lag just after each commit) of each partition over its window, and the trend of its lag.',
    advice:
      'Processing takes longer than it did: look at what the group calls (database, other services) before it lags. It is early word of lagging. Where fewer records come than before, and all that come are read, it only shows an old heap that is never worked off.',
  },
  supersededBy: ['lagging', 'stalled', 'stopped'],
  suspect({ groups, series }, row, _monotonicMs, thresholds) {
    if (!(groups.commitDelaySeconds[row]! * 1000 >= thresholds.earlyMin)) return false;
    return groups.seriesRows[row]!.some((one) => series.commitDelayGrowth[one]! >= thresholds.growthMin);
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const rising = row.delays.filter((one) => rises(one, thresholds));
    const alone = rising.filter((one) => isAlone(one, thresholds));
    if (alone.length === 0) {
      if (rising.length > 0) return unknown('lagging-decides');
      const slower = { ...thresholds, doublesWithin: thresholds.clearWithin };
      const isNearly = row.delays.some((one) => rises(one, slower) && isAlone(one, slower));
      if (isNearly) return { is: 'building', clears: false };
      return row.reading.staleCollector === null ? clear() : unread(row.reading.staleCollector);
    }
    const worst = alone.reduce((a, b) => ((b.commitDelaySeconds ?? 0) > (a.commitDelaySeconds ?? 0) ? b : a));
    return {
      is: 'raise',
      evidence: {
        risingPartitions: alone.length,
        partitions: row.delays.length,
        worst: delayNumbers(worst),
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
  earlyMin: number;
  delayMin: number;
  usualFactor: number;
  steadyLagMin: number;
  growthMin: number;
  growthMax: number;
  doublesWithin: number;
}

function rises(row: DelayRow, { earlyMin, growthMin, growthMax, doublesWithin }: Thresholds): boolean {
  const { commitDelaySeconds: delay, commitDelayGrowth: growth } = row;
  const isRead = row.staleCollector === null && (row.ownership === 'owned' || row.ownership === 'manual');
  if (!isRead || row.consumeRate === 0 || row.timeToDrainSeconds !== null) return false;
  if (delay === null || growth === null || delay * 1000 < earlyMin) return false;
  return growth >= growthMin && growth <= growthMax && (delay / growth) * 1000 <= doublesWithin;
}

/**
 * Whether its lag does not rise with it. From a minute on a lag of a few records tells nothing, and `lagging` decides; so it does
 * of what is far later than usual, or of which nothing is known to be usual: it has never kept up.
 */
function isAlone(row: DelayRow, thresholds: Thresholds): boolean {
  const { commitDelaySeconds: delay, usualTimeLagSeconds: usual, lagTrend } = row;
  if (delay === null || usual === null) return false;
  const isSteady = lagTrend === 'steady' || lagTrend === 'falling';
  if (isSteady && delay * 1000 < thresholds.delayMin) return true;
  return readsAllThatComes(row, thresholds) && delay < thresholds.usualFactor * usual;
}
