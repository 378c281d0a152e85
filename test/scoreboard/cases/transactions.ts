/** Transactions that nobody ends. */
import type { CaseKind } from '../case.ts';
import { minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { PartitionState } from '../simulated-topic.ts';
import { drawLasting, kindOf } from './drawing.ts';

/** A transaction begins at the end of a partition; what ends it leaves a marker. */
export function holdsTransaction(
  cluster: SimulatedCluster,
  state: PartitionState,
  { atMs, lastsMs }: { atMs: number; lastsMs: number },
): void {
  cluster.at(atMs, () => {
    state.openTransactionOffset = state.log.endOffset;
    state.log.write(1, cluster.nowMs);
    state.endsWithMarker = false;
  });
  cluster.at(atMs + lastsMs, () => {
    state.openTransactionOffset = null;
    state.log.write(1, cluster.nowMs);
    state.endsWithMarker = true;
  });
}

function draw(random: Random, readsCommitted: boolean) {
  const cluster = drawLasting(random, { leastRate: 1 / 60 });
  cluster.group.readsCommitted = readsCommitted;
  cluster.transactionMaxTimeoutMs = random.pick([5, 15, 15, 30]) * minuteMs;
  const atMs = random.between(5, 20) * minuteMs;
  const lastsMs = cluster.transactionMaxTimeoutMs + random.between(4, 30) * minuteMs;
  const script = (simulated: SimulatedCluster) => {
    for (const [index, state] of simulated.topic.partitions.entries()) {
      if (index === 0 || random.chance(0.3)) holdsTransaction(simulated, state, { atMs, lastsMs });
    }
  };
  return { cluster, watchMs: atMs + lastsMs + 15 * minuteMs, script };
}

const hanging = kindOf('a producer never ends its transaction', ['open-transaction'], (random) => draw(random, false));

const hangingBefore = kindOf(
  'a producer never ends its transaction, and readers of committed records wait',
  ['open-transaction'],
  (random) => draw(random, true),
);

export const transactionKinds: readonly CaseKind[] = [hanging, hangingBefore];
