import type {
  Failure,
  GroupMembership,
  GroupType,
  Snapshot,
  TimeAnswer,
  TimeProbe,
  TopicConfig,
} from '../../src/model/snapshot.ts';
import {
  emptyPartition,
  type Rate,
  rateAt,
  type SimulatedPartition,
  type SimulatedTopic,
  stableOffset,
} from './simulated-partition.ts';

interface Reader {
  consume: Rate;
  commitEveryMs: number;
  position: number;
  committed: number;
  nextCommitMs: number;
  /** Offsets that retention took before it could read them. */
  lost: number;
  /** DeleteRecords up to the commit, as Kafka Streams does with its repartition topics. */
  purges: boolean;
  /** Reads up to the last stable offset only. */
  readCommitted: boolean;
}

interface SimulatedGroup {
  type: GroupType;
  state: string;
  members: number;
  /** First member's number: a deployment raises it. */
  generation: number;
  subscribed: Set<string>;
  readers: Map<string, Map<number, Reader>>;
}

export interface TopicOptions {
  partitions?: number;
  config?: TopicConfig;
  rate?: Rate;
  recordBytes?: number;
  topicId?: string;
}

export interface GroupOptions {
  topics: readonly string[];
  /** How fast it can read one partition. */
  rate?: Rate;
  commitEveryMs?: number;
  /** How far behind the end it starts; default 0. */
  lag?: number;
  /** 0: it commits without being a member (assign()). */
  members?: number;
  purges?: boolean;
  readCommitted?: boolean;
  type?: GroupType;
}

const tickMs = 500;
const checkIntervalMs = 2000;

/**
 * A Kafka cluster that exists only as numbers: producers, consumers that commit now and then, and retention by whole segments.
 * Time goes on with `advance`; `snapshot` gives what tidemark would have read at that moment. Nothing is random.
 */
export class TraceBuilder {
  readonly intervalMs: number;
  readonly startMs: number;
  nowMs: number;
  readonly #topics = new Map<string, SimulatedTopic>();
  readonly #groups = new Map<string, SimulatedGroup>();

  constructor({ intervalMs = 15_000, startMs = 1_700_000_000_000 } = {}) {
    this.intervalMs = intervalMs;
    this.startMs = startMs;
    this.nowMs = startMs;
  }

  topic(
    name: string,
    { partitions = 1, config = {}, rate = 0, recordBytes = 100, topicId = `id-${name}` }: TopicOptions = {},
  ): this {
    const settings = { retentionMs: 604_800_000, retentionBytes: -1, cleanupPolicy: ['delete'], ...config };
    const state: SimulatedTopic = { topicId, config: settings, recordBytes, partitions: [] };
    this.#topics.set(name, state);
    return this.addPartitions(name, partitions, rate);
  }

