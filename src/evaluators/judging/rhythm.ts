import { Type } from 'typebox';
import { parseDuration } from '../../model/duration.ts';
import type { Policy } from '../../model/policy.ts';

/** How much longer than its learned rhythm a stop may be. */
export const rhythmThresholds = {
  rhythmSlack: Type.Number({
    default: 1.5,
    minimum: 1,
    description: 'times its learned rhythm (three stops of like length) that a group may stand still: jobs start late',
  }),
};

/** How long a group may stand still before anybody should care, and who says so: its owner, or its own past; null: nobody. */
export function allowedStop(
  { policy, usualStopMs }: { policy: Policy; usualStopMs: number | null },
  thresholds: { rhythmSlack: number },
): { ms: number; from: 'expectIdle' | 'rhythm' } | null {
  const { expectIdle } = policy;
  const expectedMs = expectIdle === undefined ? null : parseDuration(expectIdle);
  if (expectedMs !== null) return { ms: expectedMs, from: 'expectIdle' };
  return usualStopMs === null ? null : { ms: usualStopMs * thresholds.rhythmSlack, from: 'rhythm' };
}
