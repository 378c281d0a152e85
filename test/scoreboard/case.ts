import type { Policy } from '../../src/model/policy.ts';
import type { ClusterPlan } from './plan.ts';
import type { PollPlan } from './poller.ts';
import type { Random } from './random.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

/** One cluster, and what happens in it. Times are ms since the watch began. */
export interface Story {
  cluster: ClusterPlan;
  watchMs: number;
  /** Plans what happens: called once, before time begins. */
  script?: (cluster: SimulatedCluster, random: Random) => void;
  /** Ends the watch before its time. */
  endsWhen?: (cluster: SimulatedCluster) => boolean;
  policies?: readonly Policy[];
  /** How long the group that it is about may stand by its policy or rhythm. */
  allowedStopMs?: number;
}

/** How tidemark watches. */
export interface MonitorPlan {
  poll: PollPlan;
  /** No poll in these times: the monitor is away. */
  awayMs?: readonly { fromMs: number; toMs: number }[];
  restartsAtMs?: readonly number[];
  clockSteps?: readonly { atMs: number; byMs: number }[];
}

export type Case = Story & MonitorPlan;

/** A kind of trouble, or of quiet. */
export interface CaseKind {
  name: string;
  /** The codes that it is made for; none: it must stay quiet. */
  codes: readonly string[];
  /** How often it is drawn among the kinds of its code, or its share of the quiet group-days. */
  weight: number;
  /** Makes one at random. */
  draw(random: Random): Case;
}
