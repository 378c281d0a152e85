/** Groups that retention overtakes, or would. */
import type { CaseKind, Story } from '../case.ts';
import { type ClusterPlan, dayMs, hourMs, minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, kindOf, readsOf } from './drawing.ts';

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

function slowsDown(random: Random, plan: ClusterPlan, share: number): Pick<Story, 'script'> {
  const atMs = random.between(healthyMs.least, healthyMs.most);
  return {
    script: (cluster) => {
      cluster.at(atMs, () => {
        for (const reader of cluster.group.readers) {
          const produce = plan.topic.produce[reader.state.partition]!;
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

const slowUnderShortRetention = kindOf(
  'slows down under a short retention',
  loss,
  (random) => {
    const retentionMs = random.logBetween(15 * minuteMs, 3 * hourMs);
    const share = drawSlowness(random);
    const cluster = drawCluster(random, { retentionMs, leastRate: 200 / (retentionMs / 1000) });
    const watchMs =
      healthyMs.most + untilLost(retentionMs, share) * 1.1 + cluster.topic.config.segmentMs + 10 * minuteMs;
    return { cluster, ...slowsDown(random, cluster, share), watchMs, endsWhen: endsAfterLoss };
  },
  3,
);

const alreadyFarBehind = kindOf(
  'was far behind when tidemark came, and falls further',
  ['will-lose-data'],
  (random) => {
    const retentionMs = random.logBetween(3 * hourMs, 7 * dayMs);
    const share = drawSlowness(random);
    const crossesAfterMs = random.between(20 * minuteMs, 80 * minuteMs);
    const behindMs = Math.max(0, retentionMs * (1 - (1 - share) / 2) - (1 - share) * crossesAfterMs);
    const consume = (produced: number) => () => share * produced;
    const cluster = drawCluster(random, { retentionMs, behindMs, consume, leastRate: 300 / (retentionMs / 1000) });
    cluster.topic.timestampDelayMs = 0;
    return { cluster, watchMs: crossesAfterMs + 90 * minuteMs, endsWhen: endsAfterLoss };
  },
  3,
);

const bySize = kindOf(
  'loses by retention.bytes',
  loss,
  (random) => {
    const fillMs = random.logBetween(20 * minuteMs, 6 * hourMs);
    const share = drawSlowness(random);
    const rate = random.logBetween(1, 100_000);
    const cluster = drawCluster(random, { retentionMs: 7 * dayMs, rate, partitions: random.integer(1, 2) });
    const { config, recordBytes } = cluster.topic;
    config.retentionBytes = Math.round((rate * recordBytes * fillMs) / 1000);
    config.segmentBytes = Math.max(2 ** 16, Math.round(config.retentionBytes / random.between(4, 20)));
    config.segmentMs = 7 * dayMs;
    cluster.checkIntervalMs = random.between(5000, Math.min(5 * minuteMs, fillMs / 20));
    cluster.pastMs = Math.min(dayMs, 1.5 * fillMs);
    const watchMs = healthyMs.most + untilLost(fillMs, share) * 1.2 + 10 * minuteMs;
    return { cluster, ...slowsDown(random, cluster, share), watchMs, endsWhen: endsAfterLoss };
  },
  2,
);

const burst = kindOf(
  'more is produced than it can read',
  loss,
  (random) => {
    const retentionMs = random.logBetween(20 * minuteMs, 2 * hourMs);
    const growsAtMs = random.between(healthyMs.least, healthyMs.most);
    const times = random.between(2, 6);
    const cluster = drawCluster(random, {
      ...{ retentionMs, leastRate: 200 / (retentionMs / 1000) },
      shape: (sinceStartMs) => (sinceStartMs < growsAtMs ? 1 : times),
      consume: (produced) => () => produced * 1.6,
    });
    // Those beside it can read even that: at the edge nobody could say whether they are well.
    for (const group of cluster.besides.groups) {
      if (group.subscriptions[0]!.topic !== cluster.topic.topic) continue;
      group.subscriptions = [readsOf(cluster.topic, (rate) => () => Math.max(1, rate * times * 2))];
    }
    const watchMs = growsAtMs + untilLost(retentionMs, 1.6 / times) * 1.2 + cluster.topic.config.segmentMs;
    return { cluster, watchMs: Math.min(watchMs, 12 * hourMs), endsWhen: endsAfterLoss };
  },
  2,
);

const hangs = kindOf(
  'hangs or goes until retention takes what it left',
  loss,
  (random) => {
    const retentionMs = random.logBetween(15 * minuteMs, 3 * hourMs);
    const stopsAtMs = random.between(healthyMs.least, healthyMs.most);
    const leaves = random.chance(0.5);
    const cluster = drawCluster(random, { retentionMs, leastRate: 200 / (retentionMs / 1000) });
    const watchMs = stopsAtMs + retentionMs + cluster.topic.config.segmentMs + 15 * minuteMs;
    const script = (simulated: SimulatedCluster) => {
      simulated.at(stopsAtMs, () => {
        if (leaves) simulated.group.leave(simulated.nowMs);
        else simulated.group.standing = true;
      });
    };
    return { cluster, script, watchMs, endsWhen: endsAfterLoss };
  },
  2,
);

export const lossKinds: readonly CaseKind[] = [slowUnderShortRetention, alreadyFarBehind, bySize, burst, hangs];
