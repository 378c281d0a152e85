import { TidemarkError } from '../../model/errors.ts';
import type { ClusterState, TopicState } from '../../model/snapshot.ts';
import type { PortFailure } from '../port.ts';
import type { BrokerPool } from './broker-pool.ts';
import { classOf, errorName, failureCode } from './error-class.ts';
import { describeTopicPartitions, metadata, type PartitionCursor, type ResponseOf } from './messages.ts';
import { Routing } from './routing.ts';

type MetadataResponse = ResponseOf<typeof metadata>;
type AnsweredTopic = (MetadataResponse | ResponseOf<typeof describeTopicPartitions>)['topics'][number];

/** Above this, Metadata of all topics is one answer too large for comfort: brokers that can tell it in pages do. */
const partitionsInMetadata = 20_000;
const partitionsAPage = 2_000;

/** Asks Metadata, and keeps the pool and the routes as it says. */
export class Router {
  readonly #pool: BrokerPool;
  readonly #partitionsInMetadata: number;
  readonly #partitionsAPage: number;
  #partitionCount = 0;
  #routing: Routing | undefined;
  #refreshing: Promise<unknown> | undefined;

  constructor(pool: BrokerPool, limits = { partitionsInMetadata, partitionsAPage }) {
    this.#pool = pool;
    this.#partitionsInMetadata = limits.partitionsInMetadata;
    this.#partitionsAPage = limits.partitionsAPage;
  }

  /**
   * Reads the whole cluster anew.
   * @throws TidemarkError upstream.unreachable
   */
  async read(signal: AbortSignal): Promise<{ state: ClusterState; failures: readonly PortFailure[] }> {
    const { response, answered } = await this.#ask(signal);
    const { topics, failures } = topicStates(answered);
    const brokers = response.brokers.map(({ nodeId, host, port, rack }) => ({
      brokerId: nodeId,
      host,
      port,
      rack: rack ?? null,
    }));
    const state: ClusterState = { clusterId: response.clusterId ?? null, brokers, topics };
    this.#partitionCount = topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    this.#pool.update(brokers);
    this.#routing = new Routing(state);
    return { state, failures };
  }

  /** The routes as last read; reads them first where they never were. */
  async routing(signal: AbortSignal): Promise<Routing> {
    if (!this.#routing) await this.refresh(signal);
    return this.current;
  }

  /** The routes as last read. To be used where `routing` was awaited before. */
  get current(): Routing {
    if (!this.#routing) throw new TidemarkError('upstream.unreachable', 'the cluster has not been reached yet');
    return this.#routing;
  }

  /** Reads the routes anew; questions that notice the same election at once share one request. */
  async refresh(signal: AbortSignal): Promise<void> {
    this.#refreshing ??= this.read(signal).finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #ask(signal: AbortSignal): Promise<{ response: MetadataResponse; answered: readonly AnsweredTopic[] }> {
    if (this.#partitionCount > this.#partitionsInMetadata) {
      const pages = await this.#pages(signal);
      if (pages) return { response: await this.#pool.askAny(metadata, [[]], signal), answered: pages };
    }
    const response = await this.#pool.askAny(metadata, [null], signal);
    return { response, answered: response.topics };
  }

  /** Undefined where the brokers are too old to answer in pages. */
  async #pages(signal: AbortSignal): Promise<readonly AnsweredTopic[] | undefined> {
    const byName = new Map<string, AnsweredTopic>();
    let cursor: PartitionCursor | null = null;
    try {
      do {
        const args: [number, PartitionCursor | null] = [this.#partitionsAPage, cursor];
        const page: ResponseOf<typeof describeTopicPartitions> = await this.#pool.askAny(
          describeTopicPartitions,
          args,
          signal,
        );
        for (const topic of page.topics) {
          const name = topic.name ?? '';
          // A topic that does not fit into a page goes on in the next.
          const begun = byName.get(name);
          byName.set(name, begun ? { ...topic, partitions: [...begun.partitions, ...topic.partitions] } : topic);
        }
        cursor = page.nextCursor;
      } while (cursor);
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'upstream.unsupported') return undefined;
      throw error;
    }
    return [...byName.values()];
  }
}

function topicStates(answered: readonly AnsweredTopic[]): { topics: TopicState[]; failures: PortFailure[] } {
  const topics: TopicState[] = [];
  const failures: PortFailure[] = [];
  const shared = sharedLists();
  for (const topic of answered) {
    // A topic that is just being made or deleted: neither there nor gone.
    if (classOf(topic.errorCode) !== 'none') {
      failures.push({
        code: failureCode(topic.errorCode),
        message: `Metadata says ${errorName(topic.errorCode)} of topic ${topic.name}`,
        topics: [{ topic: topic.name ?? '' }],
      });
    } else {
      topics.push(topicState(topic, shared));
    }
  }
  return { topics, failures };
}

const none: readonly number[] = [];

type SharedLists = (brokerIds: readonly number[]) => readonly number[];

/** Thousands of partitions have the same replicas: one array for all equal lists, or those of 10,000 partitions would hold 3 MB. */
function sharedLists(): SharedLists {
  const lists = new Map<string, readonly number[]>();
  return (brokerIds) => {
    const key = brokerIds.join();
    const known = lists.get(key) ?? brokerIds;
    lists.set(key, known);
    return known;
  };
}

function topicState({ name, topicId, partitions }: AnsweredTopic, shared: SharedLists): TopicState {
  return {
    topic: name ?? '',
    topicId: topicIdOf(topicId),
    partitions: partitions
      .map(({ partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes }) => ({
        partition: partitionIndex,
        // An error of a partition (LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND) says in words what leader -1 says.
        leader: leaderId >= 0 ? leaderId : null,
        leaderEpoch: leaderEpoch >= 0 ? leaderEpoch : null,
        replicas: shared(replicaNodes),
        inSyncReplicas: shared(isrNodes),
        addingReplicas: none,
      }))
      .sort((a, b) => a.partition - b.partition),
  };
}

/** As Kafka's own tools write it (its class Uuid): base64url. All zeros: the broker has none. */
function topicIdOf(uuid: string): string | null {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return bytes.every((byte) => byte === 0) ? null : bytes.toString('base64url');
}
