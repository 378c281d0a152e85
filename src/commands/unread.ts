import { errorCatalogue } from '../model/errors.ts';
import type { CollectorStatus } from '../model/report.ts';
import type { Failure } from '../model/snapshot.ts';

/** What could not be read in the last run of each collector, a sentence each: what, how much of it, why, what helps. */
export function unreadLines(collectors: readonly Pick<CollectorStatus, 'collector' | 'failures'>[]): string[] {
  return collectors.flatMap(({ collector, failures }) =>
    [...Map.groupBy(failures, ({ code }) => code)].map(([code, ofCode]) => {
      const advice = Object.hasOwn(errorCatalogue, code)
        ? ` ${errorCatalogue[code as keyof typeof errorCatalogue].advice}`
        : '';
      const message = ofCode.find((failure) => failure.message !== undefined)?.message ?? code;
      return `not read: ${collector}${scopeText(ofCode)}: ${message}.${advice}`;
    }),
  );
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
  return names.size === 1 ? `${kind} ${[...names][0]}` : `${names.size} ${kind}s`;
}
