import { minuteMs } from '../plan.ts';
import type { PartitionState } from '../simulated-topic.ts';
import { type Label, memory } from './label.ts';
import { lasting } from './lasting.ts';
import { eachPartition, ownReplicas, partitionSubject } from './topology.ts';

/** Numbers of judgement.md's table. */
const underReplicatedForMs = 15 * minuteMs;
const criticalAfterMs = 3 * minuteMs;
const truncatedPolls = 2;

const offlinePartition: Label = {
  code: 'offline-partition',
  severity: 'critical',
  begin: () => (moment, holds) => {
    eachPartition(moment, (state) => {
      if (state.leader === null) holds(partitionSubject(state), true);
    });
  },
};

const underMinIsr: Label = {
  code: 'under-min-isr',
  severity: 'warning',
  begin() {
    const lasts = lasting<PartitionState>();
    return (moment, holds) => {
      eachPartition(moment, (state) => {
        const isUnder = state.inSyncReplicas.length < (state.topic.config.minInSyncReplicas ?? 1);
        const forMs = lasts(state, isUnder, moment.nowMs);
        if (isUnder) holds(partitionSubject(state), forMs >= criticalAfterMs);
      });
    };
  },
};

const underReplicated: Label = {
  code: 'under-replicated',
  severity: 'warning',
  begin() {
    const lasts = lasting<PartitionState>();
    return (moment, holds) => {
      eachPartition(moment, (state) => {
        const isUnder = ownReplicas(state).some((id) => !state.inSyncReplicas.includes(id));
        if (lasts(state, isUnder, moment.nowMs) >= underReplicatedForMs && isUnder) holds(partitionSubject(state));
      });
    };
  },
};

const logTruncated: Label = {
  code: 'log-truncated',
  severity: 'critical',
  isEvent: true,
  begin() {
    const seenOf = memory<PartitionState, { highest: number; pollsBelow: number }>(() => ({
      ...{ highest: 0, pollsBelow: 0 },
    }));
    return (moment, holds) => {
      eachPartition(moment, (state) => {
        const seen = seenOf(state);
        const { endOffset } = state.log;
        seen.pollsBelow = endOffset < seen.highest ? seen.pollsBelow + 1 : 0;
        if (seen.pollsBelow === truncatedPolls) holds(partitionSubject(state), true);
        if (seen.pollsBelow === 0 || seen.pollsBelow === truncatedPolls) seen.highest = endOffset;
      });
    };
  },
};

export const partitionLabels: readonly Label[] = [offlinePartition, underMinIsr, underReplicated, logTruncated];
