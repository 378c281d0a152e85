import type { MeasureContext } from '../evaluators/measures/index.ts';
import { methods } from '../evaluators/measures/index.ts';
import type { TimeProbe } from '../model/snapshot.ts';

/** Rungs of the first ladder: retention, and its halves. */
const rungs = 8;
/** Retention that is taken where there is none: how far back the first ladder reaches. */
const unlimitedMs = 7 * 86_400_000;
/** Two ages are near enough when they differ by less than this share. */
const nearEnough = 1.1;

/** How much a question matters when there are more than one cycle may ask. */
const urgency = { atRisk: 0, unknown: 1, routine: 2 } as const;

interface Question extends TimeProbe {
  urgency: number;
}

/**
 * What the next cycle should ask of offsets-for-times: a ladder for partitions where a lagging series is older than all that is
 * known, narrower rungs around it afterwards, and now and then half of the retention, so that records that came late with old
 * timestamps are noticed.
 */
export class TimeProbes {
  #questions = new Map<string, Question>();

  ask(context: MeasureContext): readonly TimeProbe[] {
    this.#questions = new Map();
    const { history, out, settings } = context;
    for (let row = 0; row < history.seriesTable.rows.count; row++) {
      if (history.seriesTable.rows.alive[row] === 0 || !(out.numbers.lag[row]! > 0)) continue;
      if (history.series.codes.residue[row] === 1) continue;
      this.#askFor(context, row);
    }
    const sorted = [...this.#questions.values()].sort((a, b) => a.urgency - b.urgency);
    return sorted
      .slice(0, settings.probesPerCycle)
      .map(({ topic, partition, timestampMs }) => ({ topic, partition, timestampMs }));
  }

  #askFor(context: MeasureContext, row: number): void {
    const { history, out, settings, nowMs } = context;
    const partition = history.series.links.partitionRow[row]!;
    const retentionMs = retentionOf(context, partition);
    const { halfRetentionProbedAt } = history.partitions.numbers;
    const method = out.codes.timeLagMethod[row]!;
    const isKnown = method === methods.interpolated;
    const isAtRisk = out.numbers.retentionUsedRatio[row]! > 0.5;
    if (!isKnown && history.seeds.count(partition) === 0) {
      for (let rung = 0; rung < rungs; rung++)
        this.#put(context, partition, nowMs - retentionMs / 2 ** rung, urgency.unknown);
      return;
    }
    if (!isKnown || isAtRisk) this.#narrow(context, row, partition, isAtRisk ? urgency.atRisk : urgency.unknown);
    if (nowMs - halfRetentionProbedAt[partition]! < settings.retentionProbeEvery) return;
    // Asked by age and not at a round moment: one request holds one timestamp a partition, and all partitions may differ.
    if (this.#put(context, partition, nowMs - retentionMs / 2, urgency.routine))
      halfRetentionProbedAt[partition] = nowMs;
  }

  /** Asks between the two answers (or the first own sample) that hold the committed offset, until they are close in age. */
  #narrow(context: MeasureContext, row: number, partition: number, rank: number): void {
    const { history, nowMs, intervalMs } = context;
    const { seeds, curves } = history;
    const committed = history.series.numbers.committedOffset[row]!;
    const start = seeds.start(partition);
    let older = Number.NaN;
    let younger = curves.count(partition) > 0 ? curves.times[curves.start(partition)]! : nowMs;
    for (let i = start; i < start + seeds.count(partition); i++) {
      if (seeds.values[i]! <= committed) older = seeds.times[i]!;
      else {
        younger = Math.min(younger, seeds.times[i]!);
        break;
      }
    }
    if (Number.isNaN(older)) return;
    const oldAge = nowMs - older;
    const youngAge = Math.max(intervalMs, nowMs - younger);
    if (oldAge > youngAge * nearEnough) this.#put(context, partition, nowMs - Math.sqrt(oldAge * youngAge), rank);
  }

  /** false where the same was asked already. */
  #put({ history, wallOffsetMs }: MeasureContext, row: number, atMs: number, rank: number): boolean {
    const { links } = history.partitions;
    const { topic } = history.topics[links.topicRow[row]!]!;
    const partition = links.partition[row]!;
    const timestampMs = Math.round(atMs + wallOffsetMs);
    const key = `${topic}\n${partition}\n${timestampMs}`;
    const known = this.#questions.get(key);
    if (known !== undefined) {
      known.urgency = Math.min(known.urgency, rank);
      return false;
    }
    this.#questions.set(key, { topic, partition, timestampMs, urgency: rank });
    return true;
  }
}

function retentionOf({ history }: MeasureContext, partitionRow: number): number {
  const config = history.topics[history.partitions.links.topicRow[partitionRow]!]!.config;
  const retentionMs = config?.retentionMs ?? -1;
  return retentionMs > 0 ? retentionMs : unlimitedMs;
}
