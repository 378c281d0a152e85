/** Groups that retention overtakes, or would. */
import type { Case, CaseKind } from '../case.ts';
import type { Random } from '../random.ts';
import { type ClusterPlan, dayMs, hourMs, minuteMs, type SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, drawMonitor } from './drawing.ts';

const loss = ['will-lose-data', 'lost-data'] as const;
/** The group keeps up for so long before its trouble begins. */
const healthyMs = { least: 20 * minuteMs, most: 90 * minuteMs };
/** What is watched after a loss. */
const afterLossMs = 5 * minuteMs;

/** What a slow group reads, as a share of what comes. Near 1 nobody could tell falling behind from noise. */
function drawSlowness(random: Random): number {
  return random.chance(0.25) ? 0 : random.between(0.1, 0.85);
}

/** Until all series that lose have lost, or the time is over. */
function endsAfterLoss({ group, nowMs }: SimulatedCluster): boolean {
  return group.readers.some(({ lostAtMs }) => nowMs - lostAtMs > afterLossMs);
}

function slowsDown(random: Random, plan: ClusterPlan, share: number): Pick<Case, 'script'> {
  const atMs = random.between(healthyMs.least, healthyMs.most);
  return {
    script: (cluster) => {
      cluster.at(atMs, () => {
        for (const reader of cluster.group.readers) {
          const produce = plan.produce[reader.partition]!;
          reader.consume = (sinceStartMs) => share * produce(sinceStartMs);
        }
      });
    },
  };
}

/** So long does a group that reads `share` of what comes fall behind until retention has caught it. */
function untilLost(wholeMs: number, share: number): number {
  return wholeMs / (1 - share);
}

const slowUnderShortRetention: CaseKind = {
  name: 'slows down under a short retention',
  codes: loss,
  weight: 3,
  draw(random) {
    const retentionMs = random.logBetween(15 * minuteMs, 3 * hourMs);
    const share = drawSlowness(random);
    const cluster = drawCluster(random, { retentionMs, leastRate: 200 / (retentionMs / 1000) });
    const watchMs =
      healthyMs.most + untilLost(retentionMs, share) * 1.1 + cluster.topicConfig.segmentMs + 10 * minuteMs;
    return {
      cluster,
      ...slowsDown(random, cluster, share),
      watchMs,
      endsWhen: endsAfterLoss,
      ...drawMonitor(random, watchMs),
    };
  },
};

const alreadyFarBehind: CaseKind = {
  name: 'was far behind when tidemark came, and falls further',
  codes: ['will-lose-data'],
  weight: 3,
  draw(random) {
    const retentionMs = random.logBetween(3 * hourMs, 7 * dayMs);
    const share = drawSlowness(random);
    const crossesAfterMs = random.between(20 * minuteMs, 80 * minuteMs);
    const behindMs = Math.max(0, retentionMs * (1 - (1 - share) / 2) - (1 - share) * crossesAfterMs);
    const consume = (produced: number) => () => share * produced;
    const cluster = drawCluster(random, { retentionMs, behindMs, consume, leastRate: 300 / (retentionMs / 1000) });
    cluster.timestampDelayMs = 0;
    const watchMs = crossesAfterMs + 90 * minuteMs;
    return { cluster, watchMs, endsWhen: endsAfterLoss, ...drawMonitor(random, watchMs) };
  },
};

const bySize: CaseKind = {
  name: 'loses by retention.bytes',
  codes: loss,
  weight: 2,
  draw(random) {
    const fillMs = random.logBetween(20 * minuteMs, 6 * hourMs);
    const share = drawSlowness(random);
    const rate = random.logBetween(1, 100_000);
    const cluster = drawCluster(random, { retentionMs: 7 * dayMs, rate, partitions: random.integer(1, 2) });
    const retentionBytes = Math.round((rate * cluster.recordBytes * fillMs) / 1000);
    cluster.topicConfig.retentionBytes = retentionBytes;
    cluster.topicConfig.segmentBytes = Math.max(2 ** 16, Math.round(retentionBytes / random.between(4, 20)));
    cluster.topicConfig.segmentMs = 7 * dayMs;
    cluster.checkIntervalMs = random.between(5000, Math.min(5 * minuteMs, fillMs / 20));
    cluster.pastMs = Math.min(dayMs, 1.5 * fillMs);
    const watchMs = healthyMs.most + untilLost(fillMs, share) * 1.2 + 10 * minuteMs;
    return {
      cluster,
      ...slowsDown(random, cluster, share),
      watchMs,
      endsWhen: endsAfterLoss,
      ...drawMonitor(random, watchMs),
    };
  },
};

const burst: CaseKind = {
  name: 'more is produced than it can read',
  codes: loss,
  weight: 2,
  draw(random) {
    const retentionMs = random.logBetween(20 * minuteMs, 2 * hourMs);
    const growsAtMs = random.between(healthyMs.least, healthyMs.most);
    const times = random.between(2, 6);
    const cluster = drawCluster(random, {
      ...{ retentionMs, leastRate: 200 / (retentionMs / 1000) },
      shape: (sinceStartMs) => (sinceStartMs < growsAtMs ? 1 : times),
      consume: (produced) => () => produced * 1.6,
    });
    const watchMs = growsAtMs + untilLost(retentionMs, 1.6 / times) * 1.2 + cluster.topicConfig.segmentMs;
    return {
      cluster,
      watchMs: Math.min(watchMs, 12 * hourMs),
      endsWhen: endsAfterLoss,
      ...drawMonitor(random, watchMs),
    };
  },
};

const hangs: CaseKind = {
  name: 'hangs or goes until retention takes what it left',
  codes: loss,
  weight: 2,
  draw(random) {
    const retentionMs = random.logBetween(15 * minuteMs, 3 * hourMs);
    const stopsAtMs = random.between(healthyMs.least, healthyMs.most);
    const leaves = random.chance(0.5);
    const cluster = drawCluster(random, { retentionMs, leastRate: 200 / (retentionMs / 1000) });
    const watchMs = stopsAtMs + retentionMs + cluster.topicConfig.segmentMs + 15 * minuteMs;
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        if (leaves) simulated.group.leave(simulated.nowMs);
        else simulated.group.standing = true;
      });
    };
    return { cluster, script, watchMs, endsWhen: endsAfterLoss, ...drawMonitor(random, watchMs) };
  },
};

export const lossKinds: readonly CaseKind[] = [slowUnderShortRetention, alreadyFarBehind, bySize, burst, hangs];
