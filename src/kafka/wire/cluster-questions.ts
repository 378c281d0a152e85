import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import type { ClusterState, LogDir, LogDirs } from '../../model/snapshot.ts';
import type { Answer, ClusterAccess, ConfigValues, PortFailure, Reassignment } from '../port.ts';
import { AnswerTimes } from './answer-times.ts';
import type { BrokerPool } from './broker-pool.ts';
import { classOf, errorName, failureCode, throwOn } from './error-class.ts';
import {
  describeCluster,
  describeConfigs,
  describeLogDirs,
  listPartitionReassignments,
  metadata,
  type ResponseOf,
  resourceType,
} from './messages.ts';
import type { Router } from './router.ts';
import type { Routing } from './routing.ts';

const topicsADescribe = 500;
const namesAMetadata = 1_000;

/** AclOperation.DESCRIBE, as a bit of the authorized operations (KIP-430). */
const describeOperation = 1 << 8;

type LogDirsResponse = ResponseOf<typeof describeLogDirs>;

/** What is asked of the cluster as a whole: any broker can answer, but for log dirs and a broker's own configuration. */
export class ClusterQuestions {
  readonly #pool: BrokerPool;
  readonly #router: Router;
  readonly #clock: Clock;

  constructor(pool: BrokerPool, router: Router, clock: Clock) {
    this.#pool = pool;
    this.#router = router;
    this.#clock = clock;
  }

  async clusterAccess(signal: AbortSignal): Promise<ClusterAccess> {
    const response = await this.#pool.askAny(describeCluster, [], signal);
    throwOn(response.errorCode, describeCluster.api);
    const maySeeEverything = (response.clusterAuthorizedOperations & describeOperation) !== 0;
    return { clusterId: response.clusterId === '' ? null : response.clusterId, maySeeEverything };
  }

  async clusterState(signal: AbortSignal): Promise<Answer<ClusterState>> {
    const { state, failures } = await this.#router.read(signal);
    return this.#timedByAll(state, failures);
  }

