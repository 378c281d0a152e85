/** What is asking for trouble. */
import type { CaseKind } from '../case.ts';
import { minuteMs } from '../plan.ts';
import { drawLasting, kindOf } from './drawing.ts';

const afterMs = 5 * minuteMs;

const atTheMinimum = kindOf('a replica is missing, and no other may', ['at-min-isr'], (random) => {
  const atMs = random.between(3, 15) * minuteMs;
  const backMs = atMs + random.between(7, 30) * minuteMs;
  const isDown = random.chance(0.5);
  const cluster = drawLasting(random, { replicationFactor: 3 });
  cluster.topic.config.minInSyncReplicas = 2;
  return {
    ...{ cluster, watchMs: backMs + afterMs },
    script: (simulated) => {
      const broker = simulated.topic.partitions[0]!.replicas.at(-1)!;
      simulated.at(atMs, () => (isDown ? simulated.stopBroker(broker) : simulated.shrinkInSync(broker)));
      simulated.at(backMs, () => (isDown ? simulated.startBroker(broker, 20_000) : simulated.growInSync(broker)));
    },
  };
});

const ledByAnother = kindOf('nobody gives leadership back', ['not-preferred-leader'], (random) => {
  const atMs = random.between(3, 15) * minuteMs;
  return {
    cluster: drawLasting(random, { replicationFactor: random.integer(2, 3) }),
    watchMs: atMs + random.between(20, 40) * minuteMs,
    script: (simulated) => simulated.at(atMs, () => simulated.moveLeader(random.pick(simulated.topic.partitions))),
  };
});

const oneCopy = kindOf('has one replica', ['single-replica'], (random) => ({
  cluster: drawLasting(random, { replicationFactor: 1 }),
  watchMs: afterMs,
}));

const uncleanAllowed = kindOf('may elect whoever is left', ['unclean-election-allowed'], (random) => {
  const cluster = drawLasting(random, { replicationFactor: random.integer(2, 3) });
  const atMs = random.between(0, 15) * minuteMs;
  return {
    ...{ cluster, watchMs: atMs + 2 * afterMs },
    script: (simulated) => {
      simulated.at(atMs, () => Object.assign(simulated.topic.config, { uncleanLeaderElection: true }));
    },
  };
});

export const lintKinds: readonly CaseKind[] = [atTheMinimum, ledByAnother, oneCopy, uncleanAllowed];
