import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { decisiveWords, diagnosisOf } from '../judging/diagnosis.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const stuckRebalance = defineRule({
  code: 'stuck-rebalance',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    rebalancesFor: Duration(
      '5m',
      'time without settling: as long as the default max.poll.interval.ms lets a slow member keep the others waiting',
    ),
    ...hysteresis({ because: 'rebalancesFor is counted already' }),
  }),
  doc: {
    meaning:
      'One rebalance does not end. In the classic protocol nobody consumes meanwhile; in the new one (KIP-848) the partitions that are to move wait.',
    source:
      'State of the group: PreparingRebalance, CompletingRebalance, Assigning or Reconciling, poll after poll; of a KIP-848 group on one group epoch, since every change of members begins anew.',
    advice:
      'Find the member that the others wait for: one that processes a batch for longer than max.poll.interval.ms, hangs, or cannot reach the coordinator. Look at the diagnosis in the evidence, take thread dumps of slow members, and restart the one that hangs.',
  },
  suspect({ groups }, row, monotonicMs, thresholds) {
    return monotonicMs - groups.rebalancingSinceMs[row]! > thresholds.rebalancesFor;
  },
  judge(row, thresholds) {
    if (row.staleCollector === 'group-membership') return unread(row.staleCollector);
    if (row.state === null) return unknown('membership-unread');
    if (row.rebalancingMs === null) return clear();
    if (row.rebalancingMs <= thresholds.rebalancesFor) return unknown('not-watched-long-enough');
    return {
      is: 'raise',
      evidence: {
        rebalancingSeconds: Math.round(row.rebalancingMs / 1000),
        limitSeconds: Math.round(thresholds.rebalancesFor / 1000),
        state: row.state,
        consumes: row.type === 'consumer' || row.type === 'streams',
        unreadRecords: row.reading.unreadRecords,
        diagnosis: diagnosisOf(row),
      },
    };
  },
  summary({ rebalancingSeconds, state, consumes, unreadRecords, diagnosis }, { groupId }) {
    const meanwhile = consumes ? 'partitions that are to move wait' : 'nobody consumes';
    const waiting = `${meanwhile}, ${countOf(unreadRecords, 'record')} unread`;
    return `${groupId} has been in one rebalance (${state}) for ${spokenSeconds(rebalancingSeconds)}: ${waiting}${decisiveWords(diagnosis)}`;
  },
});
