/** Usage of a volume within a few minutes: when they began, and the least and the most bytes that were used in them. */
export interface UsageSpan {
  atMs: number;
  leastBytes: number;
  mostBytes: number;
}

/** Retention deletes every few minutes: a span holds some of its teeth, and its least and most are their feet and tips. */
const spanMs = 10 * 60_000;
/** Two days: teeth of a day are seen whole. */
const mostSpans = 288;

/** How full one volume was over the last two days, in spans of ten minutes; times rise. It does not outlive the process. */
export class DiskUsage {
  #spans: UsageSpan[] = [];

  get spans(): readonly UsageSpan[] {
    return this.#spans;
  }

  /** Tells whether a new span has begun. */
  add(atMs: number, usedBytes: number): boolean {
    const last = this.#spans.at(-1);
    if (last !== undefined && atMs - last.atMs < spanMs) {
      last.leastBytes = Math.min(last.leastBytes, usedBytes);
      last.mostBytes = Math.max(last.mostBytes, usedBytes);
      return false;
    }
    this.#spans.push({ atMs, leastBytes: usedBytes, mostBytes: usedBytes });
    if (this.#spans.length > mostSpans) this.#spans.shift();
    return true;
  }

  clear(): void {
    this.#spans = [];
  }
}
