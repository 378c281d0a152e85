import { Type } from 'typebox';
import { allowedStop, rhythmThresholds } from '../judging/rhythm.ts';
import { standstillLimitMs, standstillThresholds } from '../judging/standstill.ts';
import type { GroupRow } from '../rows/row-types.ts';
import { type TransactionWait, transactionWaitMs } from '../rows/transaction-wait.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

/** Partitions that evidence names, the longest wait first. */
const listedMax = 100;

export const blockedByTransaction = defineRule({
  code: 'blocked-by-transaction',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    ...standstillThresholds,
    ...rhythmThresholds,
    ...hysteresis({ because: 'standing still is counted by standsFor and standsForPolls already' }),
  }),
  doc: {
    meaning:
      'The group reads committed records only, and waits before a transaction that does not end, while records go on coming behind it. Critical where retention deletes what it waits for within lossPageSeconds.',
    source:
      'Committed offset, last stable offset and high watermark of each partition: both of the former stand at the same place (but for transaction markers), the latter moves.',
    advice:
      'The group itself is well: restarting it changes nothing. Find whose transaction it is (kafka-transactions.sh describe-producers) and end that; open-transaction tells when it can no longer end by itself. Retention deletes records that wait as well as others.',
  },
  suspect(tables, row, monotonicMs, { standsFor }) {
    for (const one of tables.groups.seriesRows[row]!) {
      if ((transactionWaitMs(tables, one, monotonicMs) ?? 0) > standsFor) return true;
    }
    return false;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const waits = row.transactionWaits.filter((wait) => unreadBehind(wait) >= thresholds.unreadRecords);
    if (waits.length === 0) {
      return row.reading.staleCollector === null ? clear() : unread(row.reading.staleCollector);
    }
    const blocked = waits.filter((wait) => wait.endMoved > 0 && isBlocked(wait, row, thresholds));
    const [worst] = blocked;
    if (worst === undefined) {
      return waits.some((wait) => wait.sinceFirstRead || wait.waitMs > limitOf(wait, row, thresholds))
        ? unknown('not-watched-long-enough')
        : clear();
    }
    return {
      is: 'raise',
      severity: blocked.some((wait) => losesSoon(wait, row)) ? 'critical' : 'warning',
      evidence: {
        waitSeconds: Math.round(worst.waitMs / 1000),
        limitSeconds: Math.round(limitOf(worst, row, thresholds) / 1000),
        unreadRecords: blocked.reduce((sum, wait) => sum + unreadBehind(wait), 0),
        partitionCount: blocked.length,
        partitions: blocked.slice(0, listedMax).map(({ topic, partition }) => ({ topic, partition })),
        worst: {
          topic: worst.topic,
          partition: worst.partition,
          committedOffset: worst.committedOffset,
          lastStableOffset: worst.lastStableOffset,
          highWatermark: worst.highWatermark,
        },
        timeToLossEarliestSeconds: soonestLoss(blocked),
        lossPageSeconds: row.policy.lossPageSeconds,
        policyIsolationLevel: row.policy.isolationLevel,
      },
    };
  },
  summary({ waitSeconds, unreadRecords, partitionCount, worst, ...evidence }, { groupId }) {
    const { timeToLossEarliestSeconds, lossPageSeconds } = evidence;
    const more = partitionCount > 1 ? ` and ${countOf(partitionCount - 1, 'other partition')}` : '';
    const place = `offset ${worst.committedOffset} of ${worst.topic} p${worst.partition}${more}`;
    const isNear = timeToLossEarliestSeconds !== null && timeToLossEarliestSeconds <= lossPageSeconds;
    const loss = isNear ? `; the first is deleted in ${spokenSeconds(timeToLossEarliestSeconds)}` : '';
    return `${groupId} has waited for ${spokenSeconds(waitSeconds)} at ${place} before an open transaction: ${countOf(unreadRecords, 'record')} behind it${loss}`;
  },
});

interface Limits {
  standsFor: number;
  standsForPolls: number;
  commitIntervals: number;
  unlearnedFor: number;
  rhythmSlack: number;
}

function isBlocked(wait: TransactionWait, row: GroupRow, thresholds: Limits): boolean {
  return wait.pollsWithoutMovement >= thresholds.standsForPolls && wait.waitMs > limitOf(wait, row, thresholds);
}

/** Where records are about to be lost nobody waits for what is usual. */
function limitOf(wait: TransactionWait, row: GroupRow, thresholds: Limits): number {
  if (losesSoon(wait, row)) return thresholds.standsFor;
  const usualMs = standstillLimitMs(thresholds, wait.learnedIntervalMs);
  return Math.max(usualMs, allowedStop(row, thresholds)?.ms ?? 0);
}

function losesSoon({ timeToLossEarliestSeconds }: TransactionWait, { policy }: GroupRow): boolean {
  return timeToLossEarliestSeconds !== null && timeToLossEarliestSeconds <= policy.lossPageSeconds;
}

function soonestLoss(waits: readonly TransactionWait[]): number | null {
  const known = waits.map(({ timeToLossEarliestSeconds }) => timeToLossEarliestSeconds).filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function unreadBehind({ highWatermark, committedOffset }: TransactionWait): number {
  return highWatermark - committedOffset;
}
