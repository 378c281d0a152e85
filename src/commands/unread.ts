import { type ErrorCode, errorCatalogue } from '../model/errors.ts';
import type { CollectorStatus } from '../model/report.ts';
import type { Failure } from '../model/snapshot.ts';
import { printableName } from './printable.ts';

type CollectorFailures = Pick<CollectorStatus, 'collector' | 'failures'>;

/**
 * What could not be read in the last run of each collector, a sentence each: what, how much of it, why, what helps. Where not even
 * the cluster's brokers and topics could be read, that alone is said: everything else follows from it.
 */
export function unreadLines(collectors: readonly CollectorFailures[]): string[] {
  const blind = collectors.filter(({ collector, failures }) => collector === 'cluster' && failures.some(coversAll));
  return (blind.length > 0 ? blind : collectors).flatMap(({ collector, failures }) =>
    [...Map.groupBy(failures, ({ code }) => code)].map(([code, ofCode]) => {
      const message = ofCode.find((failure) => failure.message !== undefined)?.message ?? code;
      return `not read: ${collector}${scopeText(ofCode)}: ${message}.${adviceFor(code)}`;
    }),
  );
}

function coversAll({ brokerId, groupIds, topics }: Failure): boolean {
  return brokerId === undefined && groupIds === undefined && topics === undefined;
}

function adviceFor(code: string): string {
  return Object.hasOwn(errorCatalogue, code) ? ` ${errorCatalogue[code as ErrorCode].advice}` : '';
}

/** " of broker 3", " of 12 groups", " of 4 topics"; nothing where all of it is meant. */
function scopeText(failures: readonly Failure[]): string {
  const brokers = new Set(failures.flatMap(({ brokerId }) => brokerId ?? []));
  const groups = new Set(failures.flatMap(({ groupIds }) => groupIds ?? []));
  const topics = new Set(failures.flatMap(({ topics: scoped }) => scoped?.map(({ topic }) => topic) ?? []));
  const parts = [
    brokers.size > 0 ? `broker ${[...brokers].join(', ')}` : null,
    groups.size > 0 ? named(groups, 'group') : null,
    topics.size > 0 ? named(topics, 'topic') : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` of ${parts.join(', ')}`;
}

function named(names: ReadonlySet<string>, kind: string): string {
  return names.size === 1 ? `${kind} ${printableName([...names][0]!)}` : `${names.size} ${kind}s`;
}
