import type { TopicConfig } from '../../src/model/snapshot.ts';

interface Segment {
  baseOffset: number;
  bytes: number;
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
  /** Where the end stood when: the truth that timestamps are answered from. */
  readonly #written: { atMs: number; end: number }[];
  #end = 0;
  logStart = 0;

  /** The config is looked at whenever it matters: who changes it reconfigures the log. */
  constructor(config: TopicConfig, recordBytes: number, nowMs: number) {
    this.#config = config;
    this.#recordBytes = recordBytes;
    this.#segments = [{ baseOffset: 0, bytes: 0, newestMs: nowMs, createdMs: nowMs }];
    this.#written = [{ atMs: nowMs, end: 0 }];
  }

  get endOffset(): number {
    return Math.floor(this.#end);
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Appends records; a fraction is a record under way. */
  write(records: number, nowMs: number): void {
    const { segmentMs = defaultSegmentMs, segmentBytes = defaultSegmentBytes } = this.#config;
    let active = this.#segments.at(-1)!;
    if (active.bytes > 0 && (active.bytes >= segmentBytes || nowMs - active.createdMs >= segmentMs)) {
      active = { baseOffset: this.endOffset, bytes: 0, newestMs: nowMs, createdMs: nowMs };
      this.#segments.push(active);
    }
    this.#end += records;
    active.bytes += records * this.#recordBytes;
    active.newestMs = nowMs;
    this.#written.push({ atMs: nowMs, end: this.#end });
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
      this.deleteRecords(this.#segments[0]!.baseOffset);
    }
  }

  /** DeleteRecords: moves the log start. */
  deleteRecords(beforeOffset: number): void {
    this.logStart = Math.max(this.logStart, beforeOffset);
  }

  /** ListOffsets by timestamp: the first record at or after it; null where all are older. */
  offsetAt(timestampMs: number): number | null {
    const index = this.#written.findIndex(({ atMs }, i) => i > 0 && atMs >= timestampMs);
    return index < 0 ? null : Math.max(this.logStart, Math.floor(this.#written[index - 1]!.end));
  }
}
