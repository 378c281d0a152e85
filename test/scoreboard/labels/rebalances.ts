import { hourMs, minuteMs } from '../plan.ts';
import type { SimulatedGroup } from '../simulated-group.ts';
import { eachGroup, groupSubject, type Label } from './label.ts';

/** Numbers of judgement.md's table. */
const storm = { ms: 2 * minuteMs, rebalances: 7, overMs: hourMs };

const rebalanceStorm: Label = {
  code: 'rebalance-storm',
  severity: 'warning',
  begin: () => (moment, holds) => {
    eachGroup(moment, (group) => {
      if (group.plan.type === 'classic' && isStorm(group, moment.nowMs)) holds(groupSubject(group));
    });
  },
};

/** While about as many members were replaced as there are, it may still be a deployment: nobody could know. */
function isStorm({ pauses, members }: SimulatedGroup, nowMs: number): boolean {
  const sinceMs = nowMs - storm.overMs;
  const recent = pauses.filter(({ toMs, explained }) => !explained && toMs > sinceMs);
  const pausedMs = recent.reduce((sum, { fromMs, toMs }) => sum + Math.min(toMs, nowMs) - Math.max(fromMs, sinceMs), 0);
  const begun = recent.filter(({ fromMs }) => fromMs > sinceMs).length;
  return begun > members.length + 1 && (pausedMs >= storm.ms || begun >= storm.rebalances);
}

export const rebalanceLabels: readonly Label[] = [rebalanceStorm];
