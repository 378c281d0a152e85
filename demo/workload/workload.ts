import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaClients } from '../../test/support/clients.ts';

/** What each of the demo's groups is made with. */
export interface Workload {
  readonly kafka: KafkaClients;
}

/** One of the demo's consumer groups: its topics, its producer and its consumers. */
export interface DemoGroup {
  /** Also the name of its topic, unless it needs several. */
  readonly groupId: string;
  /** Codes of the findings that tidemark must come to, of the group and its topics; none for a group that stays quiet. */
  readonly finds: readonly string[];
  /** Codes that are as true, and show or do not show by how the moments fall. */
  readonly mayFind?: readonly string[];
  /** What the page shows of it, in a sentence. */
  readonly shows: string;
  /** Lays the topics and starts the clients; they go on until the process ends. */
  start(workload: Workload): Promise<void>;
}

/**
 * Does something again and again until the process ends, with a pause in between.
 * Nobody awaits it: what it throws ends the process, and the demo with a sentence.
 */
export async function forever(everyMs: number, action: () => Promise<void>): Promise<never> {
  for (;;) {
    await action();
    await pause(everyMs);
  }
}

/**
 * Consumers of at most so many records a second from each partition, a member for each: one member with
 * several partitions would serve the first and starve the others.
 */
export async function joinSlowly(
  { kafka }: Workload,
  topic: string,
  load: { readonly partitions: number; readonly recordsPerSecondEach: number },
): Promise<void> {
  const member = () =>
    kafka.join(topic, [topic], {
      onRecord: () => pause(1000 / load.recordsPerSecondEach),
      // By default librdkafka buffers minutes of records: what retention has deleted meanwhile would still be
      // read, and nothing would be lost.
      config: { 'queued.min.messages': 1, 'max.partition.fetch.bytes': 1024, 'auto.commit.interval.ms': 1_000 },
    });
  await Promise.all(Array.from({ length: load.partitions }, member));
}

/** Settings of a topic whose records die at that age, and not much later: its segments are short. */
export function keptFor(retentionSeconds: number): Record<string, string> {
  const segmentSeconds = Math.max(5, Math.round(retentionSeconds / 20));
  return { 'retention.ms': `${retentionSeconds * 1000}`, 'segment.ms': `${segmentSeconds * 1000}` };
}
