/** Groups, or parts of them, that no longer move. */

import { policy } from '../../support/rule-rows.ts';
import type { CaseKind } from '../case.ts';
import type { Random } from '../random.ts';
import { dayMs, hourMs, minuteMs, type SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, drawMonitor, type Wish } from './drawing.ts';

/** Retention that plays no part. */
const longRetention = { retentionMs: 7 * dayMs };

/** A cluster whose group has long enough been seen running, and how long until something stops. */
function drawRunning(random: Random, wish: Wish) {
  const cluster = drawCluster(random, { leastRate: 1 / 60, ...longRetention, ...wish });
  const gapMs = Math.max(...cluster.produce.map((rate) => 1000 / rate(0)), cluster.group.commitEveryMs);
  const stopsAtMs = random.between(1, 1.5) * Math.max(20 * minuteMs, 25 * gapMs);
  return { cluster, stopsAtMs, watchMs: stopsAtMs + Math.max(40 * minuteMs, 10 * gapMs) };
}

const poison: CaseKind = {
  name: 'one partition stands at a record that cannot be processed',
  codes: ['stuck-partition'],
  weight: 2,
  draw(random) {
    const { cluster, stopsAtMs, watchMs } = drawRunning(random, { partitions: random.integer(2, 6) });
    const partition = random.integer(0, cluster.produce.length - 1);
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        simulated.group.readers[partition]!.consume = () => 0;
      });
    };
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs) };
  },
};

const hotMember: CaseKind = {
  name: 'all partitions of one member stand',
  codes: ['stuck-partition'],
  weight: 1,
  draw(random) {
    const members = random.integer(2, 3);
    const { cluster, stopsAtMs, watchMs } = drawRunning(random, { partitions: members * 2, members });
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        for (const reader of simulated.group.readers) if (reader.partition % members === 0) reader.consume = () => 0;
      });
    };
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs) };
  },
};

const hung: CaseKind = {
  name: 'has members, and nothing moves',
  codes: ['stalled'],
  weight: 1,
  draw(random) {
    const { cluster, stopsAtMs, watchMs } = drawRunning(random, {});
    const how = random.pick(['hangs', 'withholds commits', 'reads nothing']);
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        if (how === 'hangs') simulated.group.standing = true;
        else if (how === 'withholds commits') simulated.group.withholdsCommits = true;
        else for (const reader of simulated.group.readers) reader.consume = () => 0;
      });
    };
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs) };
  },
};

const gone: CaseKind = {
  name: 'ran all the time, and its members are gone',
  codes: ['stopped'],
  weight: 4,
  draw(random) {
    const { cluster, stopsAtMs, watchMs } = drawRunning(random, {});
    // A crash shows when the session times out.
    const seenAfterMs = random.chance(0.5) ? 0 : 45_000;
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        simulated.group.standing = true;
      });
      simulated.at(stopsAtMs + seenAfterMs, () => simulated.group.leave(simulated.nowMs));
    };
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs) };
  },
};

const lateJob: CaseKind = {
  name: 'a job that came every hour or so does not come',
  codes: ['stopped'],
  weight: 1,
  draw(random) {
    const periodMs = random.between(40 * minuteMs, 2 * hourMs);
    const runsMs = 4 * minuteMs;
    const runs = 5;
    const cluster = drawCluster(random, { leastRate: 0.05, ...longRetention, type: 'classic', commitEveryMs: 5000 });
    cluster.group.consume = cluster.produce.map((rate) => () => Math.max(1, rate(0) * (periodMs / runsMs) * 4));
    cluster.group.batchRecords = 0;
    const watchMs = (runs + 2.5) * periodMs;
    const script = (simulated: SimulatedCluster) => runsAsJob(simulated, { periodMs, runsMs, runs });
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs), allowedStopMs: 1.5 * (periodMs - runsMs) };
  },
};

const longerThanExpected: CaseKind = {
  name: 'stays away longer than its policy expects',
  codes: ['stopped'],
  weight: 1,
  draw(random) {
    const { cluster, stopsAtMs } = drawRunning(random, {});
    const hours = random.integer(1, 4);
    const watchMs = stopsAtMs + (hours + 1) * hourMs;
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => simulated.group.leave(simulated.nowMs));
    };
    const policies = [policy({ match: { group: 'billing' }, expectIdle: `${hours}h` })];
    return { cluster, script, watchMs, ...drawMonitor(random, watchMs), policies, allowedStopMs: hours * hourMs };
  },
};

/** Members come once a period, read, and go. */
export function runsAsJob(
  cluster: SimulatedCluster,
  { periodMs, runsMs, runs }: { periodMs: number; runsMs: number; runs: number },
): void {
  const members = cluster.plan.group.members;
  for (let run = 0; run < runs; run++) {
    if (run > 0) cluster.at(run * periodMs, () => cluster.group.join(members));
    cluster.at(run * periodMs + runsMs, () => cluster.group.leave(cluster.nowMs));
  }
}

export const standstillKinds: readonly CaseKind[] = [poison, hotMember, hung, gone, lateJob, longerThanExpected];
