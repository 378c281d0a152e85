import { createScope, phases, type ScopeSettings } from '../../../src/collectors/index.ts';
import { initialCollectorsState, runCollectors } from '../../../src/collectors/run.ts';
import type { CollectorSettings } from '../../../src/collectors/settings.ts';
import type { KafkaPort } from '../../../src/kafka/port.ts';
import { createWirePort } from '../../../src/kafka/wire/wire-port.ts';
import type { Facet, Facets, GroupMembership, Snapshot, TimeProbe } from '../../../src/model/snapshot.ts';
import { systemClock } from '../../../src/system-clock.ts';

/** The wire port as the daemon has it, with bounds for a slow machine. @param requestTimeoutMs shorter where silence is the point */
export function wirePort(bootstrapServers: string, requestTimeoutMs = 20_000): KafkaPort {
  return createWirePort(
    {
      bootstrapServers: bootstrapServers.split(','),
      clientId: 'tidemark-test',
      connectTimeoutMs: requestTimeoutMs / 2,
      requestTimeoutMs,
    },
    systemClock,
  );
}

/** Every collector at every cycle. */
const settings = Object.fromEntries(
  phases.flat().map(({ facet }) => [facet, { every: 0, timeout: 60_000 }]),
) as CollectorSettings;

/** Collecting as the daemon does it, a cycle at a time when the test says so. */
export class Cycles implements AsyncDisposable {
  readonly kafka: KafkaPort;
  readonly #scope: ScopeSettings;
  #state = initialCollectorsState();

  /** @param pattern groups and topics to watch: those of one test on a shared cluster */
  constructor(kafka: KafkaPort, pattern: string, exclude: readonly string[] = []) {
    this.kafka = kafka;
    const names = { include: [pattern], exclude: [...exclude] };
    this.#scope = { groups: names, topics: names };
  }

  async next(timeProbes: readonly TimeProbe[] = []): Promise<Snapshot> {
    const { snapshot, state } = await runCollectors(this.kafka, phases, this.#state, {
      cluster: 'test',
      recorder: 'test',
      intervalMs: 0,
      settings,
      scope: createScope(this.#scope),
      timeProbes,
      clock: systemClock,
      signal: new AbortController().signal,
      reportBug: (_where, error) => {
        throw error;
      },
    });
    this.#state = state;
    return snapshot;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kafka[Symbol.asyncDispose]();
  }
}

/** What one collector read; fails the test where it read nothing. */
export function read<F extends Facet>(snapshot: Snapshot, facet: F): Facets[F] {
  const found = snapshot.reads[facet];
  if (!found) throw new Error(`${facet} read nothing: ${JSON.stringify(snapshot.failures)}`);
  return found.value;
}

/** The offset of one partition in an answer of parallel arrays. */
export function offsetOf(
  topics: readonly { topic: string; partitions: readonly number[]; offsets: readonly number[] }[],
  topic: string,
  partition = 0,
): number | undefined {
  const its = topics.find((each) => each.topic === topic);
  return its?.offsets[its.partitions.indexOf(partition)];
}

/** Both ends of one partition. */
export function endsOf(
  snapshot: Snapshot,
  topic: string,
  partition = 0,
): { lastStableOffset: number | undefined; highWatermark: number | undefined } {
  const its = read(snapshot, 'end-offsets').find((each) => each.topic === topic);
  const index = its?.partitions.indexOf(partition) ?? -1;
  return { lastStableOffset: its?.lastStableOffsets[index], highWatermark: its?.highWatermarks[index] };
}

/** What was read of one group's members and state. */
export function membershipOf(snapshot: Snapshot, groupId: string): GroupMembership | undefined {
  return read(snapshot, 'group-membership').find((each) => each.groupId === groupId);
}

/** The committed offset of one group on one partition. */
export function committedOf(snapshot: Snapshot, groupId: string, topic: string, partition = 0): number | undefined {
  const group = read(snapshot, 'committed-offsets').find((each) => each.groupId === groupId);
  return group && offsetOf(group.topics, topic, partition);
}
