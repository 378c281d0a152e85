import { outlooks, type Report, timeLagMethods } from '../../src/model/report.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { ExactState } from './truth.ts';

/** One comparison of the interval [earliest, latest] with the true time of loss. Seconds. */
export interface LossSample {
  isInside: boolean;
  widthSeconds: number;
  /** Width that the specification allows. */
  allowedSeconds: number;
}

const losesFirst = outlooks.indexOf('loses-first');
const measured = new Set([timeLagMethods.indexOf('interpolated'), timeLagMethods.indexOf('seeded')]);
/** A truth counts as within the bounds when it misses them by no more than this share of the true time left. */
const tolerance = 0.05;
/** What the width may be beyond one segment and one check: this share of the true time left. */
const widthShare = 0.15;
/** Of less than this the error is told in seconds only: a poll tells no more. */
const shareFromMs = 120_000;
/** Polls that follow each other tell the same: one in so many is taken. */
const everyPolls = 20;

/** Numbers of the report beside the exact ones. */
export class QuantitySamples {
  readonly loss: LossSample[] = [];
  /** |error| / truth */
  readonly drainErrors: number[] = [];
  /** |error|, s; and the same as a share of the truth. */
  readonly timeLagErrorSeconds: number[] = [];
  readonly timeLagErrors: number[] = [];
  #polls = 0;

  observe(
    report: Report,
    exact: readonly ExactState[],
    cluster: SimulatedCluster,
    isOpen: (partition: number) => boolean,
  ): void {
    if (this.#polls++ % everyPolls !== 0) return;
    const { series, partitions } = report;
    for (let row = 0; row < series.rows; row++) {
      if (series.alive[row] === 0) continue;
      const truth = exact[partitions.partition[series.partitionRow[row]!]!];
      if (truth === undefined || truth.unread === 0) continue;
      this.#compareTimeLag(series.timeLagSeconds[row]!, truth, measured.has(series.timeLagMethod[row]!));
      this.#compareDrain(series.timeToDrainSeconds[row]!, truth);
      if (!isOpen(truth.partition) || series.outlook[row] !== losesFirst) continue;
      const bounds = [series.timeToLossEarliestSeconds[row]!, series.timeToLossLatestSeconds[row]!] as const;
      this.#compareLoss(bounds, truth, cluster);
    }
  }

  #compareTimeLag(seconds: number, { timeLagMs }: ExactState, isMeasured: boolean): void {
    if (!isMeasured || Number.isNaN(seconds)) return;
    const error = Math.abs(seconds - timeLagMs / 1000);
    this.timeLagErrorSeconds.push(error);
    if (timeLagMs >= shareFromMs) this.timeLagErrors.push(error / (timeLagMs / 1000));
  }

  #compareDrain(seconds: number, { timeToDrainMs, lag, produceRate }: ExactState): void {
    // What is read within a minute or so is never told apart from keeping up.
    if (timeToDrainMs === null || timeToDrainMs < 120_000 || lag < 60 * produceRate || Number.isNaN(seconds)) return;
    this.drainErrors.push(Math.abs(seconds - timeToDrainMs / 1000) / (timeToDrainMs / 1000));
  }

  #compareLoss([earliest, latest]: readonly [number, number], truth: ExactState, cluster: SimulatedCluster): void {
    if (truth.timeToLossMs === Number.POSITIVE_INFINITY || Number.isNaN(earliest)) return;
    const left = truth.timeToLossMs / 1000;
    const slack = tolerance * left;
    const until = Number.isNaN(latest) ? Number.POSITIVE_INFINITY : latest;
    this.loss.push({
      isInside: earliest - slack <= left && left <= until + slack,
      widthSeconds: until - earliest,
      allowedSeconds: (truth.segmentMs + cluster.plan.checkIntervalMs) / 1000 + widthShare * left,
    });
  }
}
