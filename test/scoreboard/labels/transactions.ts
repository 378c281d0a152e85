import type { PartitionState } from '../simulated-topic.ts';
import { type Label, memory } from './label.ts';
import { eachPartition, topicSubject } from './topology.ts';

/** A transaction that keeps records from readers: since when that shows. */
interface Open {
  offset: number | null;
  sinceMs: number;
}

const openTransaction: Label = {
  code: 'open-transaction',
  severity: 'warning',
  begin() {
    const openOf = memory<PartitionState, Open>(() => ({ offset: null, sinceMs: Number.NaN }));
    return (moment, holds) => {
      eachPartition(moment, (state) => {
        const open = openOf(state);
        const { openTransactionOffset, log, topic } = state;
        // Before the high watermark has moved past it nothing shows.
        const shows = openTransactionOffset !== null && log.endOffset > openTransactionOffset;
        if (!shows) Object.assign(open, { offset: null, sinceMs: Number.NaN });
        else if (open.offset !== openTransactionOffset) {
          Object.assign(open, { offset: openTransactionOffset, sinceMs: moment.nowMs });
        }
        if (moment.nowMs - open.sinceMs > moment.cluster.plan.transactionMaxTimeoutMs) holds(topicSubject(topic));
      });
    };
  },
};

export const transactionLabels: readonly Label[] = [openTransaction];