  async unknownTopics(topics: readonly string[], signal: AbortSignal): Promise<Answer<readonly string[]>> {
    const unknown: string[] = [];
    const failures: PortFailure[] = [];
    for (let start = 0; start < topics.length; start += namesAMetadata) {
      const response = await this.#pool.askAny(metadata, [topics.slice(start, start + namesAMetadata)], signal);
      for (const { name, errorCode } of response.topics) {
        if (!name || classOf(errorCode) === 'none') continue;
        if (errorName(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') unknown.push(name);
        else failures.push(topicFailure(metadata.api, name, errorCode));
      }
    }
    return this.#timedByAll(unknown, failures);
  }

  async reassignments(signal: AbortSignal): Promise<Answer<readonly Reassignment[]>> {
    const brokerTimeoutMs = 5_000;
    const response = await this.#pool.askController(listPartitionReassignments, [brokerTimeoutMs], signal);
    throwOn(response.errorCode, listPartitionReassignments.api);
    const value = response.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, addingReplicas }) => ({
        topic: name,
        partition: partitionIndex,
        addingReplicas,
      })),
    );
    return this.#timedByAll(value, []);
  }

  async topicConfigs(
    topics: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<Answer<readonly { topic: string; values: ConfigValues }[]>> {
    const value: { topic: string; values: ConfigValues }[] = [];
    const failures: PortFailure[] = [];
    for (let start = 0; start < topics.length; start += topicsADescribe) {
      const some = topics.slice(start, start + topicsADescribe);
      const response = await this.#pool.askAny(describeConfigs, [resourceType.topic, some, keys], signal);
      for (const { resourceName, errorCode, configs } of response.results) {
        if (errorCode === 0) value.push({ topic: resourceName, values: configValues(configs) });
        else failures.push(topicFailure(describeConfigs.api, resourceName, errorCode));
      }
    }
    return this.#timedByAll(value, failures);
  }

  async brokerConfig(keys: readonly string[], signal: AbortSignal): Promise<Answer<ConfigValues>> {
    const times = new AnswerTimes(this.#clock);
    const { brokers } = await this.#router.routing(signal);
    let lastError: unknown;
    // Only the broker itself tells its own configuration.
    for (const { brokerId } of brokers) {
      try {
        const names = [String(brokerId)];
        const response = await this.#pool.ask(brokerId, describeConfigs, [resourceType.broker, names, keys], signal);
        const result = response.results[0];
        throwOn(result?.errorCode ?? 0, describeConfigs.api);
        times.answered(brokerId);
        return times.answer(configValues(result?.configs ?? []));
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error;
        lastError = error;
      }
    }
    throw lastError ?? new TidemarkError('upstream.unreachable', 'Metadata lists no living broker');
  }

  async logDirs(signal: AbortSignal): Promise<Answer<LogDirs>> {
    const times = new AnswerTimes(this.#clock);
    const routing = await this.#router.routing(signal);
    const logDirs: LogDir[] = [];
    const sizes = new Map<string, LogDirs['sizes'][number] & { partitions: number[]; sizeBytes: number[] }>();
    const failures: PortFailure[] = [];
    const askOne = async (brokerId: number): Promise<void> => {
      try {
        const response = await this.#pool.ask(brokerId, describeLogDirs, [], signal);
        throwOn(response.errorCode, describeLogDirs.api);
        times.answered(brokerId);
        logDirs.push(...response.results.map((result) => logDir(brokerId, result)));
        addLeaderSizes(brokerId, response, routing, sizes);
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error;
        failures.push({ code: error.code, message: error.message, brokerId });
      }
    };
    await Promise.all(routing.brokers.map(({ brokerId }) => askOne(brokerId)));
    return times.answer({ logDirs, sizes: [...sizes.values()] }, failures);
  }

  /** The answer of one broker that speaks for all of them. */
  #timedByAll<T>(value: T, failures: readonly PortFailure[]): Answer<T> {
    const times = new AnswerTimes(this.#clock);
    for (const brokerId of this.#pool.brokerIds) times.answered(brokerId);
    return times.answer(value, failures);
  }
}

function topicFailure(api: string, topic: string, errorCode: number): PortFailure {
  return {
    code: failureCode(errorCode),
    message: `Kafka answered ${api} with ${errorName(errorCode)} for topic ${topic}`,
    topics: [{ topic }],
  };
}

function configValues(configs: readonly { name: string; value?: string | null | undefined }[]): ConfigValues {
  return Object.fromEntries(configs.map(({ name, value }) => [name, value ?? null]));
}

function logDir(brokerId: number, result: LogDirsResponse['results'][number]): LogDir {
  return {
    brokerId,
    path: result.logDir,
    totalBytes: result.totalBytes >= 0n ? Number(result.totalBytes) : null,
    usableBytes: result.usableBytes >= 0n ? Number(result.usableBytes) : null,
    error: result.errorCode === 0 ? null : errorName(result.errorCode),
  };
}

/** Followers may hold more or less than the leader: retention is the leader's affair. A future replica is a move between directories. */
function addLeaderSizes(
  brokerId: number,
  response: LogDirsResponse,
  routing: Routing,
  sizes: Map<string, { topic: string; partitions: number[]; sizeBytes: number[] }>,
): void {
  for (const { topics } of response.results) {
    for (const { name: topic, partitions } of topics) {
      for (const { partitionIndex, partitionSize, isFutureKey } of partitions) {
        if (isFutureKey || routing.leader(topic, partitionIndex)?.brokerId !== brokerId) continue;
        let its = sizes.get(topic);
        if (!its) {
          its = { topic, partitions: [], sizeBytes: [] };
          sizes.set(topic, its);
        }
        its.partitions.push(partitionIndex);
        its.sizeBytes.push(Number(partitionSize));
      }
    }
  }
}
