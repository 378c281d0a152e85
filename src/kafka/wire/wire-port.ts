import type { Clock } from '../../model/clock.ts';
import type { Facet, TimeProbe, TopicPartitions } from '../../model/snapshot.ts';
import type { ClusterConnection, GroupRef, KafkaPort } from '../port.ts';
import { BrokerPool } from './broker-pool.ts';
import { ClusterQuestions } from './cluster-questions.ts';
import { ControlQuestions } from './control-questions.ts';
import { GroupQuestions } from './group-questions.ts';
import { OffsetQuestions } from './offset-questions.ts';
import { Router } from './router.ts';

const everyFacet: readonly Facet[] = [
  'cluster',
  'topic-configs',
  'broker-configs',
  'log-dirs',
  'log-start-offsets',
  'group-membership',
  'committed-offsets',
  'end-offsets',
  'offsets-for-times',
  'quorum',
  'permissions',
];

/** The port over the wire library's codecs and connections, for brokers from 3.5 on. Connects when first asked. */
class WirePort implements KafkaPort {
  readonly supports = new Set(everyFacet);
  readonly #pool: BrokerPool;
  readonly #cluster: ClusterQuestions;
  readonly #control: ControlQuestions;
  readonly #offsets: OffsetQuestions;
  readonly #groups: GroupQuestions;

  constructor(connection: ClusterConnection, clock: Clock) {
    this.#pool = new BrokerPool(connection, clock);
    const router = new Router(this.#pool);
    this.#cluster = new ClusterQuestions(this.#pool, router, clock);
    this.#control = new ControlQuestions(this.#pool, clock);
    this.#offsets = new OffsetQuestions(this.#pool, router, clock);
    this.#groups = new GroupQuestions(this.#pool, router, clock);
  }

  get traffic(): KafkaPort['traffic'] {
    return this.#pool.traffic.byApi;
  }

  clusterAccess = (signal: AbortSignal) => this.#cluster.clusterAccess(signal);
  clusterState = (signal: AbortSignal) => this.#cluster.clusterState(signal);
  unknownTopics = (topics: readonly string[], signal: AbortSignal) => this.#cluster.unknownTopics(topics, signal);
  reassignments = (signal: AbortSignal) => this.#cluster.reassignments(signal);
  topicConfigs = (topics: readonly string[], keys: readonly string[], signal: AbortSignal) =>
    this.#cluster.topicConfigs(topics, keys, signal);
  brokerConfig = (keys: readonly string[], signal: AbortSignal) => this.#cluster.brokerConfig(keys, signal);
  logDirs = (signal: AbortSignal) => this.#cluster.logDirs(signal);
  quorum = (signal: AbortSignal) => this.#control.quorum(signal);
  permissions = (topics: readonly string[], signal: AbortSignal) => this.#control.permissions(topics, signal);

  logStartOffsets = (partitions: readonly TopicPartitions[], signal: AbortSignal) =>
    this.#offsets.logStartOffsets(partitions, signal);
  endOffsets = (partitions: readonly TopicPartitions[], signal: AbortSignal) =>
    this.#offsets.endOffsets(partitions, signal);
  offsetsForTimes = (probes: readonly TimeProbe[], signal: AbortSignal) =>
    this.#offsets.offsetsForTimes(probes, signal);

  listGroups = (signal: AbortSignal) => this.#groups.listGroups(signal);
  describeClassicGroups = (groups: readonly GroupRef[], signal: AbortSignal) =>
    this.#groups.describeClassicGroups(groups, signal);
  describeConsumerGroups = (groups: readonly GroupRef[], signal: AbortSignal) =>
    this.#groups.describeConsumerGroups(groups, signal);
  committedOffsets = (groups: readonly GroupRef[], signal: AbortSignal) =>
    this.#groups.committedOffsets(groups, signal);

  [Symbol.asyncDispose] = () => this.#pool[Symbol.asyncDispose]();
}

/**
 * Makes the port of one cluster. Nothing is sent yet.
 * @throws TidemarkError config.invalid for a bootstrap server that is no host:port
 */
export function createWirePort(connection: ClusterConnection, clock: Clock): KafkaPort {
  return new WirePort(connection, clock);
}
