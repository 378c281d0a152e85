import type { Failure, GroupMembership, PartitionState, Permissions, Snapshot, TopicState } from './snapshot.ts';
import type { TraceBroker, TraceGroup, TraceLine, TracePartition, TraceTopic } from './trace-schema.ts';

/** A snapshot as one line of a trace, without the line break. What was not read is left out. */
export function encodeTraceLine(snapshot: Snapshot): string {
  return JSON.stringify(traceLineOf(snapshot));
}

function traceLineOf(snapshot: Snapshot): TraceLine {
  const { reads } = snapshot;
  const brokers = brokersOf(snapshot);
  const topics = topicsOf(snapshot);
  const groups = groupsOf(snapshot);
  const failures = [...Object.values(reads).flatMap((read) => read.failures), ...snapshot.failures];
  return {
    cluster: snapshot.cluster,
    atMs: snapshot.atMs,
    ...(snapshot.recorder !== undefined && { recorder: snapshot.recorder }),
    ...(snapshot.monotonicMs !== undefined && { monotonicMs: snapshot.monotonicMs }),
    completeness: snapshot.completeness,
    ...(reads.cluster && { clusterId: reads.cluster.value.clusterId }),
    ...(reads['broker-configs'] && { clusterConfig: reads['broker-configs'].value }),
    ...(reads.quorum && { quorum: { ...reads.quorum.value, voters: [...reads.quorum.value.voters] } }),
    ...(reads.permissions && { permissions: permissionsOf(reads.permissions.value) }),
    ...(brokers && { brokers }),
    ...(topics && { topics }),
    ...(groups && { groups }),
    read: readTimesOf(snapshot),
    ...(failures.length > 0 && { failures: failures.map(failureOf) }),
    collectors: Object.keys(reads),
  };
}

function readTimesOf({ reads, atMs }: Snapshot): NonNullable<TraceLine['read']> {
  const differing = Object.entries(reads).filter(
    ([, read]) => read.observedAtMs !== atMs || read.brokers !== undefined,
  );
  return Object.fromEntries(
    differing.map(([facet, { observedAtMs, brokers }]) => [facet, { observedAtMs, ...(brokers && { brokers }) }]),
  );
}

/** Copies, since the schema's types are mutable. */
function failureOf({ groupIds, topics, ...failure }: Failure): NonNullable<TraceLine['failures']>[number] {
  return {
    ...failure,
    ...(groupIds && { groupIds: [...groupIds] }),
    ...(topics && {
      topics: topics.map(({ topic, partitions }) => ({ topic, ...(partitions && { partitions: [...partitions] }) })),
    }),
  };
}

function permissionsOf({ principal, cluster, topics }: Permissions): NonNullable<TraceLine['permissions']> {
  return {
    principal,
    cluster: [...cluster],
    topics: topics.map(({ operations, names }) => ({ operations: [...operations], names: [...names] })),
  };
}

function brokersOf({ reads }: Snapshot): TraceBroker[] | undefined {
  const cluster = reads.cluster?.value;
  const logDirs = reads['log-dirs']?.value.logDirs;
  if ((cluster === undefined || cluster.brokersUnread) && logDirs === undefined) return undefined;
  const brokers = new Map<number, TraceBroker>();
  for (const broker of cluster?.brokers ?? []) brokers.set(broker.brokerId, { ...broker });
  for (const { brokerId, ...logDir } of logDirs ?? []) {
    const broker = brokers.get(brokerId) ?? { brokerId };
    brokers.set(brokerId, { ...broker, logDirs: [...(broker.logDirs ?? []), logDir] });
  }
  return [...brokers.values()];
}

