import { Value } from 'typebox/value';
import { createEngine, type EngineSettings } from '../../src/engine/engine.ts';
import { defaultFindingSettings } from '../../src/evaluators/index.ts';
import { type MeasureSettings, measureSettings } from '../../src/evaluators/measures/index.ts';
import type { Advance, Engine } from '../../src/model/engine.ts';
import {
  lagTrends,
  lossCauses,
  outlooks,
  ownerships,
  type Report,
  timeLagMethods,
  unknownReasons,
} from '../../src/model/report.ts';
import type { Facet, Failure, Snapshot } from '../../src/model/snapshot.ts';
import type { TraceBuilder } from './trace-builder.ts';

export function defaultMeasureSettings(): MeasureSettings {
  return Value.Default(measureSettings, {}) as MeasureSettings;
}

/** An engine as it is without configuration, at an interval of 15 s. */
export function testEngine({
  measures,
  ...settings
}: Partial<Omit<EngineSettings, 'measures'>> & { measures?: Partial<MeasureSettings> } = {}): Engine {
  return createEngine({
    intervalMs: 15_000,
    measures: { ...defaultMeasureSettings(), ...measures },
    findings: defaultFindingSettings(),
    policies: [],
    ...settings,
  });
}

/** Advances without a pause. */
export function advance(engine: Engine, snapshot: Snapshot): Advance {
  return finished(engine.advance(snapshot));
}

/** What steps come to, taken without a pause. */
export function finished<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Lets a simulated cluster go on for so long, and gives back what the engine said last. */
export function watch(
  engine: Engine,
  trace: TraceBuilder,
  ms: number,
  each: (advance: Advance) => void = () => {},
): Advance {
  let last: Advance | undefined;
  trace.run(ms, (snapshot) => {
    last = advance(engine, snapshot);
    each(last);
    return last.timeProbes;
  });
  return last!;
}

/** The snapshot with a facet changed, its failures among them. */
export function changed<F extends Facet>(
  snapshot: Snapshot,
  facet: F,
  change: { value?: unknown; failures?: Failure[] },
): Snapshot {
  return { ...snapshot, reads: { ...snapshot.reads, [facet]: { ...snapshot.reads[facet], ...change } } };
}

/** One series with words for codes; NaN where there is no number. */
export function seriesOf(
  { groups, partitions, series, topics }: Report,
  groupId: string,
  topic: string,
  partition = 0,
) {
  const groupRow = groups.groupId.findIndex((id, row) => id === groupId && groups.alive[row] === 1);
  const row = [...(groups.seriesRows[groupRow] ?? [])].find((candidate) => {
    const partitionRow = series.partitionRow[candidate]!;
    return (
      topics.topic[partitions.topicRow[partitionRow]!] === topic && partitions.partition[partitionRow] === partition
    );
  });
  if (row === undefined) return undefined;
  return {
    row,
    committedOffset: series.committedOffset[row]!,
    lag: series.lag[row]!,
    lagSlopePerSecond: series.lagSlopePerSecond[row]!,
    lagTrend: lagTrends[series.lagTrend[row]!],
    consumeRate: series.consumeRate[row]!,
    consumeRateUncertainty: series.consumeRateUncertainty[row]!,
    produceRate: partitions.produceRate[series.partitionRow[row]!]!,
    timeLagSeconds: series.timeLagSeconds[row]!,
    timeLagMethod: timeLagMethods[series.timeLagMethod[row]!],
    usualTimeLagSeconds: series.usualTimeLagSeconds[row]!,
    timeToDrainSeconds: series.timeToDrainSeconds[row]!,
    earliest: series.timeToLossEarliestSeconds[row]!,
    latest: series.timeToLossLatestSeconds[row]!,
    lossBy: lossCauses[series.lossBy[row]!],
    retentionUsedRatio: series.retentionUsedRatio[row]!,
    commitIntervalMs: series.commitIntervalMs[row]!,
    movementRun: series.movementRun[row]!,
    pollsWithoutMovement: series.pollsWithoutMovement[row]!,
    lostNow: series.lostNow[row]!,
    skippedNow: series.skippedNow[row]!,
    rewoundNow: series.rewoundNow[row]!,
    ownership: ownerships[series.ownership[row]!],
    outlook: outlooks[series.outlook[row]!],
    whyLag: unknownReasons[series.whyLag[row]!],
    whyConsumeRate: unknownReasons[series.whyConsumeRate[row]!],
    whyTimeLag: unknownReasons[series.whyTimeLag[row]!],
    whyTimeToDrain: unknownReasons[series.whyTimeToDrain[row]!],
    whyTimeToLoss: unknownReasons[series.whyTimeToLoss[row]!],
  };
}

/** The row of a living group; -1 where there is none. */
export function groupRowOf({ groups }: Report, groupId: string): number {
  return groups.groupId.findIndex((id, row) => id === groupId && groups.alive[row] === 1);
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
