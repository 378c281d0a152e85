import type { Answer, KafkaPort, PortFailure, Reassignment } from '../kafka/port.ts';
import { TidemarkError } from '../model/errors.ts';
import type { ClusterState, Discovery, Snapshot, TopicState } from '../model/snapshot.ts';
import type { Collector, CollectorInput } from './collector.ts';
import { isPartOfCluster } from './watched.ts';

/** Metadata is eventually consistent among brokers: one that says "unknown" may only be late. */
const cyclesUntilGone = 2;

/** Brokers, topics, leaders, replicas, and whether Kafka shows us all of them. */
export const cluster: Collector<'cluster'> = {
  facet: 'cluster',
  every: '0s',
  timeout: '10s',
  doc: 'brokers, topics, leaders, replicas, in-sync replicas, reassignments',
  async collect(kafka, known, signal) {
    const { value, brokers, failures } = await kafka.clusterState(signal);
    const [completeness, reassigning, missing] = await Promise.all([
      completenessOf(kafka, signal),
      reassignmentsOf(kafka, signal),
      missingTopics(kafka, value, known, signal),
    ]);
    const topics = value.topics.filter(({ topic }) => isPartOfCluster(topic, known.scope));
    return {
      value: { ...value, topics: withAddingReplicas(topics, reassigning.value) },
      brokers,
      failures: [...failures, ...completeness.failures, ...reassigning.failures, ...missing.failures],
      discovery: { ...known.discovery, ...missing.value },
      ...(completeness.value ? { completeness: completeness.value } : {}),
    };
  },
};

interface Part<T> {
  value: T;
  failures: readonly PortFailure[];
}

/** A part that could not be read, without any topic that would therefore be unread: an empty list covers none. */
function partFailure(error: unknown): PortFailure {
  if (!(error instanceof TidemarkError)) throw error;
  return { code: error.code, message: error.message, topics: [] };
}

async function completenessOf(
  kafka: KafkaPort,
  signal: AbortSignal,
): Promise<Part<Snapshot['completeness'] | undefined>> {
  try {
    const { maySeeEverything } = await kafka.clusterAccess(signal);
    return { value: maySeeEverything ? 'full' : 'filtered', failures: [] };
  } catch (error) {
    return { value: undefined, failures: [partFailure(error)] };
  }
}

async function reassignmentsOf(kafka: KafkaPort, signal: AbortSignal): Promise<Part<readonly Reassignment[]>> {
  try {
    return await kafka.reassignments(signal);
  } catch (error) {
    return { value: [], failures: [partFailure(error)] };
  }
}

function withAddingReplicas(
  topics: readonly TopicState[],
  reassigning: readonly Reassignment[],
): readonly TopicState[] {
  if (reassigning.length === 0) return topics;
  const byTopic = Map.groupBy(reassigning, ({ topic }) => topic);
  return topics.map((state) => {
    const moves = byTopic.get(state.topic);
    if (!moves) return state;
    const adding = new Map(moves.map(({ partition, addingReplicas }) => [partition, addingReplicas]));
    return {
      ...state,
      partitions: state.partitions.map((its) => ({ ...its, addingReplicas: adding.get(its.partition) ?? [] })),
    };
  });
}

type Missing = Required<Pick<Discovery, 'missingTopics' | 'deniedTopics'>>;

/**
 * Topics that we knew and that Metadata of all topics does not list: how many cycles in a row Kafka said that it knows them not, and
 * which it hides from us.
 */
async function missingTopics(
  kafka: KafkaPort,
  state: ClusterState,
  known: CollectorInput,
  signal: AbortSignal,
): Promise<Part<Missing>> {
  const before = known.discovery.missingTopics;
  const listed = new Set(state.topics.map(({ topic }) => topic));
  const knownTopics = [...(known.cluster?.topics.map(({ topic }) => topic) ?? []), ...before.keys()];
  const missing = [...new Set(knownTopics)].filter(
    (topic) => !listed.has(topic) && isPartOfCluster(topic, known.scope),
  );
  if (missing.length === 0) return { value: { missingTopics: new Map(), deniedTopics: new Set() }, failures: [] };
  const answer = await unknownAmong(kafka, missing, signal);
  const unknown = new Set(answer.value);
  const cycles = missing.map((topic) => [topic, (before.get(topic) ?? 0) + (unknown.has(topic) ? 1 : 0)] as const);
  const stillMissing = new Map(cycles.filter(([, count]) => count < cyclesUntilGone));
  const denied = new Set(
    answer.failures.filter(isDenied).flatMap(({ topics }) => topics?.map(({ topic }) => topic) ?? []),
  );
  const value: Missing = { missingTopics: stillMissing, deniedTopics: denied };
  const unread = [...stillMissing.keys()].filter((topic) => !denied.has(topic)).map((topic) => ({ topic }));
  if (unread.length === 0) return { value, failures: answer.failures };
  const message = 'Metadata of all topics left these out; they are gone when it denies them by name twice';
  return { value, failures: [...answer.failures, { code: 'upstream.stale', message, topics: unread }] };
}

function isDenied({ code }: PortFailure): boolean {
  return code === 'upstream.denied';
}

async function unknownAmong(
  kafka: KafkaPort,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Answer<readonly string[]>, 'value' | 'failures'>> {
  try {
    return await kafka.unknownTopics(topics, signal);
  } catch (error) {
    return { value: [], failures: [partFailure(error)] };
  }
}
