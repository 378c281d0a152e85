import type { TopicConfig } from '../../src/model/snapshot.ts';
import { SimulatedLog } from './simulated-log.ts';

/** Records a second at a moment (ms since the simulation's start). */
export type Rate = number | ((sinceStartMs: number) => number);

export interface SimulatedPartition {
  log: SimulatedLog;
  produce: Rate;
  leader: number | null;
  /** Where the first open transaction begins; null: none is open. */
  openTransactionAt: number | null;
}

export interface SimulatedTopic {
  topicId: string;
  config: TopicConfig;
  recordBytes: number;
  partitions: SimulatedPartition[];
}

/** An empty partition of the topic. */
export function emptyPartition(topic: Pick<SimulatedTopic, 'config' | 'recordBytes'>, produce: Rate, nowMs: number) {
  const log = new SimulatedLog(topic.config, topic.recordBytes, nowMs);
  return { log, produce, leader: 1, openTransactionAt: null };
}

export function rateAt(rate: Rate, sinceStartMs: number): number {
  return typeof rate === 'number' ? rate : rate(sinceStartMs);
}

/** Where a read_committed reader stops. */
export function stableOffset({ log, openTransactionAt }: SimulatedPartition): number {
  return openTransactionAt ?? log.endOffset;
}
