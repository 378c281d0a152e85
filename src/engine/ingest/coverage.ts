import type { Facet, Failure, Snapshot } from '../../model/snapshot.ts';

/** What one might ask about: a topic, a partition of it, a group, or a group on a topic. */
export interface Place {
  topic?: string;
  partition?: number;
  /** Broker that leads the partition; null: unknown. */
  leader?: number | null;
  groupId?: string;
  /** Broker that coordinates the group; null: unknown. */
  coordinatorId?: number | null;
}

/** The failures of one collector in a snapshot, and whether they cover something: what is covered was not read, so it is not gone. */
export class Coverage {
  readonly failures: readonly Failure[];

  constructor(snapshot: Snapshot, facet: Facet) {
    const whole = snapshot.failures.filter(({ collector }) => collector === facet);
    this.failures = [...(snapshot.reads[facet]?.failures ?? []), ...whole];
  }

  covers(place: Place): boolean {
    return this.failures.some((failure) => covers(failure, place));
  }
}

/** The fields of a failure's scope combine by AND; one without a scope covers all of its collector. */
function covers(failure: Failure, place: Place): boolean {
  if (failure.groupIds !== undefined && (place.groupId === undefined || !failure.groupIds.includes(place.groupId))) {
    return false;
  }
  if (failure.topics !== undefined && !coversTopic(failure.topics, place)) return false;
  return failure.brokerId === undefined || coversBroker(failure, place);
}

function coversTopic(topics: NonNullable<Failure['topics']>, { topic, partition }: Place): boolean {
  return topics.some(
    (scope) =>
      scope.topic === topic &&
      (scope.partitions === undefined || partition === undefined || scope.partitions.includes(partition)),
  );
}

/** A broker answers for the groups that it coordinates and the partitions that it leads; where that is not known, it may be any. */
function coversBroker(failure: Failure, { groupId, coordinatorId, leader }: Place): boolean {
  const own = groupId !== undefined ? coordinatorId : leader;
  return own === null || own === undefined || own === failure.brokerId;
}
