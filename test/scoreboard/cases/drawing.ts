import type { CaseKind, MonitorPlan, Story } from '../case.ts';
import {
  type ClusterPlan,
  dayMs,
  type GroupPlan,
  hourMs,
  minuteMs,
  type Rate,
  type Subscription,
  type TopicPlan,
} from '../plan.ts';
import type { PollPlan } from '../poller.ts';
import type { Random } from '../random.ts';

/** Ten messages an hour to 100,000 a second. */
const rates = { least: 10 / 3600, most: 100_000 };
const offsetsRetentionMs = 7 * dayMs;
const transactionMaxTimeoutMs = 15 * minuteMs;

export interface Wish {
  /** Records/s of the partition that gets most. */
  rate?: number;
  leastRate?: number;
  partitions?: number;
  retentionMs?: number;
  /** How the rate of each partition goes over time, as a factor. */
  shape?: Rate;
  members?: number;
  type?: GroupPlan['type'];
  commitEveryMs?: number;
  behindMs?: number;
  /** What the group can read of a partition, records/s, given what is produced to it. */
  consume?: (produced: number) => Rate;
  replicationFactor?: number;
  /** There is another topic in any case, and the group that the case is about reads it too. */
  readsTwoTopics?: boolean;
  /** Groups beside the one that the case is about. */
  neighbours?: number;
  /** Neighbours are drawn by the same wish and read the same topic; else they are healthy, and some read another. */
  neighboursAlike?: boolean;
}

/** A kind of case from what differs: its story. How tidemark watches is drawn, where the story does not say. */
export function kindOf(
  name: string,
  codes: readonly string[],
  tell: (random: Random) => Story & Partial<MonitorPlan>,
  weight = 1,
): CaseKind {
  return {
    ...{ name, codes, weight },
    draw(random) {
      const story = tell(random);
      return { ...drawMonitor(random, story.watchMs), ...story };
    },
  };
}

/** A healthy cluster within the wish; all else is drawn. */
export function drawCluster(random: Random, wish: Wish = {}): ClusterPlan {
  const topic = drawTopic(random, 'orders', wish);
  const { retentionMs } = topic.config;
  const group = drawGroup(random, 'billing', topic, wish);
  const count = wish.neighbours ?? random.integer(0, 2);
  const hasOther = wish.readsTwoTopics || (count > 0 && !wish.neighboursAlike && random.chance(0.4));
  const other = hasOther ? [drawTopic(random, 'payments', quiet)] : [];
  if (wish.readsTwoTopics) group.subscriptions = [...group.subscriptions, readsOf(other[0]!, ample(random))];
  const neighbours = Array.from({ length: count }, (_, index) => {
    const reads = other[0] !== undefined && random.chance(0.5) ? other[0] : topic;
    return drawGroup(random, `neighbour-${index + 1}`, reads, wish.neighboursAlike ? wish : {});
  });
  return {
    ...{ topic, group, besides: { topics: other, groups: neighbours } },
    checkIntervalMs: retentionMs < hourMs ? random.between(2000, 20_000) : 5 * minuteMs,
    ...{ offsetsRetentionMs, transactionMaxTimeoutMs },
    noise: random.between(0.02, 0.3),
    pastMs: Math.max(group.behindMs * 1.2, Math.min(retentionMs, dayMs)),
  };
}

/** A cluster whose retention plays no part within a watch of hours. */
export function drawLasting(random: Random, wish: Wish = {}): ClusterPlan {
  return drawCluster(random, { retentionMs: random.logBetween(6 * hourMs, 7 * dayMs), ...wish });
}

/** An unclean election cuts off the last minutes of a log. It is watched for so long after what was cut is made up for. */
export function truncating(name: string, code: string, afterMs: number): CaseKind {
  return kindOf(name, [code], (random) => {
    const cluster = drawLasting(random, { leastRate: 0.1, replicationFactor: random.integer(2, 3) });
    const atMs = random.between(10, 40) * minuteMs;
    const takesMs = random.between(3, 30) * minuteMs;
    return {
      ...{ cluster, watchMs: atMs + takesMs + afterMs },
      script: (simulated) => {
        simulated.at(atMs, () => {
          const [state] = simulated.topic.partitions;
          simulated.truncate(state!, Math.round((state!.produce(0) * takesMs) / 1000));
        });
      },
    };
  });
}

