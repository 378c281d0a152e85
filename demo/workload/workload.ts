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
  readonly inTrouble: boolean;
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

/** A handler that takes its time, for a consumer of at most so many records a second over all partitions. */
export function slowly(recordsPerSecond: number): () => Promise<void> {
  return () => pause(1000 / recordsPerSecond);
}

/**
 * Settings of a consumer that fetches little ahead. By default librdkafka buffers minutes of records: what
 * retention has deleted meanwhile would still be read, and nothing would be lost.
 */
export const fetchingLittle = { 'queued.min.messages': 1, 'max.partition.fetch.bytes': 1024 } as const;

/** Records die after a minute and a half, in steps of five seconds. */
export const timeLimited = { 'retention.ms': '90000', 'segment.ms': '5000', 'segment.bytes': '1048576' } as const;
