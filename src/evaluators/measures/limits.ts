import type { BrokerConfig, TopicConfig } from '../../model/snapshot.ts';

/** What deletes records of a topic, and how long after they expire. */
export interface Limits {
  /** Infinity: no limit; NaN: unread. */
  retentionMs: number;
  retentionBytes: number;
  segmentMs: number;
  segmentBytes: number;
  checkIntervalMs: number;
}

/** Kafka's defaults, for what was not read: they only widen the later bound. */
const defaultSegmentMs = 7 * 86_400_000;
const defaultSegmentBytes = 2 ** 30;
const defaultCheckIntervalMs = 300_000;

export function limitsOf(config: TopicConfig | null, broker: BrokerConfig): Limits {
  const isDeleted = config?.cleanupPolicy?.includes('delete') ?? true;
  // Log dirs show only what lies on the broker: of a tiered topic the size says nothing of retention.bytes.
  const isTiered = config?.remoteStorageEnable === true;
  return {
    retentionMs: isDeleted ? limit(config?.retentionMs) : Number.POSITIVE_INFINITY,
    retentionBytes: isDeleted && !isTiered ? limit(config?.retentionBytes) : Number.POSITIVE_INFINITY,
    segmentMs: config?.segmentMs ?? defaultSegmentMs,
    segmentBytes: config?.segmentBytes ?? defaultSegmentBytes,
    checkIntervalMs: broker.retentionCheckIntervalMs ?? defaultCheckIntervalMs,
  };
}

/** Kafka's -1 is no limit. */
function limit(value: number | undefined): number {
  if (value === undefined) return Number.NaN;
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}
