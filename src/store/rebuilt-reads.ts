import type { Database } from 'better-sqlite3';
import type { ClusterState, FacetReads, LogDirs, PartitionState, Read, TopicState } from '../model/snapshot.ts';
import type { FrameValues } from './frame-reader.ts';
import type { Roster, RosterTopic } from './roster.ts';
import type { Tick } from './ticks.ts';
import { configsAt } from './topic-configs.ts';

/* What samples say of one moment, as reads of a snapshot. */

/** The topics of a roster, of whose partitions only is known that they exist. Of two of one name it is the younger. */
export function existingTopics({ topics }: Roster): TopicState[] {
  const byName = new Map(
    topics.map(({ topic, topicId, partitions }) => [
      topic,
      { topic, topicId, partitions: partitions.map(existingPartition) },
    ]),
  );
  return [...byName.values()];
}

function existingPartition(partition: number): PartitionState {
  const unread = { leader: null, leaderEpoch: null, replicas: [], inSyncReplicas: [], addingReplicas: [] };
  return { partition, ...unread, stateUnread: true };
}

/** The cluster, and the settings of its topics as they were at `configsAtMs`, for the first snapshot. */
export function wholeCluster(
  database: Database,
  state: ClusterState,
  configsAtMs: number,
): (atMs: number) => FacetReads {
  const configs = configsAt(database, configsAtMs);
  return (atMs) => ({ cluster: readAt(state, atMs), 'topic-configs': readAt(configs, atMs) });
}

/** Log starts and ends at a tick. */
export function offsetsOf({ topics }: Roster, { atMs, reads }: Tick, values: FrameValues): FacetReads {
  const { logStartOffset, highWatermark, lastStableOffset } = values;
  const logStarts = topics.map((topic) => observedOf(topic, (id) => logStartOffset.value(id)));
  const ends = topics.map(({ topic, partitions, ids }) => {
    const isObserved = (_: unknown, index: number) => !Number.isNaN(highWatermark.value(ids[index]!));
    const observed = ids.filter(isObserved);
    return {
      topic,
      partitions: partitions.filter(isObserved),
      highWatermarks: observed.map((id) => highWatermark.value(id)),
      lastStableOffsets: observed.map((id) => lastStableOffset.value(id)),
    };
  });
  return {
    'log-start-offsets': readAt(logStarts.filter(isRead), reads?.['log-start-offsets'] ?? atMs),
    'end-offsets': readAt(ends.filter(isRead), reads?.['end-offsets'] ?? atMs),
  };
}

/** Sizes of the logs at a tick. */
export function sizesOf({ topics }: Roster, { sizeBytes }: FrameValues): LogDirs['sizes'] {
  const observed = topics.map((topic) => observedOf(topic, (id) => sizeBytes.value(id))).filter(isRead);
  return observed.map(({ offsets, ...topic }) => ({ ...topic, sizeBytes: offsets }));
}

/** Committed offsets at a tick; `leftOut`, by series ID: 1 = this one is not told. */
export function commitsOf(
  roster: Roster,
  tick: Tick,
  { committedOffset }: FrameValues,
  leftOut: Uint8Array,
): FacetReads {
  if (committedOffset === null) return {};
  const offsetOf = (id: number) => (leftOut[id] === 1 ? Number.NaN : committedOffset.value(id));
  const groups = roster.groups.map(({ groupId, topics }) => ({
    groupId,
    topics: topics.map((topic) => observedOf(topic, offsetOf)).filter(isRead),
  }));
  const read = groups.filter(({ topics }) => topics.length > 0);
  return { 'committed-offsets': readAt(read, tick.reads?.['committed-offsets'] ?? tick.atMs) };
}

/** Those partitions of a topic that have a value. */
function observedOf({ topic, partitions, ids }: RosterTopic, offsetOf: (id: number) => number) {
  const observed = { topic, partitions: [] as number[], offsets: [] as number[] };
  for (const [index, id] of ids.entries()) {
    const offset = offsetOf(id);
    if (Number.isNaN(offset)) continue;
    observed.partitions.push(partitions[index]!);
    observed.offsets.push(offset);
  }
  return observed;
}

function isRead({ partitions }: { partitions: readonly number[] }): boolean {
  return partitions.length > 0;
}

export function readAt<T>(value: T, observedAtMs: number): Read<T> {
  return { value, observedAtMs, failures: [] };
}
