/** Brokers that are away or carry too much, and their disks. */
import type { CaseKind } from '../case.ts';
import { type ClusterPlan, hourMs, minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { Disk, SimulatedCluster } from '../simulated-cluster.ts';
import { drawLasting, kindOf } from './drawing.ts';

const afterMs = 10 * minuteMs;
const offlineDirectory = { error: 'KAFKA_STORAGE_ERROR', totalBytes: null };

const away = kindOf('a broker does not come back', ['broker-missing'], (random) => {
  const atMs = random.between(5, 20) * minuteMs;
  const backMs = atMs + random.between(5, 40) * minuteMs;
  const cluster = drawLasting(random, { replicationFactor: random.integer(1, 3) });
  cluster.topic.config.minInSyncReplicas = random.integer(1, cluster.topic.replicationFactor);
  return {
    ...{ cluster, watchMs: backMs + afterMs },
    script: (simulated) => {
      const broker = random.pick(simulated.topic.partitions[0]!.replicas);
      simulated.at(atMs, () => simulated.stopBroker(broker));
      simulated.at(backMs, () => simulated.startBroker(broker, 20_000));
    },
  };
});

/** Adds a topic of so many partitions that nothing is written to. */
function addIdleTopic(plan: ClusterPlan, partitions: number): void {
  const { topic } = plan;
  const produce = Array.from({ length: partitions }, () => () => 0);
  const idle = { ...topic, topic: 'archive', config: { ...topic.config }, produce, transactionEveryMs: 0 };
  plan.besides.topics = [...plan.besides.topics, idle];
  // So many logs without records have no past worth living through.
  plan.pastMs = Math.min(plan.pastMs, hourMs);
}

const leadsAlone = kindOf('one broker leads nearly all', ['broker-skew'], (random) => {
  const cluster = drawLasting(random, { replicationFactor: random.integer(2, 3) });
  addIdleTopic(cluster, random.integer(200, 400));
  return {
    ...{ cluster, watchMs: 45 * minuteMs },
    script: (simulated) => {
      simulated.at(random.between(0, 8) * minuteMs, () => {
        const leader = random.integer(1, 3);
        for (const state of simulated.partitions) {
          if (state.inSyncReplicas.includes(leader))
            Object.assign(state, { leader, leaderEpoch: state.leaderEpoch + 1 });
        }
      });
    },
  };
});

const storesMost = kindOf('one broker stores far more', ['broker-skew'], (random) => {
  const cluster = drawLasting(random, { partitions: 1, rate: random.between(20_000, 90_000), replicationFactor: 1 });
  cluster.topic.recordBytes = 2000;
  return { cluster, watchMs: random.between(40, 60) * minuteMs };
});

const crowded = kindOf('more replicas than a broker should hold', ['too-many-partitions'], (random) => {
  const cluster = drawLasting(random, { replicationFactor: 3 });
  addIdleTopic(cluster, random.integer(4001, 4500));
  cluster.pastMs = 10 * minuteMs;
  return { cluster, watchMs: 4 * minuteMs };
});

/** Fills a volume of which the logs are nothing by a share of it each minute. */
export function fillFrom(
  simulated: SimulatedCluster,
  disk: Disk,
  { fromMs, toMs = Number.POSITIVE_INFINITY, perMinute }: { fromMs: number; toMs?: number; perMinute: number },
): void {
  const step = () => {
    const total = disk.totalBytes!;
    disk.otherBytes = Math.min(0.99 * total, disk.otherBytes + perMinute * total);
    const nextMs = simulated.sinceStartMs + minuteMs;
    if (nextMs < toMs) simulated.at(nextMs, step);
  };
  simulated.at(fromMs, step);
}

const fillsByDay = kindOf('a disk that will be full within the day', ['disk-filling'], (random) => {
  const used = random.between(0.05, 0.35);
  const fullAfterMs = random.between(5, 14) * hourMs;
  const perMinute = ((1 - used) * minuteMs) / fullAfterMs;
  return {
    cluster: drawLasting(random, { partitions: 1, neighbours: 0, leastRate: 0.1, replicationFactor: 3 }),
    watchMs: 0.75 * fullAfterMs,
    script: (simulated) => {
      const disk = random.pick(simulated.disks);
      disk.otherBytes = used * disk.totalBytes!;
      fillFrom(simulated, disk, { fromMs: 0, perMinute });
    },
  };
});

const nearlyFull = kindOf('a disk that fills within the hour', ['disk-filling'], (random) => {
  const fromMs = random.between(5, 20) * minuteMs;
  const perMinute = random.between(0.005, 0.03);
  const used = random.between(0.55, 0.68);
  return {
    cluster: drawLasting(random, { replicationFactor: 3 }),
    watchMs: fromMs + 0.35 * (minuteMs / perMinute) + afterMs,
    script: (simulated) => {
      const disk = random.pick(simulated.disks);
      disk.otherBytes = used * disk.totalBytes!;
      fillFrom(simulated, disk, { fromMs, perMinute });
    },
  };
});

/** The broker gives a directory up: it leads nothing there any more, and is in sync with nobody. */
export function losesDirectory(simulated: SimulatedCluster, disk: Disk): void {
  Object.assign(disk, offlineDirectory);
  for (const state of simulated.partitions) if (state.leader === disk.brokerId) simulated.moveLeader(state);
  simulated.shrinkInSync(disk.brokerId);
}

const broken = kindOf('a disk breaks', ['log-dir-offline'], (random) => {
  const atMs = random.between(5, 20) * minuteMs;
  const mendedMs = atMs + random.between(5, 40) * minuteMs;
  return {
    cluster: drawLasting(random, { replicationFactor: random.integer(2, 3) }),
    watchMs: mendedMs + afterMs,
    script: (simulated) => mends(simulated, random, { atMs, mendedMs }),
  };
});

function mends(simulated: SimulatedCluster, random: Random, { atMs, mendedMs }: { atMs: number; mendedMs: number }) {
  const disk = random.pick(simulated.disks);
  const { totalBytes } = disk;
  simulated.at(atMs, () => losesDirectory(simulated, disk));
  simulated.at(mendedMs, () => {
    Object.assign(disk, { error: null, totalBytes });
    simulated.growInSync(disk.brokerId);
  });
}

export const brokerKinds: readonly CaseKind[] = [
  ...[away, leadsAlone, storesMost, crowded],
  ...[fillsByDay, nearlyFull, broken],
];
