import { Type } from 'typebox';
import { severities } from '../../model/finding.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { spokenSeconds } from '../wording.ts';

export const sloBreached = defineRule({
  code: 'slo-breached',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({ ...hysteresis({ because: 'the owner has promised this very number' }) }),
  doc: {
    meaning: 'The time lag is longer than the owner of the group promises (sloLagSeconds of its policy).',
    source:
      'Time lag of each partition that somebody reads or should read, against the policy of its group and topic. It ends only where the next commit comes before the promise is broken again.',
    advice:
      'The summary says when draining will end it. If it does not drain, look at what else is found on the group; if the promise is wrong, change sloLagSeconds. Its severity is sloSeverity of the policy.',
  },
  suspect: ({ groups }, row) => groups.maxTimeLagSeconds[row]! > groups.sloLagSeconds[row]!,
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const promised = row.series.filter(isPromised);
    const config = { sloLagSeconds: promised.length === 0 ? null : Math.min(...promised.map(sloOf)) };
    if (promised.length === 0) {
      return clear(
        row.series.some(({ policy }) => policy.sloLagSeconds !== undefined) ? 'recovered' : 'config-changed',
      );
    }
    const breached = promised.filter((one) => one.staleCollector === null && (one.timeLagSeconds ?? 0) > sloOf(one));
    if (breached.length > 0) {
      const worst = breached.reduce((a, b) => (excessOf(b) > excessOf(a) ? b : a));
      const severity = severities.findLast((one) => breached.some(({ policy }) => policy.sloSeverity === one));
      return {
        is: 'raise',
        ...(severity !== undefined && { severity }),
        evidence: {
          sloLagSeconds: sloOf(worst),
          breachedPartitions: breached.length,
          partitions: promised.length,
          endsInSeconds: endOf(breached),
          worst: numbersOf(worst),
          config,
        },
      };
    }
    const unreadOne = promised.find(({ staleCollector }) => staleCollector !== null);
    if (unreadOne?.staleCollector) return unread(unreadOne.staleCollector);
    if (promised.some((one) => one.timeLagSeconds === null && one.lag !== 0)) return unknown('time-lag-unknown');
    return promised.some(willBeOver) ? unknown('may-be-over-before-the-next-commit') : clear('recovered', config);
  },
  summary({ sloLagSeconds, breachedPartitions, partitions, endsInSeconds, worst }, { groupId }) {
    const where = `${worst.topic} p${worst.partition}`;
    const behind = `${groupId} is ${spokenSeconds(worst.timeLagSeconds ?? 0)} behind on ${where}`;
    const many =
      breachedPartitions > 1 ? ` and behind its promise on ${breachedPartitions} of ${partitions} partitions` : '';
    const end = endsInSeconds === null ? 'it is not draining' : `draining ends it in ${spokenSeconds(endsInSeconds)}`;
    return `${behind}${many}, promised are ${spokenSeconds(sloLagSeconds)}: ${end}`;
  },
});

/**
 * What nobody is meant to read any more keeps no promise, and breaks none; neither do markers, nor a partition on which nothing was
 * ever committed: there is no lag there. Of a commit that is gone the time lag is not known.
 */
function isPromised({ ownership, policy, timeLagMethod, committedOffset, everMoved }: SeriesRow): boolean {
  const counts = ownership !== null && ownership !== 'dropped' && ownership !== 'abandoned';
  const isBegun = committedOffset !== null || everMoved;
  return counts && isBegun && policy.sloLagSeconds !== undefined && timeLagMethod !== 'residue';
}

function sloOf({ policy }: SeriesRow): number {
  return policy.sloLagSeconds ?? Number.POSITIVE_INFINITY;
}

function excessOf(row: SeriesRow): number {
  return (row.timeLagSeconds ?? 0) / sloOf(row);
}

/**
 * Whether the time lag will pass the promise again before the next commit takes it down: it starts from the commit delay and grows
 * by a second each second. One finding for as long as that goes on, not one each commit. While it is not known when the next
 * commit comes, it may.
 */
function willBeOver(row: SeriesRow): boolean {
  const { lag, commitDelaySeconds, learnedIntervalMs } = row;
  if (lag === 0) return false;
  if (learnedIntervalMs === null || commitDelaySeconds === null) return true;
  return commitDelaySeconds + learnedIntervalMs / 1000 > sloOf(row);
}

/**
 * When draining will have brought the last of them below its promise, s; null: not all drain. What has been drained until then is
 * the share of the time lag above the promise.
 */
function endOf(breached: readonly SeriesRow[]): number | null {
  let last = 0;
  for (const row of breached) {
    if (row.timeToDrainSeconds === null || row.timeLagSeconds === null) return null;
    last = Math.max(last, row.timeToDrainSeconds * (1 - sloOf(row) / row.timeLagSeconds));
  }
  return last;
}

function numbersOf(row: SeriesRow) {
  return {
    topic: row.topic,
    partition: row.partition,
    lag: row.lag,
    timeLagSeconds: row.timeLagSeconds,
    timeLagMethod: row.timeLagMethod,
    commitDelaySeconds: row.commitDelaySeconds,
    timeToDrainSeconds: row.timeToDrainSeconds,
    sloSeverity: row.policy.sloSeverity,
  };
}
