import type { Policy } from '../../src/model/policy.ts';
import type { LabelledCode } from './labels.ts';
import type { PollPlan } from './poller.ts';
import type { Random } from './random.ts';
import type { ClusterPlan, SimulatedCluster } from './simulated-cluster.ts';

/** One cluster, what happens in it, and how tidemark watches it. Times are ms since the watch began. */
export interface Case {
  cluster: ClusterPlan;
  poll: PollPlan;
  watchMs: number;
  /** Plans what happens: called once, before time begins. */
  script?: (cluster: SimulatedCluster, random: Random) => void;
  /** Ends the watch before its time. */
  endsWhen?: (cluster: SimulatedCluster) => boolean;
  /** No poll in these times: the monitor is away. */
  awayMs?: readonly { fromMs: number; toMs: number }[];
  restartsAtMs?: readonly number[];
  clockSteps?: readonly { atMs: number; byMs: number }[];
  policies?: readonly Policy[];
  /** How long the group may stand by its policy or rhythm. */
  allowedStopMs?: number;
}

/** A kind of trouble, or of quiet. `draw` makes one at random. */
export interface CaseKind {
  name: string;
  /** The codes that it is made for; none: it must stay quiet. */
  codes: readonly LabelledCode[];
  /** How often it is drawn among the kinds of its code, or its share of the quiet group-days. */
  weight: number;
  draw(random: Random): Case;
}
