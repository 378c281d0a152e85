import { minuteMs, type PartitionState, type SimulatedCluster } from './simulated-cluster.ts';
import type { Reader } from './simulated-group.ts';

/** What is exactly so of one series, and what comes of it if everything goes on at its present rate. Times in ms, rates in records/s. */
export interface ExactState {
  partition: number;
  /** End offset - committed offset, markers and all. */
  lag: number;
  /** Records that can be read and are not committed. */
  unread: number;
  /** Age of the moment at which the end offset passed the committed offset; 0 where nothing is unread. */
  timeLagMs: number;
  produceRate: number;
  consumeRate: number;
  /** null: it does not drain. */
  timeToDrainMs: number | null;
  /** Until the first unread record is due for deletion, following the reader; Infinity: not within the horizon. */
  timeToExpiryMs: number;
  /** Until the broker really deletes something unread. */
  timeToLossMs: number;
  lossBy: 'time' | 'size';
  /** How long until a segment that is begun now is whole. */
  segmentMs: number;
}

/** Losses beyond so many retentions are not looked for. */
const horizonRetentions = 3;
/** Offsets between the committed and the end at which expiry is looked up. */
const lookups = 48;

export function exactState(cluster: SimulatedCluster, reader: Reader): ExactState {
  const state = cluster.partitions[reader.partition]!;
  const lag = Math.max(0, state.log.endOffset - reader.committed);
  const unread = Math.max(0, cluster.group.readable(reader.partition) - reader.committed);
  const produceRate = cluster.produceRate(state);
  const capacity = cluster.group.isReading && state.leader !== null ? reader.consume(cluster.sinceStartMs) : 0;
  // Who has caught up reads what comes.
  const hasBacklog = cluster.group.readable(reader.partition) - reader.position > capacity * 5 || capacity === 0;
  const consumeRate = hasBacklog ? capacity : Math.min(capacity, produceRate);
  const exact: ExactState = {
    ...{ partition: reader.partition, lag, unread, produceRate, consumeRate },
    timeLagMs: unread === 0 ? 0 : cluster.nowMs - state.log.arrivedAtMs(reader.committed),
    timeToDrainMs: unread === 0 ? 0 : consumeRate > produceRate ? (lag / (consumeRate - produceRate)) * 1000 : null,
    ...{ timeToExpiryMs: Number.POSITIVE_INFINITY, timeToLossMs: Number.POSITIVE_INFINITY, lossBy: 'time' },
    segmentMs: segmentFillMs(cluster, produceRate),
  };
  if (unread === 0) return exact;
  const byTime = expiryByTime(cluster, state, reader.committed, exact);
  const bySize = expiryBySize(cluster, exact);
  exact.lossBy = bySize < byTime ? 'size' : 'time';
  exact.timeToExpiryMs = Math.min(byTime, bySize);
  exact.timeToLossMs = deletion(cluster, state, reader, exact);
  return exact;
}

function segmentFillMs({ plan: { topicConfig, recordBytes } }: SimulatedCluster, produceRate: number): number {
  return Math.min(topicConfig.segmentMs, (topicConfig.segmentBytes / (produceRate * recordBytes)) * 1000);
}

/** When the reader meets a record that is older than retention.ms. */
function expiryByTime(
  { plan, nowMs }: SimulatedCluster,
  { log }: PartitionState,
  committed: number,
  { lag, produceRate, consumeRate }: ExactState,
): number {
  const { retentionMs } = plan.topicConfig;
  if (retentionMs < 0) return Number.POSITIVE_INFINITY;
  const perMs = consumeRate / 1000;
  let before = { reachedMs: 0, leftMs: 0 };
  for (let step = 0; step < lookups; step++) {
    const offset = Math.floor(committed + (lag * step) / lookups);
    const expiresInMs = log.timestampAt(offset) + retentionMs - nowMs;
    if (perMs === 0) return Math.max(0, expiresInMs);
    const reachedMs = (offset - committed) / perMs;
    const leftMs = expiresInMs - reachedMs;
    if (leftMs <= 0) {
      if (step === 0) return 0;
      const share = before.leftMs / (before.leftMs - leftMs);
      return before.reachedMs + share * (reachedMs - before.reachedMs);
    }
    before = { reachedMs, leftMs };
  }
  if (consumeRate >= produceRate) return Number.POSITIVE_INFINITY;
  // Of what is still to come the age grows evenly: by so much for each ms of reading.
  const grows = 1 - consumeRate / produceRate;
  const ageAtEndMs = lag / perMs;
  const inMs = ageAtEndMs + (retentionMs - plan.timestampDelayMs - ageAtEndMs) / grows;
  return inMs > horizonRetentions * retentionMs ? Number.POSITIVE_INFINITY : inMs;
}

