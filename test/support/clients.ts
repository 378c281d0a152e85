import { randomBytes } from 'node:crypto';
import { KafkaJS } from '@confluentinc/kafka-javascript';
import { Admin } from '@platformatic/kafka';
import { until } from './until.ts';
import { isRefused, topicMetadata } from './wire.ts';

export interface TopicOptions {
  /** Default 1. */
  readonly partitions?: number;
  /** Default 3, or fewer where the cluster is smaller: the broker decides. */
  readonly replicationFactor?: number;
  /** The brokers of each partition, preferred leader first; takes the place of the two numbers above. */
  readonly replicas?: readonly (readonly number[])[];
  /** Topic configs by Kafka's names, as `{'retention.ms': '90000'}`. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface ProduceOptions {
  /** All records into this one (default 0). */
  readonly partition?: number;
  /** Size of each value (default 10). */
  readonly valueBytes?: number;
  /** Record timestamp; the client's clock when absent. */
  readonly timestampMs?: number;
}

/** On a busy machine brokers take longer than the 5 s, and coordinators longer than the 3 s, for which clients wait by default. */
const patience = { timeout: 30_000, retries: 10, retryDelay: 1_000 };

/** Committed offsets by topic and partition. */
export type Commits = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** A member that stays in its group, and commits what it has read, until it is disposed (it then leaves cleanly). */
export interface Member extends AsyncDisposable {
  /** Records read so far. */
  readonly consumed: number;
  readonly assignment: readonly { readonly topic: string; readonly partition: number }[];
}

export interface MemberOptions {
  /** `consumer` joins by KIP-848 (default `classic`). */
  readonly groupProtocol?: 'classic' | 'consumer';
  /** librdkafka's settings, over the rest. */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** What is done with a record; it counts as read when this resolves, and is read again when it throws. */
  readonly onRecord?: (record: KafkaJS.EachMessagePayload) => Promise<void>;
  /** Partitions that are worked on at the same time (default 1). */
  readonly concurrency?: number;
  /** false: does not wait for a first assignment, for there may be none left (default true). */
  readonly awaitsAssignment?: boolean;
}

/**
 * The real clients of one test file on a shared cluster, in few words. Names that it makes carry a prefix of
 * their own, so that files do not meet. Connections are made at first use and closed at disposal.
 */
export class KafkaClients implements AsyncDisposable {
  readonly bootstrapServers: string;
  /** Begins every topic and group of this instance: use it as an include pattern, `${prefix}*`. */
  readonly prefix: string;
  /** For what the methods here do not do; a client made from it is its maker's to close. */
  readonly kafka: KafkaJS.Kafka;
  readonly #wireAdmin: Admin;
  readonly #open = new AsyncDisposableStack();
  #admin: Promise<KafkaJS.Admin> | undefined;
  #producer: Promise<KafkaJS.Producer> | undefined;

  constructor(bootstrapServers: string, prefix = `t${randomBytes(4).toString('hex')}-`) {
    this.bootstrapServers = bootstrapServers;
    this.prefix = prefix;
    const brokers = bootstrapServers.split(',');
    this.kafka = new KafkaJS.Kafka({ kafkaJS: { brokers, logLevel: KafkaJS.logLevel.NOTHING } });
    this.#wireAdmin = new Admin({ clientId: 'tidemark-test', bootstrapBrokers: brokers, ...patience });
    this.#open.defer(() => this.#wireAdmin.close());
  }

  /** The prefixed form of a topic's or group's name. */
  name(short: string): string {
    return this.prefix + short;
  }

