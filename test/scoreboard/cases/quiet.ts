/** The quiet cases of the specification: no finding of warning or critical at any poll. */
import { policy } from '../../support/rule-rows.ts';
import type { Case, CaseKind } from '../case.ts';
import type { Random } from '../random.ts';
import { type ClusterPlan, dayMs, hourMs, minuteMs, type SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, drawMonitor, type Wish } from './drawing.ts';
import { runsAsJob } from './standstills.ts';

interface Quiet {
  wish?: (random: Random) => Wish;
  change?: (plan: ClusterPlan, random: Random) => void;
  script?: (cluster: SimulatedCluster, random: Random, watchMs: number) => void;
  more?: (random: Random, watchMs: number) => Partial<Case>;
  watchMs?: number;
  weight?: number;
}

function quiet(name: string, { wish, change, script, more, watchMs = 12 * hourMs, weight = 1 }: Quiet = {}): CaseKind {
  return {
    ...{ name, codes: [], weight },
    draw(random) {
      const cluster = drawCluster(random, { retentionMs: random.logBetween(2 * hourMs, 7 * dayMs), ...wish?.(random) });
      change?.(cluster, random);
      return {
        ...{ cluster, watchMs, ...drawMonitor(random, watchMs) },
        ...(script !== undefined && { script: (simulated, scripted) => script(simulated, scripted, watchMs) }),
        ...more?.(random, watchMs),
      };
    },
  };
}

/** Calls at random moments, on average once in so long and never twice in half of it: two pauses in a row would be no pause. */
function atRandom(random: Random, everyMs: number, watchMs: number, plan: (atMs: number) => void): void {
  const next = () => everyMs / 2 + random.exponential(everyMs / 2);
  for (let atMs = next(); atMs < watchMs; atMs += next()) plan(atMs);
}

function rebalance(cluster: SimulatedCluster, atMs: number, lastsMs: number, replaced: number): void {
  cluster.at(atMs, () => cluster.group.beginRebalance(cluster.nowMs, true));
  cluster.at(atMs + lastsMs, () => cluster.group.settle(cluster.nowMs, replaced));
}

function restartBroker(cluster: SimulatedCluster, brokerId: number, atMs: number): void {
  cluster.at(atMs, () => cluster.stopBroker(brokerId));
  cluster.at(atMs + 60_000, () => cluster.startBroker(brokerId, 30_000));
}

