/** The quiet cases of the specification: no finding of warning or critical at any poll, of any group. */
import { policy } from '../../support/rule-rows.ts';
import type { CaseKind, MonitorPlan, Story } from '../case.ts';
import { type ClusterPlan, dayMs, hourMs, minuteMs, type Rate } from '../plan.ts';
import type { Random } from '../random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { SimulatedGroup } from '../simulated-group.ts';
import { drawCluster, groupsOf, kindOf, readsOf, type Wish } from './drawing.ts';
import { runsAsJob } from './standstills.ts';

interface Quiet {
  wish?: (random: Random) => Wish;
  change?: (plan: ClusterPlan, random: Random) => void;
  script?: (cluster: SimulatedCluster, random: Random, watchMs: number) => void;
  /** The same for each group, at moments of its own. */
  eachGroup?: (cluster: SimulatedCluster, group: SimulatedGroup, random: Random, watchMs: number) => void;
  more?: (random: Random, watchMs: number) => Partial<Story & MonitorPlan>;
  watchMs?: number;
  weight?: number;
}

/** Groups of a quiet cluster: what is quiet about it is so of each. */
const groups = 4;

/** A kind of quiet case: what is not said is drawn. */
export function quiet(
  name: string,
  { wish, change, watchMs = 12 * hourMs, weight = 1, ...parts }: Quiet = {},
): CaseKind {
  return kindOf(
    name,
    [],
    (random) => {
      const retentionMs = random.logBetween(2 * hourMs, 7 * dayMs);
      const alike = { neighbours: groups - 1, neighboursAlike: true };
      const cluster = drawCluster(random, { retentionMs, ...wish?.(random), ...alike });
      change?.(cluster, random);
      const script = (simulated: SimulatedCluster, scripted: Random) => {
        parts.script?.(simulated, scripted, watchMs);
        for (const group of simulated.groups) parts.eachGroup?.(simulated, group, scripted, watchMs);
      };
      return { cluster, watchMs, script, ...parts.more?.(random, watchMs) };
    },
    weight,
  );
}

/** Gives every group a batch job's way to read: fast, and by time. */
function readAsJobs(plan: ClusterPlan, timesFaster: number): void {
  for (const group of groupsOf(plan)) {
    group.subscriptions = [
      readsOf(
        plan.topic,
        (rate): Rate =>
          () =>
            Math.max(1, rate * timesFaster),
      ),
    ];
    group.batchRecords = 0;
  }
}

/** Calls at random moments, on average once in so long and never twice in half of it: two pauses in a row would be no pause. */
export function atRandom(random: Random, everyMs: number, watchMs: number, plan: (atMs: number) => void): void {
  const next = () => everyMs / 2 + random.exponential(everyMs / 2);
  for (let atMs = next(); atMs < watchMs; atMs += next()) plan(atMs);
}

function rebalance(
  cluster: SimulatedCluster,
  group: SimulatedGroup,
  { atMs, lastsMs, replaced }: { atMs: number; lastsMs: number; replaced: number },
): void {
  cluster.at(atMs, () => group.beginRebalance(cluster.nowMs, true));
  cluster.at(atMs + lastsMs, () => group.settle(cluster.nowMs, replaced));
}

function restartBroker(cluster: SimulatedCluster, brokerId: number, atMs: number): void {
  cluster.at(atMs, () => cluster.stopBroker(brokerId));
  cluster.at(atMs + 60_000, () => cluster.startBroker(brokerId, 30_000));
}

