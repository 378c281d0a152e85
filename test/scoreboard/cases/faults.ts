/** Brokers that fail, groups that rebalance without end, and a cluster that does not answer. */
import type { CaseKind } from '../case.ts';
import { minuteMs } from '../plan.ts';
import { drawLasting, kindOf } from './drawing.ts';

const afterMs = 10 * minuteMs;

const offline = kindOf('the last broker of a partition goes', ['offline-partition'], (random) => {
  const atMs = random.between(5, 30) * minuteMs;
  const backMs = atMs + random.logBetween(1, 60) * minuteMs;
  return {
    cluster: drawLasting(random, { replicationFactor: 1 }),
    watchMs: backMs + afterMs,
    script: (cluster) => {
      const broker = cluster.topic.partitions[0]!.leader!;
      cluster.at(atMs, () => cluster.stopBroker(broker));
      cluster.at(backMs, () => cluster.startBroker(broker, 30_000));
    },
  };
});

const fewInSync = kindOf('replicas fall out of sync until producers are refused', ['under-min-isr'], (random) => {
  const atMs = random.between(5, 30) * minuteMs;
  const backMs = atMs + random.logBetween(1, 40) * minuteMs;
  const isDown = random.chance(0.5);
  const plan = drawLasting(random, { replicationFactor: 3 });
  plan.topic.config.minInSyncReplicas = 2;
  return {
    cluster: plan,
    watchMs: backMs + afterMs,
    script: (cluster) => {
      for (const broker of cluster.topic.partitions[0]!.replicas.slice(1)) {
        cluster.at(atMs, () => (isDown ? cluster.stopBroker(broker) : cluster.shrinkInSync(broker)));
        cluster.at(backMs, () => (isDown ? cluster.startBroker(broker, 20_000) : cluster.growInSync(broker)));
      }
    },
  };
});

const slowFollower = kindOf('a follower does not keep up, or its broker is away', ['under-replicated'], (random) => {
  const atMs = random.between(5, 30) * minuteMs;
  const backMs = atMs + random.between(18, 60) * minuteMs;
  const isDown = random.chance(0.5);
  return {
    cluster: drawLasting(random, { replicationFactor: random.integer(2, 3) }),
    watchMs: backMs + afterMs,
    script: (cluster) => {
      const broker = cluster.topic.partitions[0]!.replicas.at(-1)!;
      cluster.at(atMs, () => (isDown ? cluster.stopBroker(broker) : cluster.shrinkInSync(broker)));
      cluster.at(backMs, () => (isDown ? cluster.startBroker(broker, 20_000) : cluster.growInSync(broker)));
    },
  };
});

const flapping = kindOf('members come and go without end', ['rebalance-storm'], (random) => {
  const fromMs = random.between(20, 70) * minuteMs;
  const everyMs = random.between(1, 5) * minuteMs;
  const lastsMs = random.between(3000, 30_000);
  return {
    cluster: drawLasting(random, { type: 'classic', members: random.integer(2, 4), partitions: 4 }),
    watchMs: fromMs + 90 * minuteMs,
    script: (cluster) => {
      for (let atMs = fromMs; atMs < fromMs + 60 * minuteMs; atMs += everyMs) {
        cluster.at(atMs, () => cluster.group.beginRebalance(cluster.nowMs, false));
        cluster.at(atMs + lastsMs, () => cluster.group.settle(cluster.nowMs, 1));
      }
    },
  };
});

const blind = kindOf('no broker answers', ['cluster-unreachable'], (random) => {
  const atMs = random.between(5, 60) * minuteMs;
  const backMs = atMs + random.logBetween(1, 60) * minuteMs;
  return {
    cluster: drawLasting(random),
    watchMs: backMs + afterMs,
    script: (cluster) => {
      cluster.at(atMs, () => Object.assign(cluster, { reachable: false }));
      cluster.at(backMs, () => Object.assign(cluster, { reachable: true }));
    },
  };
});

export const faultKinds: readonly CaseKind[] = [offline, fewInSync, slowFollower, flapping, blind];