/** When the bytes after the reader reach retention.bytes. */
function expiryBySize({ plan }: SimulatedCluster, { lag, produceRate, consumeRate }: ExactState): number {
  const { retentionBytes } = plan.topicConfig;
  if (retentionBytes < 0) return Number.POSITIVE_INFINITY;
  const roomBytes = retentionBytes - lag * plan.recordBytes;
  if (roomBytes <= 0) return 0;
  if (produceRate <= consumeRate) return Number.POSITIVE_INFINITY;
  const inMs = (roomBytes / ((produceRate - consumeRate) * plan.recordBytes)) * 1000;
  const fillMs = (retentionBytes / (produceRate * plan.recordBytes)) * 1000;
  return inMs > horizonRetentions * fillMs ? Number.POSITIVE_INFINITY : inMs;
}

interface FutureSegment {
  end: number;
  newestMs: number;
}

/** When a check of retention deletes a segment that the reader has not finished. */
function deletion(cluster: SimulatedCluster, state: PartitionState, reader: Reader, exact: ExactState): number {
  const { topicConfig, recordBytes } = cluster.plan;
  const { retentionMs, retentionBytes } = topicConfig;
  const { log } = state;
  const from = Math.max(reader.position, reader.lostUpTo);
  const bytesPerMs = (exact.produceRate * recordBytes) / 1000;
  const horizonMs = horizonRetentions * (retentionMs < 0 ? retentionBytes / bytesPerMs : retentionMs);
  for (const segment of segmentsFrom(cluster, state, from, exact, horizonMs)) {
    const byTime = retentionMs < 0 ? Number.POSITIVE_INFINITY : segment.newestMs + retentionMs - cluster.nowMs;
    const newerBytes = (log.endOffset - segment.end) * recordBytes;
    const bySize = retentionBytes < 0 ? Number.POSITIVE_INFINITY : (retentionBytes - newerBytes) / bytesPerMs;
    const deletedInMs = nextCheckAfter(cluster, Math.max(0, Math.min(byTime, bySize)));
    if (deletedInMs > horizonMs) return Number.POSITIVE_INFINITY;
    const finishedInMs =
      exact.consumeRate === 0 ? Number.POSITIVE_INFINITY : ((segment.end - from) / exact.consumeRate) * 1000;
    if (deletedInMs < finishedInMs) return deletedInMs;
  }
  return Number.POSITIVE_INFINITY;
}

/** Those that hold something that the reader has not read, and those still to be written. */
function* segmentsFrom(
  { nowMs }: SimulatedCluster,
  { log }: PartitionState,
  position: number,
  { produceRate, segmentMs }: ExactState,
  horizonMs: number,
): Generator<FutureSegment> {
  const { segments, endOffset } = log;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && next.baseOffset > position) yield { end: next.baseOffset, newestMs: segment.newestMs };
  }
  const active = segments.at(-1)!;
  if (produceRate === 0) {
    yield { end: endOffset, newestMs: active.newestMs };
    return;
  }
  let wholeMs = Math.max(nowMs, active.createdMs + segmentMs);
  while (wholeMs - nowMs < horizonMs) {
    yield { end: endOffset + ((wholeMs - nowMs) / 1000) * produceRate, newestMs: wholeMs };
    wholeMs += Math.max(segmentMs, minuteMs / 60);
  }
}

function nextCheckAfter({ nowMs, nextCheckMs, plan }: SimulatedCluster, inMs: number): number {
  const firstMs = nextCheckMs - nowMs;
  return firstMs + Math.max(0, Math.ceil((inMs - firstMs) / plan.checkIntervalMs)) * plan.checkIntervalMs;
}
