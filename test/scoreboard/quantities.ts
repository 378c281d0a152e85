import { outlooks, type Report, timeLagMethods } from '../../src/model/report.ts';
import type { SeriesMoment, Subject } from './labels/label.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { SimulatedGroup } from './simulated-group.ts';
import type { PartitionState } from './simulated-topic.ts';
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

/** Numbers of the report that were compared with the exact ones. */
export interface QuantitySamples {
  loss: LossSample[];
  /** |error| / truth */
  drainErrors: number[];
  /** |error|, s; and the same as a share of the truth. */
  timeLagErrorSeconds: number[];
  timeLagErrors: number[];
}

/** Holds the numbers of each report beside the exact ones. */
export class QuantityComparison {
  readonly samples: QuantitySamples = { loss: [], drainErrors: [], timeLagErrorSeconds: [], timeLagErrors: [] };
  #polls = 0;

  /** `isOpen`: whether will-lose-data is raised about it. */
  observe(
    report: Report,
    cluster: SimulatedCluster,
    momentsOf: (group: SimulatedGroup) => readonly SeriesMoment[],
    isOpen: (subject: Subject) => boolean,
  ): void {
    if (this.#polls++ % everyPolls !== 0) return;
    const { series, partitions, groups, topics } = report;
    for (let row = 0; row < series.rows; row++) {
      if (series.alive[row] === 0) continue;
      const partitionRow = series.partitionRow[row]!;
      const groupId = groups.groupId[series.groupRow[row]!]!;
      const topic = topics.topic[partitions.topicRow[partitionRow]!]!;
      const partition = partitions.partition[partitionRow]!;
      const group = cluster.groups.find((one) => one.groupId === groupId);
      const moment = group && momentsOf(group).find(({ reader: { state } }) => isOf(state, topic, partition));
      if (moment === undefined || moment.exact.unread === 0) continue;
      const { exact } = moment;
      this.#compareTimeLag(series.timeLagSeconds[row]!, exact, measured.has(series.timeLagMethod[row]!));
      this.#compareDrain(series.timeToDrainSeconds[row]!, exact);
      if (series.outlook[row] !== losesFirst || !isOpen({ groupId, topic, partition })) continue;
      const bounds = [series.timeToLossEarliestSeconds[row]!, series.timeToLossLatestSeconds[row]!] as const;
      this.#compareLoss(bounds, exact, cluster);
    }
  }

  #compareTimeLag(seconds: number, { timeLagMs }: ExactState, isMeasured: boolean): void {
    if (!isMeasured || Number.isNaN(seconds)) return;
    const error = Math.abs(seconds - timeLagMs / 1000);
    this.samples.timeLagErrorSeconds.push(error);
    if (timeLagMs >= shareFromMs) this.samples.timeLagErrors.push(error / (timeLagMs / 1000));
  }

  #compareDrain(seconds: number, { timeToDrainMs, lag, produceRate }: ExactState): void {
    // What is read within a minute or so is never told apart from keeping up.
    if (timeToDrainMs === null || timeToDrainMs < 120_000 || lag < 60 * produceRate || Number.isNaN(seconds)) return;
    this.samples.drainErrors.push(Math.abs(seconds - timeToDrainMs / 1000) / (timeToDrainMs / 1000));
  }

  #compareLoss([earliest, latest]: readonly [number, number], truth: ExactState, cluster: SimulatedCluster): void {
    if (truth.timeToLossMs === Number.POSITIVE_INFINITY || Number.isNaN(earliest)) return;
    const left = truth.timeToLossMs / 1000;
    const slack = tolerance * left;
    const until = Number.isNaN(latest) ? Number.POSITIVE_INFINITY : latest;
    this.samples.loss.push({
      isInside: earliest - slack <= left && left <= until + slack,
      widthSeconds: until - earliest,
      allowedSeconds: (truth.segmentMs + cluster.plan.checkIntervalMs) / 1000 + widthShare * left,
    });
  }
}

function isOf(state: PartitionState, topic: string, partition: number): boolean {
  return state.partition === partition && state.topic.topic === topic;
}