const quiet: Wish = { retentionMs: dayMs, leastRate: 0.1 };

function drawTopic(random: Random, name: string, wish: Wish): TopicPlan {
  const rate = wish.rate ?? random.logBetween(wish.leastRate ?? rates.least, rates.most);
  const partitions = wish.partitions ?? random.integer(1, 4);
  const retentionMs = wish.retentionMs ?? random.logBetween(10 * minuteMs, 7 * dayMs);
  const recordBytes = Math.round(random.logBetween(100, rate > 1000 ? 400 : 5000));
  const produced = Array.from({ length: partitions }, (_, index) => rate * (index === 0 ? 1 : random.between(0.3, 1)));
  const { shape = () => 1 } = wish;
  return {
    topic: name,
    config: {
      ...{ retentionMs, retentionBytes: -1, cleanupPolicy: ['delete'], minInSyncReplicas: 1 },
      segmentMs: random.chance(0.2) ? retentionMs : retentionMs / random.between(4, 40),
      segmentBytes: Math.max(2 ** 20, Math.round(random.logBetween(60, 3600) * rate * recordBytes)),
    },
    produce: produced.map((each) => (sinceStartMs) => each * shape(sinceStartMs)),
    recordBytes,
    timestampDelayMs: random.chance(0.8) ? 0 : random.between(0, 0.05 * retentionMs),
    transactionEveryMs: random.chance(0.8) ? 0 : random.pick([1000, 10_000, 60_000]),
    replicationFactor: wish.replicationFactor ?? random.integer(1, 3),
  };
}

function drawGroup(random: Random, groupId: string, topic: TopicPlan, wish: Wish): GroupPlan {
  const type = wish.type ?? (random.chance(0.3) ? 'consumer' : 'classic');
  const { consume = ample(random) } = wish;
  return {
    ...{ groupId, type },
    protocolName: type === 'consumer' ? 'uniform' : random.pick(['range', 'cooperative-sticky']),
    members: wish.members ?? random.integer(1, topic.produce.length),
    membersPerHost: random.pick([1, 1, 2]),
    isStatic: random.chance(0.15),
    readsCommitted: false,
    subscriptions: [readsOf(topic, consume)],
    commitEveryMs: wish.commitEveryMs ?? drawCommitInterval(random, topic.config.retentionMs),
    behindMs: wish.behindMs ?? 0,
    batchRecords: random.chance(0.15) ? random.integer(10, 1000) : 0,
  };
}

/** A subscription to a topic that reads each partition as `consume` says, given what is produced to it undisturbed, records/s. */
export function readsOf({ topic, produce }: TopicPlan, consume: (produced: number) => Rate): Subscription {
  return { topic, consume: produce.map((rate) => consume(rate(0))) };
}

/** All groups of a plan, the one that the case is about first. */
export function groupsOf({ group, besides }: ClusterPlan): GroupPlan[] {
  return [group, ...besides.groups];
}

/** Reads several times what comes, and a single record at once. */
function ample(random: Random): (produced: number) => Rate {
  return (produced) => {
    const able = Math.max(1, produced * random.between(2, 8));
    return () => able;
  };
}

function drawCommitInterval(random: Random, retentionMs: number): number {
  return Math.min(random.pick([1000, 5000, 5000, 5000, 15_000, 30_000, 60_000]), retentionMs / 40);
}

/** Now and then late, missing, or partly unanswered. */
function drawPolls(random: Random): PollPlan {
  return {
    intervalMs: 15_000,
    jitterMs: random.between(0, 3000),
    missed: random.chance(0.5) ? 0 : random.between(0, 0.05),
    partlyFailing: random.chance(0.5) ? 0 : random.between(0, 0.03),
  };
}

/** Some monitors are restarted on the way, or their clock steps. */
function drawMonitor(random: Random, watchMs: number): MonitorPlan {
  return {
    poll: drawPolls(random),
    ...(random.chance(0.15) && { restartsAtMs: [random.between(0.1, 0.9) * watchMs] }),
    ...(random.chance(0.1) && {
      clockSteps: [
        { atMs: random.between(0.1, 0.9) * watchMs, byMs: random.pick([-1, 1]) * random.logBetween(2500, 60_000) },
      ],
    }),
  };
}