function topicsOf({ reads }: Snapshot): TraceTopic[] | undefined {
  const topics = new TopicTableOfLine();
  for (const state of reads.cluster?.value.topics ?? []) topics.addState(state);
  for (const { topic, config } of reads['topic-configs']?.value ?? []) {
    const { cleanupPolicy, ...others } = config;
    topics.topic(topic).config = { ...others, ...(cleanupPolicy && { cleanupPolicy: [...cleanupPolicy] }) };
  }
  for (const { topic, partitions, offsets } of reads['log-start-offsets']?.value ?? []) {
    for (const [index, partition] of partitions.entries()) {
      topics.partition(topic, partition).logStartOffset = offsets[index]!;
    }
  }
  for (const { topic, partitions, highWatermarks, lastStableOffsets } of reads['end-offsets']?.value ?? []) {
    for (const [index, partition] of partitions.entries()) {
      const entry = topics.partition(topic, partition);
      if (!Number.isNaN(highWatermarks[index])) entry.highWatermark = highWatermarks[index]!;
      if (!Number.isNaN(lastStableOffsets[index])) entry.lastStableOffset = lastStableOffsets[index]!;
    }
  }
  for (const { topic, partitions, sizeBytes } of reads['log-dirs']?.value.sizes ?? []) {
    for (const [index, partition] of partitions.entries()) {
      topics.partition(topic, partition).sizeBytes = sizeBytes[index]!;
    }
  }
  for (const { topic, partition, timestampMs, offset } of reads['offsets-for-times']?.value ?? []) {
    const entry = topics.partition(topic, partition);
    entry.offsetsForTimes = [...(entry.offsetsForTimes ?? []), { timestampMs, offset }];
  }
  return reads.cluster === undefined && topics.isEmpty ? undefined : topics.entries();
}

/** The section `topics` while it is put together from several facets. */
class TopicTableOfLine {
  readonly #topics = new Map<string, TraceTopic>();
  readonly #partitions = new Map<string, Map<number, TracePartition>>();

  get isEmpty(): boolean {
    return this.#topics.size === 0;
  }

  entries(): TraceTopic[] {
    return [...this.#topics].map(([name, topic]) => ({
      ...topic,
      partitions: [...(this.#partitions.get(name)?.values() ?? [])],
    }));
  }

  addState({ topic, topicId, partitions }: TopicState): void {
    this.topic(topic).topicId = topicId;
    for (const state of partitions) Object.assign(this.partition(topic, state.partition), stateOf(state));
  }

  topic(name: string): TraceTopic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = { topic: name };
      this.#topics.set(name, topic);
      this.#partitions.set(name, new Map());
    }
    return topic;
  }

  partition(topic: string, partition: number): TracePartition {
    this.topic(topic);
    const partitions = this.#partitions.get(topic)!;
    let entry = partitions.get(partition);
    if (entry === undefined) {
      entry = { partition };
      partitions.set(partition, entry);
    }
    return entry;
  }
}

function stateOf(state: PartitionState): Partial<TracePartition> {
  if (state.stateUnread) return {};
  const { leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas } = state;
  return {
    leader,
    leaderEpoch,
    replicas: [...replicas],
    inSyncReplicas: [...inSyncReplicas],
    addingReplicas: [...addingReplicas],
  };
}

function groupsOf({ reads }: Snapshot): TraceGroup[] | undefined {
  const membership = reads['group-membership'];
  const commits = reads['committed-offsets'];
  if (membership === undefined && commits === undefined) return undefined;
  const groups = new Map<string, TraceGroup>();
  for (const group of membership?.value ?? []) groups.set(group.groupId, membershipOf(group));
  for (const { groupId, topics } of commits?.value ?? []) {
    const committed = topics.flatMap(({ topic, partitions, offsets }) =>
      partitions.map((partition, index) => ({ topic, partition, committedOffset: offsets[index]! })),
    );
    groups.set(groupId, { ...(groups.get(groupId) ?? { groupId }), committed });
  }
  return [...groups.values()];
}

function membershipOf({ members, ...group }: GroupMembership): TraceGroup {
  return {
    ...group,
    members:
      members?.map((member) => ({
        ...member,
        subscribedTopics: member.subscribedTopics && [...member.subscribedTopics],
        assignment: member.assignment?.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })) ?? null,
      })) ?? null,
  };
}
