import type { ClusterEvent, Transition } from './finding.ts';

/** History of a partition, of a series (group on a partition), or of a group as a whole. */
export const partitionFields = ['logStartOffset', 'highWatermark', 'lastStableOffset', 'sizeBytes'] as const;
export const seriesFields = [
  'committedOffset',
  'lag',
  'timeLagSeconds',
  'timeToDrainSeconds',
  'timeToLossEarliestSeconds',
  'timeToLossLatestSeconds',
  'retentionUsedRatio',
] as const;
export const groupFields = ['lag', 'maxTimeLagSeconds', 'rebalances'] as const;
export type HistoryField =
  | (typeof partitionFields)[number]
  | (typeof seriesFields)[number]
  | (typeof groupFields)[number];

/** groupId alone: the group; topic and partition alone: the partition; all: the series. */
export interface HistoryKey {
  cluster: string;
  groupId?: string;
  topic?: string;
  partition?: number;
}

/** Value at a time, oldest first; NaN marks a gap. */
export type Points = (readonly [atMs: number, value: number])[];

/** What the HTTP side may ask of the store. Reading never waits for Kafka. */
export interface SeriesReader {
  /**
   * At most `atMost` points of one field, oldest first, from the finest tier that covers the span. A NaN value marks a gap
   * (nothing was read there). Empty where nothing is stored.
   */
  points(key: HistoryKey, field: HistoryField, fromMs: number, toMs: number, atMost: number): Points;
  /**
   * The same for many keys of one kind, in their order, at little more than the price of one: neighbours are stored together.
   * For heat maps (the partitions of a group and topic) and sparklines (the lag of many groups).
   */
  pointsOfMany(
    keys: readonly HistoryKey[],
    field: HistoryField,
    fromMs: number,
    toMs: number,
    atMost: number,
  ): Points[];
  /** Newest first, at most `atMost`; with `topic`, those about it or its partitions. */
  events(cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): ClusterEvent[];
  /** Transitions of findings, newest first, at most `atMost`; with `topic`, those about it or its partitions. */
  transitions(cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): Transition[];
  sizeBytes(): number;
}
