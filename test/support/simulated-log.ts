import type { TopicConfig } from '../../src/model/snapshot.ts';

export interface Segment {
  baseOffset: number;
  bytes: number;
  /** Largest record timestamp. */
  newestMs: number;
  createdMs: number;
}

/** Kafka's defaults. */
const defaultSegmentMs = 604_800_000;
const defaultSegmentBytes = 2 ** 30;

/** The log of one partition that exists only as numbers: offsets, segments, and what retention does to them. */
export class SimulatedLog {
  readonly #config: TopicConfig;
  readonly #recordBytes: number;
  readonly #segments: Segment[];
  /** Of each write, and of the log's creation: when it arrived, its timestamp, the largest timestamp so far, the end after it. */
  readonly #writtenAtMs: number[];
  readonly #timestamps: number[];
  readonly #newestMs: number[];
  readonly #ends: number[] = [0];
  #end = 0;
  #sizeBytes = 0;
  logStart = 0;

  /** The config is looked at whenever it matters: who changes it reconfigures the log. */
  constructor(config: TopicConfig, recordBytes: number, nowMs: number) {
    this.#config = config;
    this.#recordBytes = recordBytes;
    this.#segments = [{ baseOffset: 0, bytes: 0, newestMs: nowMs, createdMs: nowMs }];
    this.#writtenAtMs = [nowMs];
    this.#timestamps = [nowMs];
    this.#newestMs = [Number.NEGATIVE_INFINITY];
  }

  get endOffset(): number {
    return Math.floor(this.#end);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Oldest first; the last is the active one. */
  get segments(): readonly Readonly<Segment>[] {
    return this.#segments;
  }

  /** Appends records; a fraction is a record under way. Their timestamp is that of their arrival unless the producer says otherwise. */
  write(records: number, nowMs: number, timestampMs = nowMs): void {
    const { segmentMs = defaultSegmentMs, segmentBytes = defaultSegmentBytes } = this.#config;
    let active = this.#segments.at(-1)!;
    if (active.bytes > 0 && (active.bytes >= segmentBytes || nowMs - active.createdMs >= segmentMs)) {
      active = { baseOffset: this.endOffset, bytes: 0, newestMs: timestampMs, createdMs: nowMs };
      this.#segments.push(active);
    }
    const bytes = records * this.#recordBytes;
    active.newestMs = active.bytes === 0 ? timestampMs : Math.max(active.newestMs, timestampMs);
    active.bytes += bytes;
    this.#sizeBytes += bytes;
    this.#end += records;
    this.#writtenAtMs.push(nowMs);
    this.#timestamps.push(timestampMs);
    this.#newestMs.push(Math.max(timestampMs, this.#newestMs.at(-1)!));
    this.#ends.push(this.#end);
  }

  /** One check of retention: whole segments only, the active one too when its youngest record has expired (kafka.md, Retention). */
  deleteExpired(nowMs: number): void {
    const { retentionMs = -1, retentionBytes = -1 } = this.#config;
    while (this.#segments[0]!.bytes > 0) {
      const oldest = this.#segments[0]!;
      const isExpired = retentionMs >= 0 && nowMs - oldest.newestMs > retentionMs;
      const isTooMuch = retentionBytes >= 0 && this.sizeBytes - oldest.bytes >= retentionBytes;
      if (!isExpired && !isTooMuch) return;
      if (this.#segments.length === 1) {
        this.#segments.push({ baseOffset: this.endOffset, bytes: 0, newestMs: nowMs, createdMs: nowMs });
      }
      this.#segments.shift();
      this.#sizeBytes -= oldest.bytes;
      this.deleteRecords(this.#segments[0]!.baseOffset);
    }
  }

  /** DeleteRecords: moves the log start. */
  deleteRecords(beforeOffset: number): void {
    this.logStart = Math.max(this.logStart, beforeOffset);
  }

  /** An unclean election: whatever lies from this offset on is gone. */
  truncate(endOffset: number): void {
    if (endOffset >= this.#end) return;
    const kept = Math.max(
      1,
      firstIndex(this.#ends, (end) => end > endOffset),
    );
    for (const values of [this.#writtenAtMs, this.#timestamps, this.#newestMs, this.#ends]) values.length = kept;
    while (this.#segments.length > 1 && this.#segments.at(-1)!.baseOffset >= endOffset) {
      this.#sizeBytes -= this.#segments.pop()!.bytes;
    }
    const active = this.#segments.at(-1)!;
    const bytes = Math.max(0, endOffset - active.baseOffset) * this.#recordBytes;
    this.#sizeBytes += bytes - active.bytes;
    active.bytes = bytes;
    this.#end = endOffset;
  }

  /** ListOffsets by timestamp: the first record at or after it; null where all are older. */
  offsetAt(timestampMs: number): number | null {
    const index = firstIndex(this.#newestMs, (newestMs) => newestMs >= timestampMs);
    return index === this.#ends.length ? null : Math.max(this.logStart, Math.floor(this.#ends[index - 1]!));
  }

  /** When the record at an offset arrived; the end has none. */
  arrivedAtMs(offset: number): number {
    return this.#writtenAtMs[this.#writeOf(offset)]!;
  }

  /** The timestamp of the record at an offset; the end has none. */
  timestampAt(offset: number): number {
    return this.#timestamps[this.#writeOf(offset)]!;
  }

  #writeOf(offset: number): number {
    return firstIndex(this.#ends, (end) => end > offset);
  }
}

/** The first for which it holds, of values for which it holds from some point on; the length where it never does. */
function firstIndex(values: readonly number[], holds: (value: number) => boolean): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(values[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}