  /** Creates a topic and waits until every living broker knows it and its leaders. @returns its prefixed name */
  async createTopic(short: string, options: TopicOptions = {}): Promise<string> {
    const { replicationFactor = -1, replicas, config = {} } = options;
    const partitions = replicas?.length ?? options.partitions ?? 1;
    const topic = this.name(short);
    const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
    const [created] = await this.#wireAdmin.createTopics({
      topics: [topic],
      ...(replicas === undefined ? { partitions, replicas: replicationFactor } : { assignments: assigned(replicas) }),
      configs,
    });
    // By its ID: a broker that lags behind may still answer with a deleted topic of the same name.
    const isKnown = async (address: string) => {
      const metadata = await topicMetadata(address, topic);
      const hasLeaders = metadata?.partitions.every((each) => each.errorCode === 0 && each.leaderId >= 0);
      return metadata?.topicId === created?.id && metadata?.partitions.length === partitions && hasLeaders;
    };
    for (const address of this.bootstrapServers.split(',')) {
      await until(`${address} knows topic ${topic}`, () => isKnown(address).catch(isRefused));
    }
    return topic;
  }

  /** Deletes a topic by its full name; brokers forget it a moment later. */
  async deleteTopic(topic: string): Promise<void> {
    const admin = await this.#connectedAdmin();
    await admin.deleteTopics({ topics: [topic], timeout: patience.timeout });
  }

  /** Deletes an Empty group by its full name. */
  async deleteGroup(groupId: string): Promise<void> {
    const admin = await this.#connectedAdmin();
    await admin.deleteGroups([groupId], { timeout: patience.timeout });
  }

  /** Moves the log start of a partition, as Streams does when it purges. */
  async deleteRecords(topic: string, partition: number, beforeOffset: number): Promise<void> {
    await this.#wireAdmin.deleteRecords({
      topics: [{ name: topic, partitions: [{ partition, offset: BigInt(beforeOffset) }] }],
    });
  }

  /** Appends `count` records, acknowledged by all in-sync replicas. */
  async produce(topic: string, count: number, options: ProduceOptions = {}): Promise<void> {
    const { partition = 0, valueBytes = 10, timestampMs } = options;
    const producer = await this.#connectedProducer();
    const timestamp = timestampMs === undefined ? {} : { timestamp: String(timestampMs) };
    const message = { partition, value: Buffer.alloc(valueBytes, 'x'), ...timestamp };
    const batch = 1_000;
    for (let sent = 0; sent < count; sent += batch) {
      const messages = Array.from({ length: Math.min(batch, count - sent) }, () => message);
      await producer.send({ topic, messages });
    }
  }

  /**
   * A producer that may begin a transaction; its maker disconnects it.
   * @param transactionalId full name
   * @param config librdkafka's settings
   */
  async transactionalProducer(
    transactionalId: string,
    config: Readonly<Record<string, string | number>> = {},
  ): Promise<KafkaJS.Producer> {
    // The client gives up after 5 s; the first of a cluster waits until the brokers have created the log of transactions.
    return await until(
      `${transactionalId} may begin transactions`,
      async () => {
        const producer = this.kafka.producer({ 'transactional.id': transactionalId, ...config });
        try {
          await producer.connect();
          return producer;
        } catch (error) {
          await producer.disconnect().catch(() => {});
          throw error;
        }
      },
      { withinMs: 120_000 },
    );
  }

  /** Commits for a group without members, as `assign()` consumers do. @param groupId full name */
  async commit(groupId: string, commits: Commits): Promise<void> {
    const topics = Object.entries(commits).map(([name, partitions]) => ({
      name,
      partitionOffsets: Object.entries(partitions).map(([partition, offset]) => ({
        partition: Number(partition),
        offset: BigInt(offset),
      })),
    }));
    await this.#wireAdmin.alterConsumerGroupOffsets({ groupId, topics });
  }

  /** What a group has committed on a partition; undefined when nothing. @param groupId full name */
  async committedOffset(groupId: string, topic: string, partition: number): Promise<number | undefined> {
    const [group] = await this.#wireAdmin.listConsumerGroupOffsets({ groups: [groupId] });
    const partitions = group?.topics.find((each) => each.name === topic)?.partitions;
    const committed = partitions?.find((each) => each.partitionIndex === partition)?.committedOffset;
    return committed === undefined ? undefined : Number(committed);
  }

  /** Joins as a group's only or next member and waits for its first assignment. @param groupId full name */
  async join(groupId: string, topics: readonly string[], options: MemberOptions = {}): Promise<Member> {
    const { groupProtocol = 'classic', config = {}, onRecord, concurrency = 1, awaitsAssignment = true } = options;
    const consumer = this.kafka.consumer({
      'group.id': groupId,
      'group.protocol': groupProtocol,
      'auto.offset.reset': 'earliest',
      'auto.commit.interval.ms': 200,
      ...config,
    });
    await consumer.connect();
    const disposal = this.#open.use({ [Symbol.asyncDispose]: once(() => consumer.disconnect()) });
    let consumed = 0;
    await consumer.subscribe({ topics: [...topics] });
    await consumer.run({
      partitionsConsumedConcurrently: concurrency,
      eachMessage: async (record) => {
        await onRecord?.(record);
        consumed++;
      },
    });
    const member: Member = {
      get consumed() {
        return consumed;
      },
      get assignment() {
        return consumer.assignment();
      },
      [Symbol.asyncDispose]: disposal[Symbol.asyncDispose],
    };
    if (awaitsAssignment)
      await until(`group ${groupId} assigns something`, () => member.assignment.length > 0, { withinMs: 60_000 });
    return member;
  }

  /** Joins, reads `count` records, commits and leaves. @param groupId full name */
  async consume(groupId: string, topic: string, count: number): Promise<void> {
    await using member = await this.join(groupId, [topic]);
    await until(`group ${groupId} has read ${count} records`, () => member.consumed >= count, { withinMs: 60_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  #connectedAdmin(): Promise<KafkaJS.Admin> {
    this.#admin ??= this.#connect(this.kafka.admin());
    return this.#admin;
  }

  #connectedProducer(): Promise<KafkaJS.Producer> {
    this.#producer ??= this.#connect(this.kafka.producer({ 'linger.ms': 1 }));
    return this.#producer;
  }

  async #connect<T extends KafkaJS.Admin | KafkaJS.Producer>(client: T): Promise<T> {
    await client.connect();
    this.#open.defer(() => client.disconnect());
    return client;
  }
}

/** A member may be disposed by its test and again with everything else. */
function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}

function assigned(replicas: readonly (readonly number[])[]) {
  return replicas.map((brokers, partition) => ({ partition, brokers: [...brokers] }));
}
