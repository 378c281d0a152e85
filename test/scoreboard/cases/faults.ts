/** Brokers that fail, groups that rebalance without end, and a cluster that does not answer. */
import type { Case, CaseKind } from '../case.ts';
import type { Random } from '../random.ts';
import { dayMs, hourMs, minuteMs, type SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, drawMonitor, type Wish } from './drawing.ts';

function drawFault(random: Random, wish: Wish, watchMs: number, script: (cluster: SimulatedCluster) => void): Case {
  const cluster = drawCluster(random, { retentionMs: random.logBetween(6 * hourMs, 7 * dayMs), ...wish });
  return { cluster, watchMs, script, ...drawMonitor(random, watchMs) };
}

const offline: CaseKind = {
  name: 'the last broker of a partition goes',
  codes: ['offline-partition'],
  weight: 1,
  draw(random) {
    const atMs = random.between(5, 30) * minuteMs;
    const backMs = atMs + random.logBetween(1, 60) * minuteMs;
    return drawFault(random, { replicationFactor: 1 }, backMs + 10 * minuteMs, (cluster) => {
      const broker = cluster.partitions[0]!.leader!;
      cluster.at(atMs, () => cluster.stopBroker(broker));
      cluster.at(backMs, () => cluster.startBroker(broker, 30_000));
    });
  },
};

const fewInSync: CaseKind = {
  name: 'replicas fall out of sync until producers are refused',
  codes: ['under-min-isr'],
  weight: 1,
  draw(random) {
    const atMs = random.between(5, 30) * minuteMs;
    const backMs = atMs + random.logBetween(1, 40) * minuteMs;
    const isDown = random.chance(0.5);
    const made = drawFault(random, { replicationFactor: 3 }, backMs + 10 * minuteMs, (cluster) => {
      const brokers = cluster.partitions[0]!.replicas.slice(1);
      for (const broker of brokers) {
        cluster.at(atMs, () => (isDown ? cluster.stopBroker(broker) : cluster.shrinkInSync(broker)));
        cluster.at(backMs, () => (isDown ? cluster.startBroker(broker, 20_000) : cluster.growInSync(broker)));
      }
    });
    made.cluster.topicConfig.minInSyncReplicas = 2;
    return made;
  },
};

const slowFollower: CaseKind = {
  name: 'a follower does not keep up, or its broker is away',
  codes: ['under-replicated'],
  weight: 1,
  draw(random) {
    const atMs = random.between(5, 30) * minuteMs;
    const backMs = atMs + random.between(18, 60) * minuteMs;
    const isDown = random.chance(0.5);
    return drawFault(random, { replicationFactor: random.integer(2, 3) }, backMs + 10 * minuteMs, (cluster) => {
      const broker = cluster.partitions[0]!.replicas.at(-1)!;
      cluster.at(atMs, () => (isDown ? cluster.stopBroker(broker) : cluster.shrinkInSync(broker)));
      cluster.at(backMs, () => (isDown ? cluster.startBroker(broker, 20_000) : cluster.growInSync(broker)));
    });
  },
};

const flapping: CaseKind = {
  name: 'members come and go without end',
  codes: ['rebalance-storm'],
  weight: 1,
  draw(random) {
    const fromMs = random.between(20, 70) * minuteMs;
    const everyMs = random.between(1, 5) * minuteMs;
    const lastsMs = random.between(3000, 30_000);
    const wish = { type: 'classic', members: random.integer(2, 4), partitions: 4 } as const;
    return drawFault(random, wish, fromMs + 90 * minuteMs, (cluster) => {
      for (let atMs = fromMs; atMs < fromMs + 60 * minuteMs; atMs += everyMs) {
        cluster.at(atMs, () => cluster.group.beginRebalance(cluster.nowMs, false));
        cluster.at(atMs + lastsMs, () => cluster.group.settle(cluster.nowMs, 1));
      }
    });
  },
};

const blind: CaseKind = {
  name: 'no broker answers',
  codes: ['cluster-unreachable'],
  weight: 1,
  draw(random) {
    const atMs = random.between(5, 60) * minuteMs;
    const backMs = atMs + random.logBetween(1, 60) * minuteMs;
    return drawFault(random, {}, backMs + 10 * minuteMs, (cluster) => {
      cluster.at(atMs, () => Object.assign(cluster, { reachable: false }));
      cluster.at(backMs, () => Object.assign(cluster, { reachable: true }));
    });
  },
};

export const faultKinds: readonly CaseKind[] = [offline, fewInSync, slowFollower, flapping, blind];
