/** Groups that fall behind, at once or slowly, or only where a key is hot. */
import { policy } from '../../support/rule-rows.ts';
import type { CaseKind } from '../case.ts';
import { dayMs, hourMs, minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { drawCluster, kindOf, readsOf } from './drawing.ts';

/** Retention that plays no part. */
const longRetention = { retentionMs: 7 * dayMs };

function drawMoment(random: Random): number {
  return random.between(30, 70) * minuteMs;
}

/** From then on the group reads a share of what comes. */
function slowsDown(simulated: SimulatedCluster, atMs: number, share: number): void {
  simulated.at(atMs, () => {
    for (const reader of simulated.group.readers) {
      const { produce } = reader.state;
      reader.consume = (sinceStartMs) => share * produce(sinceStartMs);
    }
  });
}

const fallsBehind = kindOf('reads less than comes', ['lagging'], (random) => {
  const atMs = drawMoment(random);
  const share = random.between(0.1, 0.8);
  return {
    cluster: drawCluster(random, { ...longRetention, leastRate: 1 }),
    watchMs: atMs + 60 * minuteMs,
    script: (simulated) => slowsDown(simulated, atMs, share),
  };
});

const breaksPromise = kindOf('is later than its owner promised', ['slo-breached'], (random) => {
  const atMs = drawMoment(random);
  const share = random.pick([0, random.between(0.1, 0.8)]);
  const sloLagSeconds = Math.round(random.logBetween(120, 1200));
  const sloSeverity = random.pick(['warning', 'warning', 'critical']);
  return {
    cluster: drawCluster(random, { ...longRetention, leastRate: 0.2 }),
    watchMs: atMs + (sloLagSeconds * 1000) / (1 - share) + 20 * minuteMs,
    policies: [policy({ match: { group: 'billing' }, sloLagSeconds, sloSeverity })],
    script: (simulated) => slowsDown(simulated, atMs, share),
  };
});

const bulkLoad = kindOf('a bulk load comes at once', ['lag-cliff'], (random) => {
  const atMs = drawMoment(random);
  const lastsMs = random.between(20, 60) * 1000;
  const times = random.logBetween(100, 1000);
  return {
    cluster: drawCluster(random, {
      ...{ ...longRetention, rate: random.logBetween(5, 1000) },
      shape: (sinceStartMs) => (sinceStartMs >= atMs && sinceStartMs < atMs + lastsMs ? times : 1),
    }),
    watchMs: atMs + 30 * minuteMs,
  };
});

const hotKey = kindOf('one partition gets most, more than its member can read', ['hot-partition'], (random) => {
  const atMs = drawMoment(random);
  const cluster = drawCluster(random, {
    ...{ ...longRetention, partitions: random.integer(4, 8), rate: random.logBetween(5, 5000) },
  });
  const factor = random.between(12, 40);
  const [first, ...others] = cluster.topic.produce;
  cluster.group.subscriptions = [readsOf(cluster.topic, (rate) => () => rate * 4)];
  cluster.topic.produce = [(sinceStartMs) => first!(sinceStartMs) * (sinceStartMs < atMs ? 1 : factor), ...others];
  return { cluster, watchMs: atMs + 50 * minuteMs };
});

const staysLate = kindOf('keeps its lag in records while less comes', ['commit-delay-rising'], (random) => {
  const atMs = drawMoment(random);
  const behindMs = random.between(4, 12) * minuteMs;
  const share = random.between(0.1, 0.4);
  const shape = (sinceStartMs: number) => (sinceStartMs < atMs ? 1 : share);
  const cluster = drawCluster(random, {
    ...{ ...longRetention, rate: random.logBetween(5, 5000), behindMs, shape },
    consume: (produced) => (sinceStartMs) => produced * shape(sinceStartMs),
  });
  cluster.noise = 0;
  cluster.pastMs = Math.max(cluster.pastMs, 3 * hourMs);
  return { cluster, watchMs: atMs + 60 * minuteMs };
});

export const lagKinds: readonly CaseKind[] = [fallsBehind, breaksPromise, bulkLoad, hotKey, staysLate];
