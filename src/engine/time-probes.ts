import { firstUnreadOffset, type MeasureContext, methods } from '../evaluators/measures/index.ts';
import type { TimeProbe } from '../model/snapshot.ts';

/** The first ladder: this many rungs, each a fraction of the age above it. Of a week it reaches down to half a minute. */
const rungs = 8;
const rungRatio = 4;
/** Questions that narrow one gap of the ladder in one cycle. */
const narrowing = 3;
/** Retention that is taken where there is none: how far back the first ladder reaches. */
const unlimitedMs = 7 * 86_400_000;
/** An age is known well enough when its bounds differ by less than this share of it; near its expiry, of the time that is left. */
const nearEnough = 0.1;
/** When no more than this share of the retention is left, it matters when exactly the record expires. */
const atRiskLeft = 0.5;

/**
 * What the next cycle should ask of offsets-for-times: a ladder for partitions where a lagging series is older than all that is
 * known, narrower rungs around it afterwards, and now and then half of the retention, so that records that came late with old
 * timestamps are noticed. A cycle asks no more than `probesPerCycle`: what is at risk first, the others in turn.
 */
export class TimeProbes {
  #asked = new Set<string>();
  #probes: TimeProbe[] = [];
  /** Series row to begin with, so that no series waits for ever. */
  #turn = 0;

  ask(context: MeasureContext): readonly TimeProbe[] {
    this.#asked = new Set();
    this.#probes = [];
    const { settings, out, nowMs, history } = context;
    const { timeLagMethod } = out.codes;
    const isAtRisk = (row: number, partition: number) =>
      1 - out.numbers.retentionUsedRatio[row]! < atRiskLeft ||
      out.numbers.timeToLossEarliestSeconds[row]! * 1000 < atRiskLeft * retentionOf(context, partition);
    const isKnown = (row: number) => timeLagMethod[row] === methods.interpolated;
    const { halfRetentionProbedAt } = history.partitions.numbers;
    this.#forLagging(context, (row, partition) => {
      if (isAtRisk(row, partition)) this.#narrow(context, row, partition, retentionOf(context, partition));
    });
    const turn = this.#forLagging(context, (row, partition) => {
      if (isKnown(row)) return;
      if (history.seeds.count(partition) === 0) this.#ladder(context, partition);
      else this.#narrow(context, row, partition, Number.POSITIVE_INFINITY);
    });
    this.#forLagging(context, (_, partition) => {
      if (nowMs - halfRetentionProbedAt[partition]! < settings.retentionProbeEvery) return;
      halfRetentionProbedAt[partition] = nowMs;
      this.#put(context, partition, nowMs - retentionOf(context, partition) / 2);
    });
    this.#turn = turn;
    // The oldest rungs come first: a ladder that is cut here is narrowed from there.
    return this.#probes.slice(0, settings.probesPerCycle);
  }

  /** Calls for each series with lag until enough is asked; gives back the row that it came to. */
  #forLagging(context: MeasureContext, ask: (row: number, partition: number) => void): number {
    const { history, out, settings } = context;
    const { alive, count } = history.seriesTable.rows;
    const { residue } = history.series.codes;
    const { lag } = out.numbers;
    const { partitionRow } = history.series.links;
    for (let i = 0; i < count; i++) {
      const row = (this.#turn + i) % count;
      if (this.#probes.length >= settings.probesPerCycle) return row;
      if (alive[row] === 1 && lag[row]! > 0 && residue[row] === 0) ask(row, partitionRow[row]!);
    }
    return this.#turn;
  }

  #ladder(context: MeasureContext, partition: number): void {
    const retentionMs = retentionOf(context, partition);
    for (let rung = 0; rung < rungs; rung++) {
      const ageMs = retentionMs / rungRatio ** rung;
      if (rung === 0 || ageMs > context.intervalMs) this.#put(context, partition, context.nowMs - ageMs);
    }
  }

  /** Asks between the two answers (or the first own sample) that hold the first unread offset, until they are close enough. */
  #narrow(context: MeasureContext, row: number, partition: number, expiresAtAgeMs: number): void {
    const { history, nowMs, intervalMs } = context;
    const { seeds, curves } = history;
    const unread = firstUnreadOffset(history, row);
    const start = seeds.start(partition);
    let older = Number.NaN;
    let younger = curves.count(partition) > 0 ? curves.times[curves.start(partition)]! : nowMs;
    for (let i = start; i < start + seeds.count(partition); i++) {
      if (seeds.values[i]! <= unread) older = seeds.times[i]!;
      else {
        younger = Math.min(younger, seeds.times[i]!);
        break;
      }
    }
    if (Number.isNaN(older)) return;
    const oldAge = nowMs - older;
    const youngAge = Math.max(intervalMs, nowMs - younger);
    if (youngAge >= expiresAtAgeMs) return;
    const leftMs = Math.max(expiresAtAgeMs - youngAge, intervalMs / nearEnough);
    if (oldAge - youngAge <= nearEnough * Math.min(youngAge, leftMs)) return;
    for (let part = 1; part <= narrowing; part++) {
      this.#put(context, partition, nowMs - oldAge * (youngAge / oldAge) ** (part / (narrowing + 1)));
    }
  }

  /** Notes a question, once. */
  #put({ history, wallOffsetMs }: MeasureContext, row: number, atMs: number): void {
    const timestampMs = Math.round(atMs + wallOffsetMs);
    const key = `${row} ${timestampMs}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const { links } = history.partitions;
    this.#probes.push({
      topic: history.topics[links.topicRow[row]!]!.topic,
      partition: links.partition[row]!,
      timestampMs,
    });
  }
}

function retentionOf({ history }: MeasureContext, partitionRow: number): number {
  const config = history.topics[history.partitions.links.topicRow[partitionRow]!]!.config;
  const retentionMs = config?.retentionMs ?? -1;
  return retentionMs > 0 ? retentionMs : unlimitedMs;
}
