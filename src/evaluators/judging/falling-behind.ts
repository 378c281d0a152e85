import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { DelayRow } from '../rows/row-types.ts';

/** When a series that somebody reads falls behind: common to `lagging`, and to `hot-partition`, which names the one to blame. */
export const fallingBehindThresholds = {
  delayMin: Duration('60s', 'commit delay at least: less is a matter of batches and pauses'),
  usualFactor: Type.Number({
    default: 2,
    minimum: 1,
    description:
      'times its usual time lag that the commit delay must be: a group that is always late is not falling behind',
  }),
  steadyLagMin: Type.Integer({
    default: 100,
    minimum: 1,
    description:
      'lag, records, from which on a lag that does not rise is no falling behind: less comes, and all of it is read',
  }),
  growthMin: Type.Number({
    default: 0.05,
    exclusiveMinimum: 0,
    description:
      'seconds by which the commit delay must grow each second, through all thirds of the window: 3 s a minute',
  }),
};

interface Thresholds {
  delayMin: number;
  usualFactor: number;
  growthMin: number;
  steadyLagMin: number;
}

/**
 * How a series stands. `falls-behind`: far later than usual, and ever later, for it reads less than comes; `late`: one of the two, and
 * not on its way back; `rather-late`: later than usual, no more; `unread`: late, and nobody reads; `unknown`: perhaps late, the data
 * do not tell; `well`: all else.
 */
export type Standing = 'falls-behind' | 'late' | 'rather-late' | 'unread' | 'unknown' | 'well';

/** Judges by the commit delay, which is the time lag without the sawtooth of the commits. */
export function standingOf(row: DelayRow, thresholds: Thresholds): Standing {
  if (row.ownership === 'dropped' || row.ownership === 'abandoned') return 'well';
  const delayMin = thresholds.delayMin / 1000;
  const mayBeLate = row.timeLagSeconds === null ? row.lag !== null && row.lag > 0 : row.timeLagSeconds >= delayMin;
  if (!mayBeLate || row.timeLagMethod === 'residue') return 'well';
  if (row.staleCollector !== null) return 'unknown';
  const isRead = (row.ownership === 'owned' || row.ownership === 'manual') && row.consumeRate !== 0;
  if (!isRead) return 'unread';
  const { commitDelaySeconds, commitDelayGrowth } = row;
  if (commitDelaySeconds === null) return 'unknown';
  if (commitDelaySeconds < delayMin || row.timeToDrainSeconds !== null) return 'well';
  const usual = row.usualTimeLagSeconds ?? 0;
  const isFarLater = commitDelaySeconds >= thresholds.usualFactor * usual;
  const grows =
    commitDelayGrowth !== null && commitDelayGrowth >= thresholds.growthMin && !readsAllThatComes(row, thresholds);
  if (isFarLater && grows) return 'falls-behind';
  if (isFarLater || grows) return 'late';
  return commitDelaySeconds >= usual ? 'rather-late' : 'well';
}

/** Its records grow older all the same where fewer come: `commit-delay-rising` tells of that. */
export function readsAllThatComes(
  { lag, lagTrend }: DelayRow,
  { steadyLagMin }: Pick<Thresholds, 'steadyLagMin'>,
): boolean {
  return (lagTrend === 'steady' || lagTrend === 'falling') && (lag ?? 0) >= steadyLagMin;
}

/** The numbers that a series' standing can be redone with. */
export function delayNumbers(row: DelayRow) {
  return {
    topic: row.topic,
    partition: row.partition,
    lag: row.lag,
    lagTrend: row.lagTrend,
    timeLagSeconds: row.timeLagSeconds,
    commitDelaySeconds: row.commitDelaySeconds,
    commitDelayGrowth: row.commitDelayGrowth,
    usualTimeLagSeconds: row.usualTimeLagSeconds,
    commitIntervalSeconds: row.learnedIntervalMs === null ? null : row.learnedIntervalMs / 1000,
    produceRate: row.produceRate,
    consumeRate: row.consumeRate,
  };
}
