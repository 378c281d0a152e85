/** Groups, or parts of them, that no longer move. */

import { policy } from '../../support/rule-rows.ts';
import type { CaseKind } from '../case.ts';
import { dayMs, hourMs, minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { SimulatedGroup } from '../simulated-group.ts';
import { drawCluster, kindOf, readsOf, type Wish } from './drawing.ts';

/** Retention that plays no part. */
const longRetention = { retentionMs: 7 * dayMs };

/** A cluster whose group has long enough been seen running, and how long until something stops. */
export function drawRunning(random: Random, wish: Wish, leastMs = 20 * minuteMs) {
  const cluster = drawCluster(random, { leastRate: 1 / 60, ...longRetention, ...wish });
  const gapMs = Math.max(...cluster.topic.produce.map((rate) => 1000 / rate(0)), cluster.group.commitEveryMs);
  const stopsAtMs = random.between(1, 1.5) * Math.max(leastMs, 25 * gapMs);
  return { cluster, stopsAtMs, watchMs: stopsAtMs + Math.max(40 * minuteMs, 10 * gapMs) };
}

const poison = kindOf(
  'one partition stands at a record that cannot be processed',
  ['stuck-partition'],
  (random) => {
    const { stopsAtMs, ...story } = drawRunning(random, { partitions: random.integer(2, 6) });
    const partition = random.integer(0, story.cluster.topic.produce.length - 1);
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        simulated.group.readers[partition]!.consume = () => 0;
      });
    };
    return { ...story, script };
  },
  2,
);

const hotMember = kindOf('all partitions of one member stand', ['stuck-partition'], (random) => {
  const members = random.integer(2, 3);
  const { stopsAtMs, ...story } = drawRunning(random, { partitions: members * 2, members });
  const script = (simulated: SimulatedCluster) => {
    simulated.at(stopsAtMs, () => {
      for (const reader of simulated.group.readers) if (reader.owner === 0) reader.consume = () => 0;
    });
  };
  return { ...story, script };
});

const hung = kindOf('has members, and nothing moves', ['stalled'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, {});
  const how = random.pick(['hangs', 'withholds commits', 'reads nothing']);
  const script = (simulated: SimulatedCluster) => {
    simulated.at(stopsAtMs, () => {
      if (how === 'hangs') simulated.group.standing = true;
      else if (how === 'withholds commits') simulated.group.setCommits(false);
      else for (const reader of simulated.group.readers) reader.consume = () => 0;
    });
  };
  return { ...story, script };
});

const gone = kindOf(
  'ran all the time, and its members are gone',
  ['stopped'],
  (random) => {
    const { stopsAtMs, ...story } = drawRunning(random, {}, 70 * minuteMs);
    // A crash shows when the session times out.
    const seenAfterMs = random.chance(0.5) ? 0 : 45_000;
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        simulated.group.standing = true;
      });
      simulated.at(stopsAtMs + seenAfterMs, () => simulated.group.leave(simulated.nowMs));
    };
    return { ...story, script };
  },
  4,
);

const lateJob = kindOf('a job that came every hour or so does not come', ['stopped'], (random) => {
  const periodMs = random.between(40 * minuteMs, 2 * hourMs);
  const runsMs = 4 * minuteMs;
  const runs = 5;
  const cluster = drawCluster(random, { leastRate: 0.05, ...longRetention, type: 'classic', commitEveryMs: 5000 });
  cluster.group.subscriptions = [readsOf(cluster.topic, (rate) => () => Math.max(1, rate * (periodMs / runsMs) * 4))];
  cluster.group.batchRecords = 0;
  return {
    ...{ cluster, watchMs: (runs + 2.5) * periodMs, allowedStopMs: 1.5 * (periodMs - runsMs) },
    script: (simulated) => runsAsJob(simulated, simulated.group, { periodMs, runsMs, runs }),
  };
});

const longerThanExpected = kindOf('stays away longer than its policy expects', ['stopped'], (random) => {
  const { cluster, stopsAtMs } = drawRunning(random, {});
  const hours = random.integer(1, 4);
  return {
    ...{ cluster, watchMs: stopsAtMs + (hours + 1) * hourMs, allowedStopMs: hours * hourMs },
    policies: [policy({ match: { group: 'billing' }, expectIdle: `${hours}h` })],
    script: (simulated) => simulated.at(stopsAtMs, () => simulated.group.leave(simulated.nowMs)),
  };
});

const hangingTransaction = kindOf(
  'stands before a transaction that nobody ends',
  ['blocked-by-transaction'],
  (random) => {
    const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 0.05 });
    const lastsMs = random.between(15, 60) * minuteMs;
    story.cluster.group.readsCommitted = true;
    const knowsLevel = random.chance(0.5);
    const script = (simulated: SimulatedCluster) => {
      const blocked = simulated.topic.partitions.filter((_, index) => index === 0 || random.chance(0.5));
      for (const state of blocked) {
        simulated.at(stopsAtMs, () => Object.assign(state, { openTransactionOffset: state.log.endOffset }));
        simulated.at(stopsAtMs + lastsMs, () => Object.assign(state, { openTransactionOffset: null }));
      }
    };
    const policies = knowsLevel ? [policy({ match: { group: 'billing' }, isolationLevel: 'read_committed' })] : [];
    return { ...story, watchMs: stopsAtMs + lastsMs + 15 * minuteMs, script, policies };
  },
);

/** Members come once a period, read, and go. */
export function runsAsJob(
  cluster: SimulatedCluster,
  group: SimulatedGroup,
  { periodMs, runsMs, runs }: { periodMs: number; runsMs: number; runs: number },
): void {
  const { members } = group.plan;
  for (let run = 0; run < runs; run++) {
    if (run > 0) cluster.at(run * periodMs, () => group.join(members));
    cluster.at(run * periodMs + runsMs, () => group.leave(cluster.nowMs));
  }
}

export const standstillKinds: readonly CaseKind[] = [
  poison,
  hotMember,
  hung,
  gone,
  lateJob,
  longerThanExpected,
  hangingTransaction,
];
