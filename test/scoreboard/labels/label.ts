/**
 * A label says when the exact state of a simulated cluster meets a rule of the specification. It is written from the specification
 * alone, and owes nothing to the code that it judges.
 */

import type { FindingSubject, Severity } from '../../../src/model/finding.ts';
import type { Policy } from '../../../src/model/policy.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { Reader, SimulatedGroup } from '../simulated-group.ts';
import type { ExactState } from '../truth.ts';

/** What a finding is about. A finding that names more than its label does is about the same. */
export type Subject = Omit<FindingSubject, 'topicId'>;

/** One group on one partition at one poll. */
export interface SeriesMoment {
  group: SimulatedGroup;
  reader: Reader;
  exact: ExactState;
  /** Polls since the committed offset moved. */
  pollsStanding: number;
}

/** What is so when a poll begins. Polls are counted from 0. */
export interface Moment {
  cluster: SimulatedCluster;
  poll: number;
  nowMs: number;
  intervalMs: number;
  seriesOf(group: SimulatedGroup): readonly SeriesMoment[];
  /** How long a group may stand by its policy or its rhythm; null: neither says. */
  allowedStopMs(group: SimulatedGroup): number | null;
  /** The settings that its owner made; undefined: none of his. */
  policyOf(group: SimulatedGroup): Policy | undefined;
}

/** Notes that the rule is met now: of this subject, and whether by its critical part. */
export type Holds = (subject: Subject, isCritical?: boolean) => void;

export interface Label {
  readonly code: string;
  /** A finding counts from the moment at which it was at least this. */
  readonly severity: Severity;
  /** It happens at one poll and does not last: that poll is a case already, and what follows within the hour renews it. */
  readonly isEvent?: true;
  /** Begins to look at one cluster: what it returns is called once a poll, and keeps what it must remember. */
  begin(): (moment: Moment, holds: Holds) => void;
}

export function seriesSubject({ group, reader: { state } }: Pick<SeriesMoment, 'group' | 'reader'>): Subject {
  return { groupId: group.groupId, topic: state.topic.topic, partition: state.partition };
}

/** Whether the group has read it and still would: what it no longer subscribes to is not its trouble. */
export function isRead({ group, reader }: SeriesMoment): boolean {
  return reader.hasCommit && (group.members.length === 0 || group.subscribed.has(reader.state.topic.topic));
}

export function groupSubject({ groupId }: SimulatedGroup): Subject {
  return { groupId };
}

/** Calls for each group that exists. */
export function eachGroup(
  moment: Moment,
  look: (group: SimulatedGroup, series: readonly SeriesMoment[]) => void,
): void {
  for (const group of moment.cluster.groups) if (!group.isDeleted) look(group, moment.seriesOf(group));
}

/** Memory by object, made when first asked for. */
export function memory<K extends object, V>(make: () => V): (key: K) => V {
  const kept = new WeakMap<K, V>();
  return (key) => {
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
}
