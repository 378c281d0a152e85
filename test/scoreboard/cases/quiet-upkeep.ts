/** Quiet cases of topics, brokers, disks and controllers: what operators do on a good day. */
import type { CaseKind } from '../case.ts';
import { hourMs, minuteMs } from '../plan.ts';
import type { Random } from '../random.ts';
import type { Disk, SimulatedCluster, Voter } from '../simulated-cluster.ts';
import { brokerIds, type PartitionState } from '../simulated-topic.ts';
import { fallsBehind } from './blindness.ts';
import { fillFrom } from './brokers.ts';
import { atRandom, quiet } from './quiet.ts';
import { idleDeadLetters } from './topics.ts';
import { holdsTransaction } from './transactions.ts';

/** What the logs of a broker take at most, while retention deletes whole segments at its checks. */
function mostLogBytes({ topics, plan }: SimulatedCluster, { brokerId }: Disk): number {
  const own = topics.flatMap(({ partitions }) => partitions).filter(({ replicas }) => replicas.includes(brokerId));
  const bytes = own.map(({ produce, topic: { config, plan: topic } }) => {
    const keptMs = config.retentionMs + config.segmentMs + plan.checkIntervalMs;
    return (produce(0) * topic.recordBytes * keptMs) / 1000;
  });
  return bytes.reduce((sum, one) => sum + one, 0);
}

/** Moves a partition to another set of replicas, as a reassignment does: adds, catches up, hands over, drops. */
function reassign(simulated: SimulatedCluster, state: PartitionState, atMs: number, lastsMs: number): void {
  simulated.at(atMs, () => {
    const added = brokerIds.filter((id) => !state.replicas.includes(id));
    state.addingReplicas = added;
    state.replicas = [...added, ...state.replicas];
  });
  simulated.at(atMs + lastsMs, () => {
    const kept = state.replicas.slice(0, -state.addingReplicas.length);
    Object.assign(state, { replicas: kept, inSyncReplicas: kept, addingReplicas: [] });
    if (kept[0] !== state.leader) Object.assign(state, { leader: kept[0], leaderEpoch: state.leaderEpoch + 1 });
  });
}

/** Controllers that are no brokers, restarted one after the other: each new leader is elected once. */
function rollControllers(simulated: SimulatedCluster, random: Random, watchMs: number): void {
  const { quorum } = simulated;
  quorum.voters = brokerIds.map((id): Voter => ({ brokerId: 3000 + id, lag: 0, silentSinceMs: null }));
  quorum.leaderId = 3001;
  atRandom(random, 4 * hourMs, watchMs - 30 * minuteMs, (fromMs) => {
    for (const [index, voter] of quorum.voters.entries()) {
      const atMs = fromMs + index * 5 * minuteMs;
      const lastsMs = random.between(30, 120) * 1000;
      // What is created meanwhile it reads in one go.
      fallsBehind(simulated, voter, { fromMs: atMs, toMs: atMs + lastsMs, perSecond: 50, isSilent: true });
      simulated.at(atMs, () => {
        if (quorum.leaderId !== voter.brokerId) return;
        quorum.leaderId = quorum.voters[(index + 1) % quorum.voters.length]!.brokerId;
        quorum.leaderEpoch++;
      });
    }
  });
}

export const quietUpkeepKinds: readonly CaseKind[] = [
  quiet('retention empties the disks that it fills', {
    wish: (random) => ({ retentionMs: random.logBetween(2 * hourMs, 8 * hourMs), replicationFactor: 3 }),
    change: (plan) => {
      plan.pastMs = 1.5 * (plan.topic.config.retentionMs + plan.topic.config.segmentMs);
    },
    script: (cluster, random) => {
      for (const disk of cluster.disks) {
        const totalBytes = mostLogBytes(cluster, disk) / random.between(0.2, 0.5);
        Object.assign(disk, { totalBytes, otherBytes: random.between(0, 0.1) * totalBytes });
      }
    },
  }),
  quiet('a disk gets more, once', {
    script: (cluster, random, watchMs) => {
      const lastsMs = random.between(0.2, 3) * hourMs;
      const fromMs = random.between(0.1, 0.5) * watchMs;
      const disk = random.pick(cluster.disks);
      const perMinute = (random.between(0.1, 0.25) * minuteMs) / lastsMs;
      fillFrom(cluster, disk, { fromMs, toMs: fromMs + lastsMs, perMinute });
    },
  }),
  quiet('controllers restarted in turn, apart from brokers', { script: rollControllers }),
  quiet('settings read late, and for the first time', {
    script: (cluster, random) => {
      for (const collector of ['topic-configs', 'broker-configs'] as const) {
        cluster.failing.add(collector);
        cluster.at(random.between(5, 100) * 1000, () => cluster.failing.delete(collector));
      }
    },
    watchMs: 4 * hourMs,
  }),
  quiet('retention shortened while all keep up', {
    script: (cluster, random, watchMs) => {
      const { topic } = cluster;
      const { retentionMs, segmentMs } = topic.config;
      const share = random.between(0.3, 0.8);
      const change = { retentionMs: share * retentionMs, segmentMs: share * segmentMs };
      cluster.at(random.between(0.1, 0.8) * watchMs, () => Object.assign(topic.config, change));
    },
    watchMs: 6 * hourMs,
  }),
  quiet('a topic re-created with other settings', {
    wish: () => ({ type: 'classic' }),
    script: (cluster, random, watchMs) => {
      const { topic } = cluster;
      const atMs = random.between(0.2, 0.8) * watchMs;
      const backAtMs = atMs + random.between(5, 60) * 1000;
      cluster.at(atMs, () => cluster.deleteTopic(topic));
      cluster.at(backAtMs, () => {
        Object.assign(topic.config, { retentionMs: topic.config.retentionMs / 2 });
        cluster.recreateTopic(topic);
        topic.addPartitions([topic.plan.produce[0]!], cluster.nowMs);
        for (const group of cluster.groups) {
          group.seePartitions(topic, group.plan.subscriptions[0]!.consume[0]!);
          group.beginRebalance(cluster.nowMs, true);
        }
      });
      cluster.at(backAtMs + 3000, () => {
        for (const group of cluster.groups) group.settle(cluster.nowMs, 0);
      });
    },
    watchMs: 6 * hourMs,
  }),
  quiet('dead letters from long ago', {
    change: (plan) => {
      const { topic, besides } = plan;
      besides.topics = [...besides.topics, { ...idleDeadLetters(topic), produce: [(ms) => (ms < 0 ? 0.01 : 0)] }];
    },
  }),
  quiet('partitions moved from broker to broker', {
    wish: () => ({ replicationFactor: 2 }),
    script: (cluster, random, watchMs) => {
      const fromMs = random.between(0.1, 0.4) * watchMs;
      for (const [index, state] of cluster.topic.partitions.entries()) {
        reassign(cluster, state, fromMs + index * 10 * minuteMs, random.between(1, 60) * minuteMs);
      }
    },
    watchMs: 6 * hourMs,
  }),
  quiet('long transactions that end in time', {
    wish: () => ({ leastRate: 0.1 }),
    change: ({ topic }) => Object.assign(topic, { transactionEveryMs: 0 }),
    script: (cluster, random, watchMs) => {
      for (const state of cluster.topic.partitions) {
        atRandom(random, hourMs, watchMs, (atMs) => {
          holdsTransaction(cluster, state, { atMs, lastsMs: random.between(1, 13) * minuteMs });
        });
      }
    },
    watchMs: 6 * hourMs,
  }),
];