export const quietKinds: readonly CaseKind[] = [
  quiet('healthy', { weight: 3 }),
  quiet('no traffic', { change: (plan) => Object.assign(plan, { produce: plan.produce.map(() => () => 0) }) }),
  quiet('a message an hour', { wish: () => ({ rate: 1 / 3600 }) }),
  quiet('bursty commits', { wish: (random) => ({ commitEveryMs: random.between(0.5, 10) * minuteMs }), weight: 2 }),
  quiet('diurnal load', {
    wish: (random) => {
      const low = random.between(0, 0.3);
      const phase = random.between(0, 2 * Math.PI);
      return { shape: (ms) => low + (1 - low) * (0.5 + 0.5 * Math.sin(phase + (ms / dayMs) * 2 * Math.PI)) };
    },
    watchMs: dayMs,
  }),
  quiet('bursts of load', {
    wish: (random) => {
      const everyMs = random.between(20, 120) * minuteMs;
      const lastsMs = random.between(1, 10) * minuteMs;
      return { shape: (ms) => (((ms % everyMs) + everyMs) % everyMs < lastsMs ? 1.8 : 0.5) };
    },
  }),
  quiet('a batch once an hour', {
    wish: () => ({ type: 'classic', commitEveryMs: 5000, leastRate: 0.05 }),
    change: (plan) => {
      plan.group.consume = plan.produce.map((rate) => () => Math.max(1, rate(0) * 60));
      plan.group.batchRecords = 0;
      plan.topicConfig.retentionMs = Math.max(plan.topicConfig.retentionMs, 8 * hourMs);
    },
    script: (cluster, random) => {
      runsAsJob(cluster, { periodMs: hourMs, runsMs: random.between(3, 15) * minuteMs, runs: 13 });
    },
  }),
  quiet('a batch once a day', {
    wish: () => ({ type: 'classic', commitEveryMs: 5000, leastRate: 0.05, retentionMs: 7 * dayMs }),
    change: (plan) => {
      plan.group.consume = plan.produce.map((rate) => () => Math.max(1, rate(0) * 300));
      plan.group.batchRecords = 0;
    },
    script: (cluster, random) => {
      runsAsJob(cluster, { periodMs: dayMs, runsMs: random.logBetween(3, 60) * minuteMs, runs: 4 });
    },
    watchMs: 3 * dayMs,
  }),
  quiet('steady lag', {
    wish: (random) => {
      const retentionMs = random.logBetween(6 * hourMs, 3 * dayMs);
      return {
        retentionMs,
        behindMs: random.between(0.1, 0.6) * retentionMs,
        leastRate: 1,
        consume: (rate) => () => rate,
      };
    },
    change: (plan) => {
      plan.noise = 0;
      plan.topicConfig.segmentMs = plan.topicConfig.retentionMs / 20;
    },
  }),
  quiet('first read from the beginning that will be in time', {
    wish: (random) => {
      const retentionMs = random.logBetween(6 * hourMs, 3 * dayMs);
      const faster = random.between(3, 10);
      return { retentionMs, behindMs: random.between(0.3, 0.7) * retentionMs, consume: (rate) => () => rate * faster };
    },
  }),
  quiet('one or many pods deployed', {
    wish: (random) => ({ type: 'classic', members: random.integer(1, 8), partitions: 8 }),
    script: (cluster, random, watchMs) => {
      const { members } = cluster.plan.group;
      atRandom(random, 4 * hourMs, watchMs - 30 * minuteMs, (fromMs) => {
        for (let pod = 0; pod < members; pod++)
          rebalance(cluster, fromMs + pod * 40_000, random.between(2000, 20_000), 1);
      });
    },
    weight: 2,
  }),
  quiet('one member flapping once', {
    wish: () => ({ type: 'classic', members: 2, partitions: 4 }),
    script: (cluster, random, watchMs) => {
      atRandom(random, 5 * hourMs, watchMs, (atMs) => {
        rebalance(cluster, atMs, random.between(3000, 20_000), 1);
        rebalance(cluster, atMs + 60_000, random.between(3000, 20_000), 0);
      });
    },
  }),
  quiet('a pause of two minutes', {
    script: (cluster, random, watchMs) => {
      atRandom(random, 2 * hourMs, watchMs, (atMs) => {
        cluster.at(atMs, () => Object.assign(cluster.group, { standing: true }));
        cluster.at(atMs + 2 * minuteMs, () => Object.assign(cluster.group, { standing: false }));
      });
    },
    weight: 2,
  }),
  quiet('markers', { change: (plan) => Object.assign(plan, { transactionEveryMs: 10_000 }) }),
  quiet('markers on an idle topic', {
    wish: (random) => {
      const untilMs = random.between(1, 4) * hourMs;
      return { shape: (ms) => (ms < untilMs ? 1 : 0) };
    },
    change: (plan) => Object.assign(plan, { transactionEveryMs: 10_000 }),
  }),
  quiet('missed polls', {
    more: () => ({ poll: { intervalMs: 15_000, jitterMs: 5000, missed: 0.25, partlyFailing: 0.1 } }),
  }),
  quiet('the monitor away for 20 min', {
    more: (random, watchMs) => {
      const fromMs = random.between(0.2, 0.8) * watchMs;
      return { awayMs: [{ fromMs, toMs: fromMs + 20 * minuteMs }] };
    },
  }),
  quiet('the monitor restarted', {
    more: (random, watchMs) => ({
      restartsAtMs: [0.3, 0.5, 0.7].map((share) => watchMs * (share + random.between(0, 0.1))),
    }),
  }),
  quiet('its clock stepping', {
    more: (random, watchMs) => ({
      clockSteps: [0.2, 0.5, 0.8].map((share) => ({
        atMs: watchMs * share,
        byMs: random.pick([-1, 1]) * random.logBetween(2500, 10 * minuteMs),
      })),
    }),
  }),
  quiet('a broker restarted', {
    wish: () => ({ replicationFactor: 3 }),
    script: (cluster, random, watchMs) => {
      atRandom(random, 3 * hourMs, watchMs, (atMs) => restartBroker(cluster, random.integer(1, 3), atMs));
    },
    weight: 2,
  }),
  quiet('leader moves', {
    wish: () => ({ replicationFactor: 3 }),
    script: (cluster, random, watchMs) => {
      atRandom(random, hourMs, watchMs, (atMs) =>
        cluster.at(atMs, () => cluster.moveLeader(random.pick(cluster.partitions))),
      );
    },
  }),
  quiet('KIP-848 group that rebalances', {
    wish: (random) => ({ type: 'consumer', members: random.integer(1, 4), partitions: 4 }),
    script: (cluster, random, watchMs) => {
      atRandom(random, 30 * minuteMs, watchMs, (atMs) => rebalance(cluster, atMs, random.between(5000, 30_000), 1));
    },
  }),
  quiet('a simple consumer that commits without being a member', {
    wish: () => ({ members: 0, leastRate: 0.1 }),
    change: (plan) => Object.assign(plan.group, { type: 'classic' }),
  }),
  quiet('a console consumer', {
    change: (plan) => Object.assign(plan.group, { groupId: 'console-consumer-4711' }),
    script: (cluster, random, watchMs) => {
      cluster.at(random.between(0.1, 0.3) * watchMs, () => cluster.group.leave(cluster.nowMs));
    },
  }),
  quiet('idle by policy', {
    wish: () => ({ retentionMs: 7 * dayMs }),
    script: (cluster) => {
      cluster.at(hourMs, () => cluster.group.leave(cluster.nowMs));
      cluster.at(9 * hourMs, () => cluster.group.join(cluster.plan.group.members));
    },
    more: () => ({ policies: [policy({ match: { group: 'billing' }, expectIdle: '10h' })] }),
  }),
  quiet('idle partitions', {
    wish: (random) => ({ partitions: random.integer(2, 4) }),
    change: (plan) => {
      plan.produce = plan.produce.map((rate, partition) => (partition % 2 === 0 ? rate : () => 0));
    },
  }),
  quiet('a compacted topic', {
    change: (plan) => Object.assign(plan.topicConfig, { cleanupPolicy: ['compact'], retentionMs: -1 }),
  }),
  quiet('DeleteRecords by Streams', {
    script: (cluster) => {
      const purge = () => {
        for (const { partition, committed } of cluster.group.readers) {
          cluster.partitions[partition]!.log.deleteRecords(committed);
        }
        cluster.at(cluster.sinceStartMs + 30_000, purge);
      };
      cluster.at(0, purge);
    },
  }),
  quiet('a reassignment', {
    wish: () => ({ replicationFactor: 2 }),
    script: (cluster, random, watchMs) => {
      const fromMs = random.between(0.1, 0.5) * watchMs;
      for (const state of cluster.partitions) {
        const before = state.replicas;
        const added = [1, 2, 3].filter((id) => !before.includes(id));
        cluster.at(fromMs, () => Object.assign(state, { replicas: [...before, ...added], addingReplicas: added }));
        cluster.at(fromMs + hourMs, () => {
          Object.assign(state, { addingReplicas: [], inSyncReplicas: [...state.inSyncReplicas, ...added] });
        });
      }
    },
  }),
  quiet('a group deleted cleanly', {
    script: (cluster, random, watchMs) => {
      const atMs = random.between(0.2, 0.8) * watchMs;
      cluster.at(atMs, () => cluster.group.leave(cluster.nowMs));
      cluster.at(atMs + random.between(0, 5 * minuteMs), () => Object.assign(cluster.group, { isDeleted: true }));
    },
  }),
  quiet('a topic unsubscribed', {
    script: (cluster, random, watchMs) => {
      cluster.at(random.between(0.2, 0.8) * watchMs, () => Object.assign(cluster.group, { isSubscribed: false }));
    },
  }),
  quiet('a group synced by MirrorMaker', {
    wish: () => ({ members: 0, leastRate: 0.1, commitEveryMs: minuteMs }),
    change: (plan) => Object.assign(plan.group, { type: 'classic', batchRecords: 0 }),
  }),
];
