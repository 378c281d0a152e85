import { anyGlobMatcher } from '../../model/glob.ts';
import type { ClusterNames } from '../rows/topic-row.ts';

/** Patterns that were compiled, by the setting that holds them: a cycle asks about every topic. */
const compiled = new WeakMap<readonly string[], (name: string) => boolean>();

/** Whether a topic is named like a dead letter queue; case does not count. */
export function isDeadLetterName(topic: string, patterns: readonly string[]): boolean {
  const matches = compiled.get(patterns) ?? anyGlobMatcher(patterns.map((pattern) => pattern.toLowerCase()));
  compiled.set(patterns, matches);
  return matches(topic.toLowerCase());
}

/** Where dead letters come from, as far as the topic's name tells. */
export interface DeadLetterSource {
  topic: string | null;
  groups: readonly string[];
}

/** Kafka Connect reads for the connector `orders` as the group `connect-orders`. */
const groupPrefixes = ['', 'connect-'];
const separator = /[._-]/;

/**
 * Looks for names of groups and topics among the runs of words in the topic's name, the longest first: `orders.billing.dlq` may
 * hold what `billing` could not process of `orders`. Where it names a topic and no group, any of the topic's readers may be the one.
 */
export function deadLetterSource(
  deadLetterTopic: string,
  patterns: readonly string[],
  names: ClusterNames,
): DeadLetterSource {
  const runs = runsOfWords(deadLetterTopic).filter((run) => !isDeadLetterName(run, patterns));
  const topic = runs.find((run) => names.readersOf(run) !== null) ?? null;
  for (const run of runs) {
    const group = groupPrefixes.map((prefix) => prefix + run).find((groupId) => names.hasGroup(groupId));
    if (group !== undefined) return { topic, groups: [group] };
  }
  return { topic, groups: topic === null ? [] : (names.readersOf(topic) ?? []) };
}

/** All parts of the name between separators, longest first. */
function runsOfWords(name: string): string[] {
  const starts = [0];
  const ends: number[] = [];
  for (let index = 0; index < name.length; index++) {
    if (!separator.test(name[index]!)) continue;
    ends.push(index);
    starts.push(index + 1);
  }
  ends.push(name.length);
  const runs = starts.flatMap((start) => ends.filter((end) => end > start).map((end) => name.slice(start, end)));
  return runs.sort((a, b) => b.length - a.length);
}
