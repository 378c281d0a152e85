/** What is written to topics, and what is changed about them. */
import type { CaseKind } from '../case.ts';
import { hourMs, minuteMs, type TopicPlan } from '../plan.ts';
import { drawCluster, drawLasting, groupsOf, kindOf, truncating } from './drawing.ts';

const afterMs = 10 * minuteMs;
const deadLetterTopics = ['orders.dlq', 'orders-dlt', 'billing.orders.DLQ', 'dlq_orders', 'billing-dead-letters'];

/** A dead letter topic that nothing is written to; else like the one that the case is about. */
export function idleDeadLetters({ config, ...plan }: TopicPlan, topic: string = deadLetterTopics[0]!): TopicPlan {
  return { ...plan, topic, config: { ...config }, produce: [() => 0], transactionEveryMs: 0 };
}

const deadLetters = kindOf('gives up on records, and puts them aside', ['dead-letter-growing'], (random) => {
  const cluster = drawLasting(random, { leastRate: 0.1 });
  const fromMs = random.between(10, 30) * minuteMs;
  const toMs = fromMs + random.between(5, 30) * minuteMs;
  const rate = random.logBetween(0.01, 100);
  const before = random.pick([0, 0.01]);
  const topic = idleDeadLetters(cluster.topic, random.pick(deadLetterTopics));
  topic.produce = [(ms) => (ms >= fromMs && ms < toMs ? rate : ms < 0 ? before : 0)];
  cluster.besides.topics = [...cluster.besides.topics, topic];
  return { cluster, watchMs: toMs + 2 * afterMs };
});

const skewedKeys = kindOf('most records have one key', ['partition-skew'], (random) => {
  const cluster = drawLasting(random, { partitions: random.integer(3, 8), leastRate: 20 });
  const fromMs = random.chance(0.5) ? Number.NEGATIVE_INFINITY : random.between(15, 40) * minuteMs;
  const { topic } = cluster;
  const times = random.between(8, 50);
  const rates = topic.produce.map((rate) => rate(0) / times);
  const hot = random.integer(0, rates.length - 1);
  topic.produce = rates.map(
    (rate, partition) => (ms) => rate * (partition === hot && ms >= fromMs ? times * rates.length : 1),
  );
  const able = 4 * times * rates.length * Math.max(1, ...rates);
  for (const group of groupsOf(cluster)) {
    group.subscriptions = group.subscriptions.map((reads) =>
      reads.topic === topic.topic ? { ...reads, consume: rates.map(() => () => able) } : reads,
    );
  }
  return { cluster, watchMs: Math.max(0, fromMs) + 50 * minuteMs };
});

const shortened = kindOf('somebody shortens the retention of what is not read', ['retention-shortened'], (random) => {
  const behindMs = random.between(3, 10) * hourMs;
  const cluster = drawCluster(random, {
    ...{ retentionMs: 48 * hourMs, behindMs, leastRate: 1, neighbours: 1 },
    consume: (produced) => () => produced,
  });
  const { config, recordBytes, produce } = cluster.topic;
  // What it lags by stays as it is, until then.
  cluster.noise = 0;
  const atMs = random.between(15, 40) * minuteMs;
  const share = random.between(0.1, 0.6);
  const bySize = random.chance(0.3);
  return {
    // Who then rides the edge of retention is another story (losses.ts).
    ...{ cluster, watchMs: atMs + 3 * minuteMs },
    script: (simulated) => {
      simulated.at(atMs, () => {
        const keptMs = share * behindMs;
        const bytes = Math.round((recordBytes * produce[0]!(0) * keptMs) / 1000);
        Object.assign(simulated.topic.config, bySize ? { retentionBytes: bytes } : { retentionMs: keptMs });
        // Whoever sets the one mostly sets the other.
        config.segmentMs = Math.min(config.segmentMs, keptMs / 4);
      });
    },
  };
});

const morePartitions = kindOf('gets more partitions', ['partitions-added'], (random) => {
  const cluster = drawLasting(random, { type: 'classic' });
  const atMs = random.between(10, 30) * minuteMs;
  return {
    ...{ cluster, watchMs: atMs + afterMs },
    script: (simulated) => {
      const { topic, groups } = simulated;
      const added = Array.from({ length: random.integer(1, 4) }, () => topic.plan.produce[0]!);
      simulated.at(atMs, () => {
        topic.addPartitions(added, simulated.nowMs);
        for (const group of groups) {
          if (!group.subscribed.has(topic.topic)) continue;
          group.seePartitions(topic, group.plan.subscriptions[0]!.consume[0]!);
          group.beginRebalance(simulated.nowMs, true);
        }
      });
      simulated.at(atMs + 3000, () => {
        for (const group of groups) if (group.state !== 'Stable') group.settle(simulated.nowMs, 0);
      });
    },
  };
});

const truncated = truncating('an unclean election cuts the end of a log', 'log-truncated', afterMs);

export const topicKinds: readonly CaseKind[] = [deadLetters, skewedKeys, shortened, morePartitions, truncated];