export const quietKinds: readonly CaseKind[] = [
  quiet('healthy', { weight: 3 }),
  quiet('no traffic', {
    change: ({ topic }) => {
      topic.produce = topic.produce.map(() => () => 0);
    },
  }),
  quiet('a message an hour', { wish: () => ({ rate: 1 / 3600 }) }),
  quiet('bursty commits', { wish: (random) => ({ commitEveryMs: random.between(0.5, 10) * minuteMs }), weight: 2 }),
  quiet('diurnal load', {
    wish: (random) => {
      const low = random.between(0, 0.3);
      const phase = random.between(0, 2 * Math.PI);
      const shape = (ms: number) => low + (1 - low) * (0.5 + 0.5 * Math.sin(phase + (ms / dayMs) * 2 * Math.PI));
      const headroom = random.between(2, 8);
      // Next to nothing may be produced when the watch begins: what it can read is a matter of the day's most, which is 1.
      const consume = (atStart: number) => {
        const able = Math.max(1, (atStart / shape(0)) * headroom);
        return () => able;
      };
      return { shape, consume };
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
      readAsJobs(plan, 60);
      plan.topic.config.retentionMs = Math.max(plan.topic.config.retentionMs, 8 * hourMs);
    },
    eachGroup: (cluster, group, random) => {
      runsAsJob(cluster, group, { periodMs: hourMs, runsMs: random.between(3, 15) * minuteMs, runs: 13 });
    },
  }),
  quiet('a batch once a day', {
    wish: () => ({ type: 'classic', commitEveryMs: 5000, leastRate: 0.05, retentionMs: 7 * dayMs }),
    change: (plan) => readAsJobs(plan, 300),
    eachGroup: (cluster, group, random) => {
      runsAsJob(cluster, group, { periodMs: dayMs, runsMs: random.logBetween(3, 60) * minuteMs, runs: 4 });
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
      plan.topic.config.segmentMs = plan.topic.config.retentionMs / 20;
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
    eachGroup: (cluster, group, random, watchMs) => {
      atRandom(random, 4 * hourMs, watchMs - 30 * minuteMs, (fromMs) => {
        for (let pod = 0; pod < group.plan.members; pod++) {
          const lastsMs = random.between(2000, 20_000);
          rebalance(cluster, group, { atMs: fromMs + pod * 40_000, lastsMs, replaced: 1 });
        }
      });
    },
    weight: 2,
  }),
  quiet('a hundred pods deployed', {
    wish: () => ({ type: 'classic', members: 100, partitions: 100, rate: 20 }),
    eachGroup: (cluster, group, random, watchMs) => {
      const fromMs = random.between(0.2, 0.6) * watchMs;
      // A quarter at once, as a deployment of so many does.
      for (let batch = 0; batch < 4; batch++) {
        const lastsMs = random.between(5000, 40_000);
        rebalance(cluster, group, { atMs: fromMs + batch * 90_000, lastsMs, replaced: 25 });
      }
    },
    watchMs: 2 * hourMs,
  }),
  quiet('one member flapping once', {
    wish: () => ({ type: 'classic', members: 2, partitions: 4 }),
    eachGroup: (cluster, group, random, watchMs) => {
      atRandom(random, 5 * hourMs, watchMs, (atMs) => {
        rebalance(cluster, group, { atMs, lastsMs: random.between(3000, 20_000), replaced: 1 });
        rebalance(cluster, group, { atMs: atMs + minuteMs, lastsMs: random.between(3000, 20_000), replaced: 0 });
      });
    },
  }),
  quiet('a pause of two minutes', {
    eachGroup: (cluster, group, random, watchMs) => {
      atRandom(random, 2 * hourMs, watchMs, (atMs) => {
        cluster.at(atMs, () => Object.assign(group, { standing: true }));
        cluster.at(atMs + 2 * minuteMs, () => Object.assign(group, { standing: false }));
      });
    },
    weight: 2,
  }),
  quiet('markers', { change: ({ topic }) => Object.assign(topic, { transactionEveryMs: 10_000 }) }),
  quiet('markers on an idle topic', {
    wish: (random) => {
      const untilMs = random.between(1, 4) * hourMs;
      return { shape: (ms) => (ms < untilMs ? 1 : 0) };
    },
    change: ({ topic }) => Object.assign(topic, { transactionEveryMs: 10_000 }),
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
    eachGroup: (cluster, group, random, watchMs) => {
      atRandom(random, 30 * minuteMs, watchMs, (atMs) => {
        rebalance(cluster, group, { atMs, lastsMs: random.between(5000, 30_000), replaced: 1 });
      });
    },
  }),
  quiet('a simple consumer that commits without being a member', {
    wish: () => ({ members: 0, leastRate: 0.1 }),
    change: (plan) => {
      for (const group of groupsOf(plan)) group.type = 'classic';
    },
  }),
  quiet('a console consumer', {
    change: (plan) => {
      for (const [index, group] of groupsOf(plan).entries()) group.groupId = `console-consumer-${4711 + index}`;
    },
    eachGroup: (cluster, group, random, watchMs) => {
      cluster.at(random.between(0.1, 0.3) * watchMs, () => group.leave(cluster.nowMs));
    },
  }),
  quiet('idle by policy', {
    wish: () => ({ retentionMs: 7 * dayMs }),
    eachGroup: (cluster, group, random) => {
      cluster.at(random.between(1, 2) * hourMs, () => group.leave(cluster.nowMs));
      cluster.at(random.between(8, 10) * hourMs, () => group.join(group.plan.members));
    },
    more: () => ({ policies: [policy({ match: {}, expectIdle: '10h' })] }),
  }),
  quiet('idle partitions', {
    wish: (random) => ({ partitions: random.integer(2, 4) }),
    change: ({ topic }) => {
      topic.produce = topic.produce.map((rate, partition) => (partition % 2 === 0 ? rate : () => 0));
    },
  }),
  quiet('a compacted topic', {
    change: ({ topic }) => Object.assign(topic.config, { cleanupPolicy: ['compact'], retentionMs: -1 }),
  }),
  quiet('DeleteRecords by Streams', {
    script: (cluster) => {
      const purge = () => {
        for (const state of cluster.topic.partitions) {
          // What the slowest of its readers has read: Streams has one.
          const readers = cluster.groups.flatMap((group) => group.readers).filter((reader) => reader.state === state);
          state.log.deleteRecords(Math.min(...readers.map(({ committed }) => committed)));
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
      for (const state of cluster.topic.partitions) {
        const before = state.replicas;
        const added = [1, 2, 3].filter((id) => !before.includes(id));
        cluster.at(fromMs, () => Object.assign(state, { replicas: [...before, ...added], addingReplicas: added }));
        cluster.at(fromMs + hourMs, () => {
          Object.assign(state, { addingReplicas: [], inSyncReplicas: [...state.inSyncReplicas, ...added] });
        });
      }
    },
  }),
  quiet('a topic re-created', {
    script: (cluster, random, watchMs) => {
      const atMs = random.between(0.2, 0.8) * watchMs;
      cluster.at(atMs, () => cluster.deleteTopic(cluster.topic));
      cluster.at(atMs + random.between(5, 120) * 1000, () => cluster.recreateTopic(cluster.topic));
    },
  }),
  quiet('partitions added', {
    wish: () => ({ type: 'classic' }),
    script: (cluster, random, watchMs) => {
      const { topic, groups } = cluster;
      const atMs = random.between(0.2, 0.8) * watchMs;
      const [produce] = topic.plan.produce;
      const added = Array.from({ length: random.integer(1, 4) }, () => produce!);
      cluster.at(atMs, () => topic.addPartitions(added, cluster.nowMs));
      for (const group of groups) {
        const [consume] = group.plan.subscriptions[0]!.consume;
        cluster.at(atMs, () => group.seePartitions(topic, consume!));
        // Members refresh their metadata within metadata.max.age.ms, and rebalance.
        rebalance(cluster, group, { atMs: atMs + random.between(0.1, 4.9) * minuteMs, lastsMs: 3000, replaced: 0 });
      }
    },
  }),
  quiet('short transactions', {
    wish: () => ({ leastRate: 0.1 }),
    change: (plan) => {
      plan.topic.transactionEveryMs = 0;
      for (const group of groupsOf(plan)) group.readsCommitted = true;
    },
    script: (cluster, random) => {
      const everyMs = random.logBetween(5000, 2 * minuteMs);
      const turn = () => {
        // The marker that ends it takes an offset; the next begins behind it.
        for (const state of cluster.topic.partitions) {
          if (state.log.endOffset > (state.openTransactionOffset ?? 0)) state.log.write(1, cluster.nowMs);
          state.openTransactionOffset = state.log.endOffset;
        }
        cluster.at(cluster.sinceStartMs + everyMs, turn);
      };
      cluster.at(0, turn);
    },
  }),
  quiet('commits without movement', {
    wish: (random) => ({ rate: 1 / 3600, commitEveryMs: random.pick([1000, 5000]) }),
    change: ({ topic }) => {
      topic.produce = topic.produce.map((rate) => (ms) => (ms < 0 ? rate(ms) * 100 : 0));
    },
  }),
  quiet('a group deleted cleanly', {
    eachGroup: (cluster, group, random, watchMs) => {
      const atMs = random.between(0.2, 0.8) * watchMs;
      cluster.at(atMs, () => group.leave(cluster.nowMs));
      // Tidemark has seen it Empty by then.
      cluster.at(atMs + random.between(1, 5) * minuteMs, () => group.delete());
    },
  }),
  quiet('a topic unsubscribed', {
    eachGroup: (cluster, group, random, watchMs) => {
      cluster.at(random.between(0.2, 0.8) * watchMs, () => group.unsubscribe(cluster.topic.topic));
    },
  }),
  quiet('a group synced by MirrorMaker', {
    wish: () => ({ members: 0, leastRate: 0.1, commitEveryMs: minuteMs }),
    change: (plan) => {
      for (const group of groupsOf(plan)) Object.assign(group, { type: 'classic', batchRecords: 0 });
    },
  }),
];
