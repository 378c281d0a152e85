/** Controllers that fail, and what tidemark cannot or may not read. */
import type { CaseKind } from '../case.ts';
import { hourMs, minuteMs } from '../plan.ts';
import type { SimulatedCluster, Voter } from '../simulated-cluster.ts';
import { losesDirectory } from './brokers.ts';
import { drawLasting, kindOf } from './drawing.ts';

const afterMs = 10 * minuteMs;
const stepMs = 10_000;

/** A voter lacks more and more from one moment on; from another it has caught up. */
export function fallsBehind(
  simulated: SimulatedCluster,
  voter: Voter,
  { fromMs, toMs, perSecond, isSilent }: { fromMs: number; toMs: number; perSecond: number; isSilent: boolean },
): void {
  const step = () => {
    if (simulated.sinceStartMs >= toMs) {
      Object.assign(voter, { lag: 0, silentSinceMs: null });
      return;
    }
    voter.lag += Math.round((perSecond * stepMs) / 1000);
    if (isSilent) voter.silentSinceMs ??= simulated.nowMs;
    simulated.at(simulated.sinceStartMs + stepMs, step);
  };
  simulated.at(fromMs, step);
}

const lameVoter = kindOf('a controller does not follow', ['quorum-unhealthy'], (random) => {
  const fromMs = random.between(5, 20) * minuteMs;
  const toMs = fromMs + random.between(15, 40) * minuteMs;
  const isSilent = random.chance(0.6);
  // The metadata log grows by two records a second, and by more where much is created.
  const perSecond = isSilent ? random.between(2, 20) : random.between(5, 50);
  return {
    cluster: drawLasting(random),
    watchMs: toMs + afterMs,
    script: (simulated) => {
      const voter = random.pick(simulated.quorum.voters.filter(({ brokerId }) => brokerId !== 1));
      fallsBehind(simulated, voter, { fromMs, toMs, perSecond, isSilent });
    },
  };
});

const restless = kindOf('the controllers elect a leader again and again', ['quorum-unhealthy'], (random) => {
  const fromMs = random.between(5, 20) * minuteMs;
  const elections = random.integer(5, 12);
  const everyMs = random.between(1, 9) * minuteMs;
  return {
    cluster: drawLasting(random),
    watchMs: fromMs + elections * everyMs + afterMs,
    script: (simulated) => {
      const { quorum } = simulated;
      for (let election = 0; election < elections; election++) {
        simulated.at(fromMs + election * everyMs, () => {
          quorum.leaderEpoch++;
          quorum.leaderId = (quorum.leaderId % 3) + 1;
        });
      }
    },
  };
});

const frozen = kindOf('a broker lives and does not answer', ['collector-failing'], (random) => {
  const atMs = random.between(5, 20) * minuteMs;
  const backMs = atMs + random.between(2, 20) * minuteMs;
  return {
    cluster: drawLasting(random, { replicationFactor: 3 }),
    watchMs: backMs + afterMs,
    script: (simulated) => {
      const broker = simulated.topic.partitions[0]!.leader!;
      simulated.at(atMs, () => simulated.frozen.add(broker));
      simulated.at(backMs, () => simulated.frozen.delete(broker));
    },
  };
});

const unanswered = kindOf('one kind of request is not answered', ['collector-failing'], (random) => {
  const atMs = random.between(5, 20) * minuteMs;
  const backMs = atMs + random.between(6, 20) * minuteMs;
  const collector = random.pick(['end-offsets', 'committed-offsets', 'group-membership', 'topic-configs', 'log-dirs']);
  return {
    cluster: drawLasting(random),
    watchMs: backMs + afterMs,
    script: (simulated) => {
      simulated.at(atMs, () => simulated.failing.add(collector));
      simulated.at(backMs, () => simulated.failing.delete(collector));
    },
  };
});

const heldTooLong = kindOf('what was wrong cannot be looked at for hours', ['data-missing'], (random) => {
  const isDisk = random.chance(0.5);
  const atMs = random.between(5, 15) * minuteMs;
  const blindMs = atMs + random.between(5, 20) * minuteMs;
  const backMs = blindMs + hourMs + random.between(5, 40) * minuteMs;
  const cluster = drawLasting(random, { partitions: random.integer(1, 2), neighbours: 0, replicationFactor: 3 });
  cluster.topic.config.minInSyncReplicas = isDisk ? 1 : 3;
  return {
    ...{ cluster, watchMs: backMs + afterMs },
    script: (simulated) => {
      const broker = simulated.topic.partitions[0]!.replicas.at(-1)!;
      const disk = simulated.disks.find(({ brokerId }) => brokerId === broker)!;
      simulated.at(atMs, () => (isDisk ? losesDirectory(simulated, disk) : simulated.shrinkInSync(broker)));
      simulated.at(blindMs, () => (isDisk ? simulated.failing.add('log-dirs') : setReachable(simulated, false)));
      simulated.at(backMs, () => (isDisk ? simulated.failing.delete('log-dirs') : setReachable(simulated, true)));
    },
  };
});

function setReachable(simulated: SimulatedCluster, reachable: boolean): void {
  simulated.reachable = reachable;
}

const notAllowed = kindOf('tidemark may not read all', ['permission-missing'], (random) => {
  const atMs = random.chance(0.5) ? 0 : random.between(5, 20) * minuteMs;
  const what = random.pick(['cluster', 'topics']);
  const operation = what === 'cluster' ? random.pick(['describe', 'describeConfigs']) : 'describeConfigs';
  return {
    cluster: drawLasting(random),
    watchMs: atMs + 20 * minuteMs,
    script: (simulated) => {
      const { allowed } = simulated;
      const take = () => {
        allowed[what] = allowed[what].filter((one) => one !== operation);
      };
      if (atMs === 0) take();
      else simulated.at(atMs, take);
    },
  };
});

export const blindnessKinds: readonly CaseKind[] = [
  ...[lameVoter, restless, frozen, unanswered],
  ...[heldTooLong, notAllowed],
];
