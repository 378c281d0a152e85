import { minuteMs } from './plan.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { Reader, SimulatedGroup } from './simulated-group.ts';
import { type PartitionState, produceRate } from './simulated-topic.ts';

/** Losses beyond so many retentions are not looked for. */
const horizonRetentions = 3;
/** Offsets between the committed and the end at which expiry is looked up. */
const lookups = 48;

/**
 * What is exactly so of one series, and what comes of it if everything goes on at its present rate. Times in ms, rates in records/s.
 * What is costly and seldom asked for is worked out when it is asked for, at the same poll.
 */
export class ExactState {
  readonly partition: number;
  /** End offset - committed offset, markers and all. */
  readonly lag: number;
  /** Records that can be read and are not committed. */
  readonly unread: number;
  /** Age of the moment at which the end offset passed the committed offset; 0 where nothing is unread. */
  readonly timeLagMs: number;
  readonly produceRate: number;
  readonly consumeRate: number;
  /** null: it does not drain. */
  readonly timeToDrainMs: number | null;
  readonly #cluster: SimulatedCluster;
  readonly #reader: Reader;
  readonly #from: number;
  #expiry: { byTime: number; bySize: number } | undefined;
  #loss: number | undefined;

  constructor(cluster: SimulatedCluster, group: SimulatedGroup, reader: Reader) {
    const { state } = reader;
    const readable = group.readable(state);
    this.#cluster = cluster;
    this.#reader = reader;
    this.partition = state.partition;
    // Without a commit whatever is kept is unread.
    this.#from = reader.hasCommit ? reader.committed : state.log.logStart;
    this.lag = Math.max(0, group.endOffset(state) - this.#from);
    this.unread = Math.max(0, readable - this.#from);
    this.produceRate = produceRate(state, cluster.sinceStartMs);
    const capacity = group.reads(reader) && state.leader !== null ? reader.consume(cluster.sinceStartMs) : 0;
    // Who has caught up reads what comes.
    const hasBacklog = readable - reader.position > capacity * 5 || capacity === 0;
    this.consumeRate = hasBacklog ? capacity : Math.min(capacity, this.produceRate);
    this.timeLagMs = this.unread === 0 ? 0 : cluster.nowMs - state.log.arrivedAtMs(this.#from);
    const drains = this.consumeRate > this.produceRate;
    this.timeToDrainMs =
      this.unread === 0 ? 0 : drains ? (this.lag / (this.consumeRate - this.produceRate)) * 1000 : null;
  }

  /** Until the first unread record is due for deletion, following the reader; Infinity: not within the horizon. */
  get timeToExpiryMs(): number {
    const { byTime, bySize } = this.#expiries();
    return Math.min(byTime, bySize);
  }

  get lossBy(): 'time' | 'size' {
    const { byTime, bySize } = this.#expiries();
    return bySize < byTime ? 'size' : 'time';
  }

  /** Until the broker really deletes something unread. */
  get timeToLossMs(): number {
    this.#loss ??= this.unread === 0 ? Number.POSITIVE_INFINITY : deletion(this.#cluster, this.#reader, this);
    return this.#loss;
  }

  /** How long until a segment that is begun now is whole. */
  get segmentMs(): number {
    const { config, plan } = this.#reader.state.topic;
    return Math.min(config.segmentMs, (config.segmentBytes / (this.produceRate * plan.recordBytes)) * 1000);
  }

  #expiries(): { byTime: number; bySize: number } {
    const never = { byTime: Number.POSITIVE_INFINITY, bySize: Number.POSITIVE_INFINITY };
    this.#expiry ??=
      this.unread === 0
        ? never
        : {
            byTime: expiryByTime(this.#cluster, this.#reader.state, this.#from, this),
            bySize: expiryBySize(this.#reader.state, this),
          };
    return this.#expiry;
  }
}

/** When the reader meets a record that is older than retention.ms. */
function expiryByTime(
  { nowMs }: SimulatedCluster,
  { log, topic: { config, plan } }: PartitionState,
  committed: number,
  { lag, produceRate, consumeRate, timeLagMs }: ExactState,
): number {
  const { retentionMs } = config;
  if (retentionMs < 0) return Number.POSITIVE_INFINITY;
  const perMs = consumeRate / 1000;
  // Nothing that is unread grows older than this until it is read: most series, at once.
  const oldestMs = timeLagMs + plan.timestampDelayMs + lag / perMs;
  if (consumeRate >= produceRate && oldestMs < retentionMs) return Number.POSITIVE_INFINITY;
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
function expiryBySize(
  { topic: { config, plan } }: PartitionState,
  { lag, produceRate, consumeRate }: ExactState,
): number {
  const { retentionBytes } = config;
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
function deletion(cluster: SimulatedCluster, reader: Reader, exact: ExactState): number {
  const { log, topic } = reader.state;
  const { recordBytes } = topic.plan;
  const { retentionMs, retentionBytes } = topic.config;
  const from = Math.max(reader.position, reader.lostUpTo);
  const bytesPerMs = (exact.produceRate * recordBytes) / 1000;
  const horizonMs = horizonRetentions * (retentionMs < 0 ? retentionBytes / bytesPerMs : retentionMs);
  for (const segment of segmentsFrom(cluster, reader.state, from, exact, horizonMs)) {
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