  group(groupId: string, options: GroupOptions): this {
    const { topics, rate = Number.POSITIVE_INFINITY, commitEveryMs = 5000, lag = 0 } = options;
    const { purges = false, readCommitted = false } = options;
    const readers = new Map<string, Map<number, Reader>>();
    for (const topic of topics) {
      const byPartition = this.#topics.get(topic)!.partitions.map((partition, number): [number, Reader] => {
        const committed = Math.max(0, partition.log.endOffset - lag);
        const nextCommitMs = this.nowMs + commitEveryMs;
        const modes = { purges, readCommitted };
        return [
          number,
          { consume: rate, commitEveryMs, position: committed, committed, nextCommitMs, lost: 0, ...modes },
        ];
      });
      readers.set(topic, new Map(byPartition));
    }
    const members = options.members ?? 1;
    const state = members > 0 ? 'Stable' : 'Empty';
    const subscribed = new Set(members > 0 ? topics : []);
    this.#groups.set(groupId, { type: options.type ?? 'classic', state, members, generation: 1, subscribed, readers });
    return this;
  }

  deleteTopic(name: string): this {
    this.#topics.delete(name);
    for (const { readers, subscribed } of this.#groups.values()) {
      readers.delete(name);
      subscribed.delete(name);
    }
    return this;
  }

  deleteGroup(groupId: string): this {
    this.#groups.delete(groupId);
    return this;
  }

  /** Changes how fast a group reads: all its partitions, or one. */
  setRate(groupId: string, rate: Rate, partition?: number): this {
    for (const byPartition of this.#groups.get(groupId)!.readers.values()) {
      for (const [number, reader] of byPartition)
        if (partition === undefined || partition === number) reader.consume = rate;
    }
    return this;
  }

  setProduceRate(topic: string, rate: Rate): this {
    for (const partition of this.#topics.get(topic)!.partitions) partition.produce = rate;
    return this;
  }

  /** What DescribeGroups would say; the members go when the state is Empty. */
  setState(groupId: string, state: string, members?: number): this {
    const group = this.#groups.get(groupId)!;
    group.state = state;
    group.members = members ?? group.members;
    return this;
  }

  /** Replaces all members by new ones, as a deployment does. */
  replaceMembers(groupId: string): this {
    this.#groups.get(groupId)!.generation++;
    return this;
  }

  unsubscribe(groupId: string, topic: string): this {
    const group = this.#groups.get(groupId)!;
    group.subscribed.delete(topic);
    for (const reader of group.readers.get(topic)!.values()) reader.consume = 0;
    return this;
  }

  configure(topic: string, config: TopicConfig): this {
    Object.assign(this.#topics.get(topic)!.config, config);
    return this;
  }

  setLeader(topic: string, partition: number, leader: number | null): this {
    this.#topics.get(topic)!.partitions[partition]!.leader = leader;
    return this;
  }

  /** Writes records at once, e.g. a marker. */
  append(topic: string, partition: number, records: number): this {
    this.#topics.get(topic)!.partitions[partition]!.log.write(records, this.nowMs);
    return this;
  }

  /** From here on nothing of the partition is stable, until the transaction ends. */
  openTransaction(topic: string, partition = 0): this {
    const state = this.#topics.get(topic)!.partitions[partition]!;
    state.openTransactionAt ??= state.log.endOffset;
    return this;
  }

  endTransaction(topic: string, partition = 0): this {
    this.#topics.get(topic)!.partitions[partition]!.openTransactionAt = null;
    return this;
  }

  addPartitions(topic: string, count: number, rate: Rate = 0): this {
    const state = this.#topics.get(topic)!;
    for (let added = 0; added < count; added++) state.partitions.push(emptyPartition(state, rate, this.nowMs));
    return this;
  }

  /** Moves the log start by DeleteRecords. */
  deleteRecords(topic: string, partition: number, beforeOffset: number): this {
    this.#topics.get(topic)!.partitions[partition]!.log.deleteRecords(beforeOffset);
    return this;
  }

  /** Sets a commit by hand: a reset, a jump. */
  commit(groupId: string, topic: string, partition: number, offset: number): this {
    const reader = this.#groups.get(groupId)!.readers.get(topic)!.get(partition)!;
    reader.position = offset;
    reader.committed = offset;
    return this;
  }

  endOffset(topic: string, partition = 0): number {
    return this.#topics.get(topic)!.partitions[partition]!.log.endOffset;
  }

  committedOffset(groupId: string, topic: string, partition = 0): number {
    return this.#groups.get(groupId)!.readers.get(topic)!.get(partition)!.committed;
  }

  /** What retention really took from the group so far. */
  lostRecords(groupId: string, topic: string, partition = 0): number {
    return this.#groups.get(groupId)!.readers.get(topic)!.get(partition)!.lost;
  }

  logStartOffset(topic: string, partition = 0): number {
    return this.#topics.get(topic)!.partitions[partition]!.log.logStart;
  }

  /** Lets time pass. */
  advance(ms: number): this {
    const until = this.nowMs + ms;
    while (this.nowMs < until) {
      const step = Math.min(tickMs, until - this.nowMs);
      this.nowMs += step;
      for (const topic of this.#topics.values()) this.#produce(topic, step);
      for (const group of this.#groups.values()) this.#consume(group, step);
    }
    return this;
  }

  /** A poll after each interval, for so long; the probes that `onSnapshot` gives back are answered by the next one. */
  run(ms: number, onSnapshot: (snapshot: Snapshot) => readonly TimeProbe[] | undefined): this {
    let probes: readonly TimeProbe[] = [];
    for (let passed = 0; passed < ms; passed += this.intervalMs) {
      this.advance(this.intervalMs);
      probes = onSnapshot(this.snapshot({ probes })) ?? [];
    }
    return this;
  }

  /** What is read now. */
  snapshot({
    probes = [],
    failures = [],
  }: {
    probes?: readonly TimeProbe[];
    failures?: readonly Failure[];
  } = {}): Snapshot {
    const topics = [...this.#topics];
    const offsetsOf = (value: (partition: SimulatedPartition) => number) =>
      topics.map(([topic, { partitions }]) => ({
        topic,
        partitions: [...partitions.keys()],
        values: partitions.map(value),
      }));
    const ends = offsetsOf(({ log }) => log.endOffset);
    const stable = offsetsOf(stableOffset);
    const read = <T>(value: T) => ({ value, observedAtMs: this.nowMs, failures: [] as Failure[] });
    return {
      cluster: 'c1',
      atMs: this.nowMs,
      recorder: 'r1',
      monotonicMs: this.nowMs - this.startMs,
      completeness: 'full',
      failures,
      reads: {
        cluster: read({
          clusterId: 'simulated',
          brokers: [{ brokerId: 1, host: 'b1', port: 9092, rack: null }],
          topics: topics.map(([topic, { topicId, partitions }]) => ({
            topic,
            topicId,
            partitions: partitions.map(({ leader }, partition) => ({
              partition,
              leader,
              leaderEpoch: 1,
              replicas: [1],
              inSyncReplicas: leader === null ? [] : [1],
              addingReplicas: [],
            })),
          })),
        }),
        'topic-configs': read(topics.map(([topic, { config }]) => ({ topic, config: { ...config } }))),
        'broker-configs': read({ retentionCheckIntervalMs: checkIntervalMs }),
        'log-dirs': read({
          logDirs: [],
          sizes: offsetsOf(({ log }) => log.sizeBytes).map(({ values, ...topic }) => ({ ...topic, sizeBytes: values })),
        }),
        'log-start-offsets': read(
          offsetsOf(({ log }) => log.logStart).map(({ values, ...topic }) => ({ ...topic, offsets: values })),
        ),
        'group-membership': read([...this.#groups].map(([groupId, group]) => this.#membership(groupId, group))),
        'committed-offsets': read(
          [...this.#groups].map(([groupId, { readers }]) => ({ groupId, topics: commitsOf(readers) })),
        ),
        'end-offsets': read(
          ends.map(({ values, ...topic }, index) => ({
            ...topic,
            highWatermarks: values,
            lastStableOffsets: stable[index]!.values,
          })),
        ),
        ...(probes.length > 0 && { 'offsets-for-times': read(probes.flatMap((probe) => this.#answer(probe))) }),
      },
    };
  }

  #produce({ partitions }: SimulatedTopic, stepMs: number): void {
    const sinceStartMs = this.nowMs - this.startMs;
    for (const { log, produce } of partitions) {
      const records = (rateAt(produce, sinceStartMs) * stepMs) / 1000;
      if (records > 0) log.write(records, this.nowMs);
      if (sinceStartMs % checkIntervalMs === 0) log.deleteExpired(this.nowMs);
    }
  }

  #consume({ readers, state }: SimulatedGroup, stepMs: number): void {
    for (const [topic, byPartition] of readers) {
      for (const [number, reader] of byPartition) {
        const partition = this.#topics.get(topic)!.partitions[number]!;
        const { log } = partition;
        const reads = state !== 'PreparingRebalance' && state !== 'CompletingRebalance';
        const records = reads ? (rateAt(reader.consume, this.nowMs - this.startMs) * stepMs) / 1000 : 0;
        if (records > 0) {
          const lost = Math.max(0, log.logStart - reader.position);
          reader.lost += lost;
          const readable = reader.readCommitted ? stableOffset(partition) : log.endOffset;
          reader.position = Math.min(readable, reader.position + lost + records);
        }
        if (this.nowMs < reader.nextCommitMs) continue;
        reader.nextCommitMs = this.nowMs + reader.commitEveryMs;
        reader.committed = Math.floor(reader.position);
        if (reader.purges) log.deleteRecords(reader.committed);
      }
    }
  }

  #membership(groupId: string, group: SimulatedGroup): GroupMembership {
    const { type, state, members, generation, subscribed } = group;
    const subscribedTopics = [...subscribed];
    return {
      groupId,
      type,
      protocolType: 'consumer',
      protocolName: 'range',
      state,
      coordinatorId: 1,
      epoch: type === 'consumer' ? generation : null,
      members:
        state === 'Empty'
          ? null
          : Array.from({ length: members }, (_, member) => ({
              memberId: `m${generation}-${member}`,
              groupInstanceId: null,
              clientId: 'app',
              clientHost: `/10.0.${generation}.${member}`,
              generationId: null,
              subscribedTopics: state === 'Stable' ? subscribedTopics : null,
              assignment:
                state === 'Stable'
                  ? subscribedTopics.map((topic) => ({
                      topic,
                      partitions: [...this.#topics.get(topic)!.partitions.keys()].filter((p) => p % members === member),
                    }))
                  : null,
            })),
    };
  }

  #answer({ topic, partition, timestampMs }: TimeProbe): TimeAnswer[] {
    const found = this.#topics.get(topic)?.partitions[partition];
    return found === undefined ? [] : [{ topic, partition, timestampMs, offset: found.log.offsetAt(timestampMs) }];
  }
}

function commitsOf(readers: SimulatedGroup['readers']) {
  return [...readers].map(([topic, byPartition]) => ({
    topic,
    partitions: [...byPartition.keys()],
    offsets: [...byPartition.values()].map(({ committed }) => committed),
  }));
}
