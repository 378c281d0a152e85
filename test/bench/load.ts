import {
  Admin,
  type Connection,
  findCoordinatorV6,
  heartbeatV4,
  joinGroupV9,
  offsetCommitV9,
  produceV11,
  ResponseError,
  syncGroupV5,
} from '@platformatic/kafka';
import type { KafkaCluster } from '../support/kafka-cluster.ts';
import { until } from '../support/until.ts';
import { connected } from '../support/wire.ts';
import type { BenchCase } from './cases.ts';
import { encodeAssignment, encodeSubscription, type TopicPartitionList } from './consumer-protocol.ts';

interface Membership {
  readonly memberId: string;
  readonly generationId: number;
}

const groupCoordinator = 0;
const noMember: Membership = { memberId: '', generationId: -1 };
const recordsAtStart = 20;
const recordsACycle = 10;
/** So far behind are the commits of partitions that move, so that lags, time lags and clocks are computed for them. */
const movingLag = 5;
/** A broker makes a log's files at its first record: thousands of them in one request would outlast its time-out. */
const recordsARequest = 4_000;
const sessionTimeoutMs = 300_000;

/**
 * The world that tidemark is measured on: topics, groups with commits, a few members, and a tenth of it moving.
 * Made by the wire library's own api, so that a thousand groups cost one process little.
 */
export class BenchLoad implements AsyncDisposable {
  readonly #case: BenchCase;
  readonly #open = new AsyncDisposableStack();
  readonly #connections = new Map<number, Connection>();
  readonly #coordinators = new Map<string, Connection>();
  readonly #members = new Map<string, Membership>();
  /** Leader by topic and partition number. */
  readonly #leaders = new Map<string, readonly number[]>();
  /** End offset by topic and partition number. */
  readonly #ends = new Map<string, number[]>();
  #admin: Admin | undefined;

  private constructor(benchCase: BenchCase) {
    this.#case = benchCase;
  }

  static async lay(cluster: KafkaCluster, benchCase: BenchCase): Promise<BenchLoad> {
    const load = new BenchLoad(benchCase);
    for (const broker of cluster.brokers) {
      load.#connections.set(broker.brokerId, load.#open.use(await connected(broker.address)));
    }
    await load.#createTopics(cluster.brokers.map((broker) => broker.address));
    await load.#findCoordinators();
    // A broker learns only a moment later that it leads a new partition, and takes records for the others meanwhile.
    await until('every partition takes records', () => load.#produce(recordsAtStart, () => true).then(() => true), {
      everyMs: 1_000,
      withinMs: 120_000,
    });
    await load.#readEnds();
    for (const group of load.#groups().slice(0, benchCase.groupsWithMember)) await load.#join(group);
    for (const group of load.#groups()) await load.#commit(group, () => true);
    return load;
  }

  /** One cycle's movement: records on a tenth of the partitions, commits behind them, a heartbeat for each member. */
  async move(): Promise<void> {
    const moves = (partition: number) => this.#moves(partition);
    await this.#produce(recordsACycle, moves);
    for (const group of this.#groups()) await this.#commit(group, moves);
    for (const [group, { memberId, generationId }] of this.#members) {
      await heartbeatV4.api.async(this.#coordinator(group), group, generationId, memberId);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  #moves(partition: number): boolean {
    return partition % this.#case.movingEvery === 0;
  }

  #groups(): string[] {
    return Array.from({ length: this.#case.groups }, (_, index) => `bench-group-${index}`);
  }

  #topics(): string[] {
    return Array.from({ length: this.#case.topics }, (_, index) => `bench-topic-${index}`);
  }

  /** The partitions that a group reads: whole topics, in turn, so that all topics have as many readers. */
  #reads(group: string): TopicPartitionList[] {
    const { topics, partitionsPerTopic, committedPartitions } = this.#case;
    const count = committedPartitions / partitionsPerTopic;
    const first = Number(group.slice(group.lastIndexOf('-') + 1)) * count;
    const partitions = Array.from({ length: partitionsPerTopic }, (_, partition) => partition);
    return Array.from({ length: count }, (_, index) => ({
      topic: `bench-topic-${(first + index) % topics}`,
      partitions,
    }));
  }

  async #createTopics(bootstrapBrokers: string[]): Promise<void> {
    const admin = new Admin({ clientId: 'tidemark-bench', bootstrapBrokers, timeout: 60_000, requestTimeout: 90_000 });
    this.#open.defer(() => admin.close());
    this.#admin = admin;
    const topics = this.#topics();
    const batch = 20;
    for (let from = 0; from < topics.length; from += batch) {
      await admin.createTopics({
        topics: topics.slice(from, from + batch),
        partitions: this.#case.partitionsPerTopic,
        // One replica: what tidemark reads is the same, and two cores hold three brokers of this size.
        replicas: 1,
      });
    }
    // Brokers learn of new topics one after the other.
    const metadata = await until('the new topics are known', () => admin.metadata({ topics, forceUpdate: true }), {
      withinMs: 120_000,
    });
    for (const [topic, { partitions }] of metadata.topics) {
      this.#leaders.set(
        topic,
        partitions.map(({ leader }) => leader),
      );
    }
  }

  /** Not every attempt to lay the first records reached every partition. */
  async #readEnds(): Promise<void> {
    const latest = -1n;
    const topics = [...this.#leaders].map(([name, leaders]) => ({
      name,
      partitions: leaders.map((_, partitionIndex) => ({ partitionIndex, timestamp: latest })),
    }));
    for (const { name, partitions } of (await this.#admin?.listOffsets({ topics })) ?? []) {
      const ends: number[] = [];
      for (const { partitionIndex, offset } of partitions) ends[partitionIndex] = Number(offset);
      this.#ends.set(name, ends);
    }
  }

  async #findCoordinators(): Promise<void> {
    const [connection] = this.#connections.values();
    if (connection === undefined) throw new Error('the bench has no broker');
    const { coordinators } = await findCoordinatorV6.api.async(connection, groupCoordinator, this.#groups());
    for (const { key, nodeId } of coordinators) this.#coordinators.set(key, this.#broker(nodeId));
  }

  async #produce(count: number, moves: (partition: number) => boolean): Promise<void> {
    const value = Buffer.alloc(100, 'x');
    for (const [brokerId, connection] of this.#connections) {
      const records = [...this.#leaders].flatMap(([topic, leaders]) =>
        leaders.flatMap((leader, partition) =>
          leader === brokerId && moves(partition)
            ? Array.from({ length: count }, () => ({ topic, partition, value }))
            : [],
        ),
      );
      for (let from = 0; from < records.length; from += recordsARequest) {
        await produceV11.api.async(connection, 1, 60_000, records.slice(from, from + recordsARequest));
      }
    }
    for (const ends of this.#ends.values()) {
      for (const partition of ends.keys()) if (moves(partition)) ends[partition]! += count;
    }
  }

