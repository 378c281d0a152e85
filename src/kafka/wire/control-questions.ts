import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import {
  type AclOperation,
  aclOperations,
  type Permissions,
  type Quorum,
  type QuorumVoter,
} from '../../model/snapshot.ts';
import type { Answer, PortFailure } from '../port.ts';
import { AnswerTimes } from './answer-times.ts';
import type { BrokerPool } from './broker-pool.ts';
import { classOf, errorName, failureCode, throwOn } from './error-class.ts';
import { describeCluster, describeQuorum, metadata, type ResponseOf } from './messages.ts';

const namesAMetadata = 1_000;

/** As whom Kafka knows a connection without authentication, unless a principal builder says otherwise (its class KafkaPrincipal). */
const anonymous = 'User:ANONYMOUS';

/** Kafka's codes of the operations begin with UNKNOWN, ANY and ALL, which no resource is described with. */
const firstOperationCode = 3;

/** What is asked of those who control the cluster: who leads the metadata log, and what we may do. */
export class ControlQuestions {
  readonly #pool: BrokerPool;
  readonly #clock: Clock;

  constructor(pool: BrokerPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async quorum(signal: AbortSignal): Promise<Answer<Quorum>> {
    const response = await this.#pool.askController(describeQuorum, [], signal);
    throwOn(response.errorCode, describeQuorum.api);
    const log = response.topics[0]?.partitions[0];
    if (!log) throw new TidemarkError('upstream.protocol', 'DescribeQuorum left out the metadata log');
    throwOn(log.errorCode, describeQuorum.api);
    return this.#timedByAll(quorumOf(log), []);
  }

  async permissions(topics: readonly string[], signal: AbortSignal): Promise<Answer<Permissions>> {
    const cluster = await this.#pool.askAny(describeCluster, [], signal);
    throwOn(cluster.errorCode, describeCluster.api);
    const byOperations = new Map<number, string[]>();
    const failures: PortFailure[] = [];
    for (let start = 0; start < topics.length; start += namesAMetadata) {
      const names = topics.slice(start, start + namesAMetadata);
      const response = await this.#pool.askAny(metadata, [names, true], signal);
      for (const { name, errorCode, topicAuthorizedOperations } of response.topics) {
        const failure = topicFailure(name ?? '', errorCode);
        if (failure) failures.push(failure);
        if (!isAnswer(errorCode)) continue;
        const operations = classOf(errorCode) === 'denied' ? 0 : topicAuthorizedOperations;
        const alike = byOperations.get(operations) ?? [];
        alike.push(name ?? '');
        byOperations.set(operations, alike);
      }
    }
    const value: Permissions = {
      principal: anonymous,
      cluster: operationsOf(cluster.clusterAuthorizedOperations),
      topics: [...byOperations].map(([bits, names]) => ({ operations: operationsOf(bits), names })),
    };
    return this.#timedByAll(value, failures);
  }

  /** The answer of one broker that speaks for all of them. */
  #timedByAll<T>(value: T, failures: readonly PortFailure[]): Answer<T> {
    const times = new AnswerTimes(this.#clock);
    for (const brokerId of this.#pool.brokerIds) times.answered(brokerId);
    return times.answer(value, failures);
  }
}

type MetadataLog = ResponseOf<typeof describeQuorum>['topics'][number]['partitions'][number];

function quorumOf({ leaderId, leaderEpoch, currentVoters }: MetadataLog): Quorum {
  const end = currentVoters.find(({ replicaId }) => replicaId === leaderId)?.logEndOffset ?? null;
  return { leaderId, leaderEpoch, voters: currentVoters.map((voter) => voterOf(voter, end)) };
}

/** -1: the leader has not heard of the voter since it leads. */
function voterOf(voter: MetadataLog['currentVoters'][number], end: bigint | null): QuorumVoter {
  const { replicaId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp } = voter;
  const isKnown = end !== null && logEndOffset >= 0n;
  return {
    brokerId: replicaId,
    lag: isKnown ? Math.max(0, Number(end - logEndOffset)) : null,
    lastFetchMs: lastFetchTimestamp >= 0n ? Number(lastFetchTimestamp) : null,
    lastCaughtUpMs: lastCaughtUpTimestamp >= 0n ? Number(lastCaughtUpTimestamp) : null,
  };
}

/** Denied by name is an answer: nothing is allowed. A topic that is no more has no permissions. */
function isAnswer(errorCode: number): boolean {
  const kind = classOf(errorCode);
  return kind === 'none' || kind === 'denied';
}

function topicFailure(topic: string, errorCode: number): PortFailure | null {
  if (isAnswer(errorCode) || errorName(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
  const message = `Kafka answered ${metadata.api} with ${errorName(errorCode)} for topic ${topic}`;
  return { code: failureCode(errorCode), message, topics: [{ topic }] };
}

/** Bit n of the mask stands for the operation with code n. */
function operationsOf(bits: number): AclOperation[] {
  return aclOperations.filter((_, index) => (bits & (1 << (index + firstOperationCode))) !== 0);
}
