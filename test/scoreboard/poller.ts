import type { Facet, FacetReads, Facets, Failure, Snapshot, TimeProbe } from '../../src/model/snapshot.ts';
import {
  answersForTimes,
  brokerConfigs,
  clusterState,
  commitsOf,
  endOffsets,
  logDirs,
  logStartOffsets,
  membershipOf,
  partitionFailures,
  permissions,
  quorum,
  timeout,
  topicConfigs,
} from './facets.ts';
import { watchStartMs } from './plan.ts';
import type { Random } from './random.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import { brokerIds } from './simulated-topic.ts';

/** What goes wrong while tidemark reads. */
export interface PollPlan {
  intervalMs: number;
  /** A poll comes up to so much late. */
  jitterMs: number;
  /** Share of the polls that never happen. */
  missed: number;
  /** Share of the polls in which one broker does not answer. */
  partlyFailing: number;
}

const cadencesMs: Partial<Record<Facet, number>> = {
  'topic-configs': 60_000,
  'log-dirs': 60_000,
  'broker-configs': 600_000,
  permissions: 600_000,
};

/** How often a collector reads, ms; 0: at each poll. */
export function cadenceMs(facet: Facet): number {
  return cadencesMs[facet] ?? 0;
}

type Put = <F extends Facet>(facet: F, value: Facets[F], failures?: readonly Failure[]) => void;

/** Reads a simulated cluster as the collectors do: in their order, while time goes on, with what fails left out and named. */
export class Poller {
  /** How far the monitor's wall clock is off. */
  clockOffsetMs = 0;
  #recorder = 'recorder-0';
  #recorderStartMs = watchStartMs;
  #recorders = 0;
  readonly #cluster: SimulatedCluster;
  readonly #random: Random;
  readonly #plan: PollPlan;
  readonly #lastReadMs = new Map<Facet, number>();
  /** Runs in a row in which a broker was silent, of those that read at every poll and of those that read more seldom. */
  readonly #silentRuns = { always: 0, 'log-dirs': 0, 'offsets-for-times': 0 };

  constructor(cluster: SimulatedCluster, plan: PollPlan, random: Random) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#random = random;
  }

  /** A new process: its monotonic clock begins anew, and nothing has been read. */
  restart(): void {
    this.#recorder = `recorder-${++this.#recorders}`;
    this.#recorderStartMs = this.#cluster.nowMs;
    this.#lastReadMs.clear();
  }

  /** Polls now; time passes while it reads. */
  poll(probes: readonly TimeProbe[]): Snapshot {
    const cluster = this.#cluster;
    const atMs = this.#wallMs();
    const monotonicMs = cluster.nowMs - this.#recorderStartMs;
    const header = { cluster: 'simulated', atMs, recorder: this.#recorder, monotonicMs, completeness: 'full' as const };
    if (!cluster.reachable) return { ...header, reads: {}, failures: unreachable };
    return { ...header, ...this.#read(probes) };
  }

  #read(probes: readonly TimeProbe[]): Pick<Snapshot, 'reads' | 'failures'> {
    const cluster = this.#cluster;
    const silent = this.#silentBroker(probes.length > 0);
    const pause = () => cluster.advanceTo(cluster.nowMs + this.#random.between(5, 150));
    const reads: Partial<Record<Facet, unknown>> = {};
    const failed: Failure[] = [];
    const put: Put = (facet, value, failures = []) => {
      if (cluster.failing.has(facet)) failed.push({ collector: facet, code: 'upstream.timeout', message: noAnswer });
      else reads[facet] = { value, observedAtMs: this.#wallMs(), failures };
    };
    const unread = (collector: Facet) => partitionFailures(cluster, collector, silent);
    put('cluster', clusterState(cluster));
    pause();
    this.#whenDue('topic-configs', () => put('topic-configs', topicConfigs(cluster)));
    this.#whenDue('broker-configs', () => put('broker-configs', brokerConfigs(cluster)));
    this.#whenDue('log-dirs', () => put('log-dirs', logDirs(cluster, silent), unread('log-dirs')));
    this.#whenDue('permissions', () => put('permissions', permissions(cluster)));
    put('quorum', quorum(cluster, cluster.nowMs));
    put('log-start-offsets', logStartOffsets(cluster, silent), unread('log-start-offsets'));
    this.#readGroups(put, silent, pause);
    pause();
    put('end-offsets', endOffsets(cluster, silent), unread('end-offsets'));
    pause();
    if (probes.length > 0) {
      put('offsets-for-times', answersForTimes(cluster, probes, silent), unread('offsets-for-times'));
    }
    return { reads: reads as FacetReads, failures: failed };
  }

  #readGroups(put: Put, silent: number | null, pause: () => void): void {
    const { groups, topics } = this.#cluster;
    const read = groups.filter(({ isDeleted, coordinatorId }) => !isDeleted && coordinatorId !== silent);
    const isMissed = groups.some(({ isDeleted, coordinatorId }) => !isDeleted && coordinatorId === silent);
    const unread = (collector: Facet) => (isMissed ? [timeout(collector, silent!)] : []);
    put('group-membership', read.map(membershipOf), unread('group-membership'));
    pause();
    const commits = read.map((group) => commitsOf(group, topics));
    put('committed-offsets', commits, unread('committed-offsets'));
  }

  #isDue(facet: Facet): boolean {
    const last = this.#lastReadMs.get(facet) ?? Number.NEGATIVE_INFINITY;
    return this.#cluster.nowMs - last >= cadenceMs(facet) - this.#plan.intervalMs / 2;
  }

  #whenDue(facet: Facet, read: () => void): void {
    if (!this.#isDue(facet)) return;
    this.#lastReadMs.set(facet, this.#cluster.nowMs);
    read();
  }

  #silentBroker(asksForTimes: boolean): number | null {
    const [frozen] = this.#cluster.frozen;
    if (frozen !== undefined) return frozen;
    const due = { always: true, 'log-dirs': this.#isDue('log-dirs'), 'offsets-for-times': asksForTimes };
    const running = (Object.keys(due) as (keyof typeof due)[]).filter((run) => due[run]);
    // Whose runs fail three times in a row is a failing collector, and no longer quiet.
    const mayBe = running.every((run) => this.#silentRuns[run] < 2);
    const isSilent = mayBe && this.#random.chance(this.#plan.partlyFailing);
    for (const run of running) this.#silentRuns[run] = isSilent ? this.#silentRuns[run] + 1 : 0;
    return isSilent ? this.#random.pick(brokerIds) : null;
  }

  #wallMs(): number {
    return this.#cluster.nowMs + this.clockOffsetMs;
  }
}

const noAnswer = 'No broker answered in time.';

const unreachable: readonly Failure[] = (
  ['cluster', 'log-start-offsets', 'group-membership', 'committed-offsets', 'end-offsets'] as const
).map((collector) => ({ collector, code: 'upstream.unreachable', message: 'No broker answers.' }));