  async #commit(group: string, moves: (partition: number) => boolean): Promise<void> {
    const { memberId, generationId } = this.#members.get(group) ?? noMember;
    const topics = this.#reads(group).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.filter(moves).map((partitionIndex) => ({
        partitionIndex,
        committedOffset: BigInt(this.#endOf(topic, partitionIndex) - this.#lagOf(partitionIndex)),
        committedLeaderEpoch: -1,
      })),
    }));
    await offsetCommitV9.api.async(this.#coordinator(group), group, generationId, memberId, null, topics);
  }

  #endOf(topic: string, partition: number): number {
    const end = this.#ends.get(topic)?.[partition];
    if (end === undefined) throw new Error(`no end offset was read for ${topic} p${partition}`);
    return end;
  }

  #lagOf(partition: number): number {
    return this.#moves(partition) ? movingLag : this.#case.idleLag;
  }

  async #join(group: string): Promise<void> {
    const coordinator = this.#coordinator(group);
    const reads = this.#reads(group);
    const protocols = [{ name: 'range', metadata: encodeSubscription(reads.map(({ topic }) => topic)) }];
    const join = (memberId: string) =>
      joinGroupV9.api.async(coordinator, group, sessionTimeoutMs, 60_000, memberId, null, 'consumer', protocols);
    // KIP-394: the first join is refused, and the refusal names the member ID to come back with.
    const joined = await join('').catch((error: unknown) => {
      if (!(error instanceof ResponseError)) throw error;
      return join((error.response as { memberId: string }).memberId);
    });
    const { memberId, generationId } = joined;
    const assignments = [{ memberId, assignment: encodeAssignment(reads) }];
    await syncGroupV5.api.async(coordinator, group, generationId, memberId, null, 'consumer', 'range', assignments);
    this.#members.set(group, { memberId, generationId });
  }

  #coordinator(group: string): Connection {
    const connection = this.#coordinators.get(group);
    if (connection === undefined) throw new Error(`no coordinator was found for ${group}`);
    return connection;
  }

  #broker(brokerId: number): Connection {
    const connection = this.#connections.get(brokerId);
    if (connection === undefined) throw new Error(`no connection to broker ${brokerId}`);
    return connection;
  }
}
