/** Members that are too many, partitions that nobody has, rebalances that do not end, and what was left behind. */
import type { CaseKind } from '../case.ts';
import { minuteMs } from '../plan.ts';
import { drawLasting, kindOf } from './drawing.ts';

const afterMs = 10 * minuteMs;

const rebalancesForEver = kindOf('a rebalance does not end', ['stuck-rebalance'], (random) => {
  const atMs = random.between(5, 40) * minuteMs;
  const lastsMs = random.between(8, 40) * minuteMs;
  return {
    cluster: drawLasting(random, { members: random.integer(1, 4), partitions: 4 }),
    watchMs: atMs + lastsMs + afterMs,
    script: (cluster) => {
      cluster.at(atMs, () => cluster.group.beginRebalance(cluster.nowMs, false));
      cluster.at(atMs + lastsMs, () => cluster.group.settle(cluster.nowMs, random.integer(0, 1)));
    },
  };
});

const tooManyMembers = kindOf('has more members than partitions', ['idle-members'], (random) => {
  const partitions = random.integer(1, 4);
  const atMs = random.between(5, 40) * minuteMs;
  return {
    cluster: drawLasting(random, { partitions, members: random.integer(1, partitions) }),
    watchMs: atMs + 30 * minuteMs,
    script: (cluster) => {
      cluster.at(atMs, () => cluster.group.join(partitions + random.integer(1, 5)));
    },
  };
});

const leftOut = kindOf('an assignor leaves partitions out', ['unassigned-partitions'], (random) => {
  const atMs = random.between(5, 40) * minuteMs;
  const lastsMs = random.between(10, 60) * minuteMs;
  return {
    cluster: drawLasting(random, { partitions: random.integer(2, 6) }),
    watchMs: atMs + lastsMs + afterMs,
    script: (cluster) => {
      const { group } = cluster;
      const left = group.readers.filter((_, index) => index === 0 || random.chance(0.3));
      const assignWithout = (isLeftOut: boolean) => {
        for (const reader of left) Object.assign(reader, { isLeftOut });
        group.settle(cluster.nowMs, 0);
      };
      cluster.at(atMs, () => assignWithout(true));
      cluster.at(atMs + lastsMs, () => assignWithout(false));
    },
  };
});

const leftBehind = kindOf('nobody has read it since before tidemark came', ['abandoned-group'], (random) => ({
  cluster: drawLasting(random, { leastRate: 1 / 60 }),
  watchMs: random.between(80, 150) * minuteMs,
  script: (cluster) => cluster.group.leave(cluster.nowMs),
}));

const dropsTopic = kindOf('no longer reads one of its topics', ['dropped-topic'], (random) => {
  const atMs = random.between(5, 40) * minuteMs;
  return {
    cluster: drawLasting(random, { leastRate: 0.05, readsTwoTopics: true }),
    watchMs: atMs + 60 * minuteMs,
    script: (cluster) => cluster.at(atMs, () => cluster.group.unsubscribe(cluster.topic.topic)),
  };
});

export const membershipKinds: readonly CaseKind[] = [
  ...[rebalancesForEver, tooManyMembers, leftOut, leftBehind, dropsTopic],
];
