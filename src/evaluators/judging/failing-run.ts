import type { CollectorRun, Failure } from '../../model/snapshot.ts';

/** What other findings are about, or what waiting does not mend: permissions, old brokers, partitions without a leader. */
const toldElsewhere = new Set(['upstream.denied', 'upstream.unsupported', 'upstream.no-leader']);

/** Of a run's failures those that count against it. */
export function countingFailures(failures: readonly Failure[]): Failure[] {
  return failures.filter(({ code }) => !toldElsewhere.has(code));
}

/**
 * Whether a collector did not read everything in this run, for a reason that counts: one broker of several is enough. One that
 * failed without saying why counts too.
 */
export function isFailing({ outcome }: Pick<CollectorRun, 'outcome'>, failures: readonly Failure[]): boolean {
  if (outcome === 'failed' && failures.length === 0) return true;
  return outcome !== 'ok' && countingFailures(failures).length > 0;
}
