import { dayMs, hourMs, minuteMs, watchStartMs } from '../plan.ts';
import type { Disk, SimulatedCluster } from '../simulated-cluster.ts';
import { type Label, memory, type Subject } from './label.ts';
import { lasting } from './lasting.ts';

/** Numbers of judgement.md's table. */
const missingForMs = 3 * minuteMs;
const mostReplicas = 4000;
const disk = { warning: 0.7, critical: 0.85, fullWithinMs: dayMs, leastWatchMs: 2 * hourMs };
/** A fall by so little of a volume interrupts no rise. */
const unnoticedRatio = 0.001;
/** docs/findings.md: so many times the average of the living, so much above it, and for so long. */
const skew = { ratio: 1.5, leaders: 50, replicas: 100, bytes: 50e9, forMs: 30 * minuteMs };
/** Log directories are read so often; a fill must show in two reads. */
const logDirsEveryMs = minuteMs;
const filledForMs = 2 * logDirsEveryMs;

/** What a broker leads and holds; bytes are those of its partitions' leaders. */
interface Load {
  leaders: number;
  replicas: number;
  bytes: number;
}

/** Of the living, and of those that some replica list names. */
function loadsOf({ brokers, topics }: SimulatedCluster): Map<number, Load> {
  const loads = new Map<number, Load>();
  const loadOf = (id: number) => {
    const load = loads.get(id) ?? { leaders: 0, replicas: 0, bytes: 0 };
    loads.set(id, load);
    return load;
  };
  for (const id of brokers) loadOf(id);
  for (const { isDeleted, partitions } of topics) {
    if (isDeleted) continue;
    for (const { leader, replicas, log } of partitions) {
      if (leader !== null) loadOf(leader).leaders++;
      for (const id of replicas) {
        loadOf(id).replicas++;
        loadOf(id).bytes += log.sizeBytes;
      }
    }
  }
  return loads;
}

const brokerMissing: Label = {
  code: 'broker-missing',
  severity: 'warning',
  begin() {
    const lasts = lasting<number>();
    return ({ cluster, nowMs }, holds) => {
      for (const [brokerId] of loadsOf(cluster)) {
        const isMissing = !cluster.brokers.has(brokerId);
        if (lasts(brokerId, isMissing, nowMs) < missingForMs || !isMissing) continue;
        holds({ brokerId }, stopsWrites(cluster, brokerId));
      }
    };
  },
};

/** Whether some partition lacks just this replica, and too many for acks=all. */
function stopsWrites({ topics }: SimulatedCluster, brokerId: number): boolean {
  return topics.some(({ isDeleted, config, partitions }) => {
    const isUnder = (inSync: readonly number[]) => inSync.length < (config.minInSyncReplicas ?? 1);
    return (
      !isDeleted &&
      partitions.some(
        ({ leader, replicas, inSyncReplicas }) =>
          replicas.includes(brokerId) &&
          (leader === null || (isUnder(inSyncReplicas) && !inSyncReplicas.includes(brokerId))),
      )
    );
  });
}

const brokerSkew: Label = {
  code: 'broker-skew',
  severity: 'info',
  begin() {
    const lasts = lasting<number>();
    return ({ cluster, nowMs }, holds) => {
      const loads = [...loadsOf(cluster)].filter(([brokerId]) => cluster.brokers.has(brokerId));
      const isAdding = cluster.partitions.some(({ addingReplicas }) => addingReplicas.length > 0);
      for (const [brokerId, load] of loads) {
        const isSkewed = (['leaders', 'replicas', 'bytes'] as const).some((what) => {
          const usual = loads.reduce((sum, [, one]) => sum + one[what], 0) / loads.length;
          return load[what] > skew.ratio * usual && load[what] - usual > skew[what];
        });
        const isSo = isSkewed && !isAdding;
        if (lasts(brokerId, isSo, nowMs) >= skew.forMs && isSo) holds({ brokerId });
      }
    };
  },
};

const tooManyPartitions: Label = {
  code: 'too-many-partitions',
  severity: 'info',
  begin:
    () =>
    ({ cluster }, holds) => {
      for (const [brokerId, { replicas }] of loadsOf(cluster)) if (replicas > mostReplicas) holds({ brokerId });
    },
};

/** A disk as it was first seen, and whether it has only ever filled since. */
interface Rise {
  fromBytes: number;
  lastBytes: number;
  isUnbroken: boolean;
}

const diskFilling: Label = {
  code: 'disk-filling',
  severity: 'warning',
  begin() {
    const lasts = lasting<Disk>();
    const lastsFull = lasting<Disk>();
    const riseOf = memory<Disk, Rise>(() => ({ fromBytes: Number.NaN, lastBytes: Number.NaN, isUnbroken: true }));
    return ({ cluster, nowMs }, holds) => {
      const loads = loadsOf(cluster);
      for (const one of cluster.disks) {
        const { totalBytes, brokerId, error } = one;
        if (totalBytes === null || error !== null || !cluster.brokers.has(brokerId)) continue;
        const usedBytes = one.otherBytes + (loads.get(brokerId)?.bytes ?? 0);
        const isFilled = usedBytes / totalBytes >= disk.warning;
        const isCritical = lastsFull(one, usedBytes / totalBytes >= disk.critical, nowMs) >= logDirsEveryMs;
        const leftMs = timeToFullMs(riseOf(one), { usedBytes, totalBytes, watchedMs: nowMs - watchStartMs });
        const isSo = isFilled || leftMs <= disk.fullWithinMs;
        if (lasts(one, isSo, nowMs) >= filledForMs && isSo) holds(diskSubject(one), isCritical);
      }
    };
  },
};

/** By docs/decisions.md a rise counts while nothing interrupts it, and is projected as far as it was watched. */
function timeToFullMs(
  rise: Rise,
  { usedBytes, totalBytes, watchedMs }: { usedBytes: number; totalBytes: number; watchedMs: number },
): number {
  if (Number.isNaN(rise.fromBytes)) rise.fromBytes = usedBytes;
  if (usedBytes < rise.lastBytes - unnoticedRatio * totalBytes) rise.isUnbroken = false;
  rise.lastBytes = usedBytes;
  const grownBytes = usedBytes - rise.fromBytes;
  if (!rise.isUnbroken || watchedMs < disk.leastWatchMs || grownBytes <= 0) return Number.POSITIVE_INFINITY;
  const leftMs = ((totalBytes - usedBytes) * watchedMs) / grownBytes;
  return leftMs <= watchedMs ? leftMs : Number.POSITIVE_INFINITY;
}

const logDirOffline: Label = {
  code: 'log-dir-offline',
  severity: 'critical',
  begin() {
    const lasts = lasting<Disk>();
    return ({ cluster, nowMs }, holds) => {
      for (const one of cluster.disks) {
        const isOffline = one.error !== null && cluster.brokers.has(one.brokerId);
        if (lasts(one, isOffline, nowMs) >= logDirsEveryMs && isOffline) holds(diskSubject(one), true);
      }
    };
  },
};

function diskSubject({ brokerId, path }: Disk): Subject {
  return { brokerId, logDir: path };
}

export const brokerLabels: readonly Label[] = [
  ...[brokerMissing, brokerSkew, tooManyPartitions],
  ...[diskFilling, logDirOffline],
];
