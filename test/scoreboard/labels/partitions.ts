import { minuteMs } from '../plan.ts';
import type { PartitionState } from '../simulated-topic.ts';
import { type Label, type Moment, memory, type Subject } from './label.ts';

/** Numbers of judgement.md's table. */
const underReplicatedForMs = 15 * minuteMs;
const criticalAfterMs = 3 * minuteMs;

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
    const lasts = lasting();
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
    const lasts = lasting();
    return (moment, holds) => {
      eachPartition(moment, (state) => {
        const own = state.replicas.filter((id) => !state.addingReplicas.includes(id));
        const isUnder = own.some((id) => !state.inSyncReplicas.includes(id));
        if (lasts(state, isUnder, moment.nowMs) >= underReplicatedForMs && isUnder) holds(partitionSubject(state));
      });
    };
  },
};

function eachPartition({ cluster }: Moment, look: (state: PartitionState) => void): void {
  for (const { isDeleted, partitions } of cluster.topics) if (!isDeleted) partitions.forEach(look);
}

function partitionSubject({ topic, partition }: PartitionState): Subject {
  return { topic: topic.topic, partition };
}

/** For how long something has been so of each partition, ms; 0 where it is not. */
function lasting(): (state: PartitionState, isSo: boolean, nowMs: number) => number {
  const since = memory<PartitionState, { ms: number }>(() => ({ ms: Number.NaN }));
  return (state, isSo, nowMs) => {
    const begun = since(state);
    if (!isSo) begun.ms = Number.NaN;
    else if (Number.isNaN(begun.ms)) begun.ms = nowMs;
    return isSo ? nowMs - begun.ms : 0;
  };
}

export const partitionLabels: readonly Label[] = [offlinePartition, underMinIsr, underReplicated];
