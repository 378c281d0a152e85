import type { Case } from '../case.ts';
import type { PollPlan } from '../poller.ts';
import type { Random } from '../random.ts';
import { type ClusterPlan, dayMs, hourMs, minuteMs, type Rate } from '../simulated-cluster.ts';

/** Ten messages an hour to 100,000 a second. */
const rates = { least: 10 / 3600, most: 100_000 };

export interface Wish {
  /** Records/s of the partition that gets most. */
  rate?: number;
  leastRate?: number;
  partitions?: number;
  retentionMs?: number;
  /** How the rate of each partition goes over time, as a factor. */
  shape?: Rate;
  members?: number;
  type?: 'classic' | 'consumer';
  commitEveryMs?: number;
  behindMs?: number;
  /** What the group can read of a partition, records/s, given what is produced to it. */
  consume?: (produced: number) => Rate;
  replicationFactor?: number;
}

/** A healthy cluster within the wish; all else is drawn. */
export function drawCluster(random: Random, wish: Wish = {}): ClusterPlan {
  const rate = wish.rate ?? random.logBetween(wish.leastRate ?? rates.least, rates.most);
  const partitions = wish.partitions ?? random.integer(1, 4);
  const retentionMs = wish.retentionMs ?? random.logBetween(10 * minuteMs, 7 * dayMs);
  const recordBytes = Math.round(random.logBetween(100, rate > 1000 ? 400 : 5000));
  const behindMs = wish.behindMs ?? 0;
  const produced = Array.from({ length: partitions }, (_, index) => rate * (index === 0 ? 1 : random.between(0.3, 1)));
  const { shape = () => 1, consume = ample(random) } = wish;
  const replicationFactor = wish.replicationFactor ?? random.integer(1, 3);
  return {
    topicConfig: {
      ...{ retentionMs, retentionBytes: -1, cleanupPolicy: ['delete'], minInSyncReplicas: 1 },
      segmentMs: random.chance(0.2) ? retentionMs : retentionMs / random.between(4, 40),
      segmentBytes: Math.max(2 ** 20, Math.round(random.logBetween(60, 3600) * rate * recordBytes)),
    },
    checkIntervalMs: retentionMs < hourMs ? random.between(2000, 20_000) : 5 * minuteMs,
    produce: produced.map((each) => (sinceStartMs) => each * shape(sinceStartMs)),
    recordBytes,
    timestampDelayMs: random.chance(0.8) ? 0 : random.between(0, 0.05 * retentionMs),
    transactionEveryMs: random.chance(0.8) ? 0 : random.pick([1000, 10_000, 60_000]),
    noise: random.between(0.02, 0.3),
    replicationFactor,
    pastMs: Math.max(behindMs * 1.2, Math.min(retentionMs, dayMs)),
    group: {
      groupId: 'billing',
      type: wish.type ?? (random.chance(0.3) ? 'consumer' : 'classic'),
      members: wish.members ?? random.integer(1, partitions),
      consume: produced.map(consume),
      commitEveryMs: wish.commitEveryMs ?? drawCommitInterval(random, retentionMs),
      behindMs,
      batchRecords: random.chance(0.15) ? random.integer(10, 1000) : 0,
    },
  };
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
export function drawMonitor(random: Random, watchMs: number): Pick<Case, 'poll' | 'restartsAtMs' | 'clockSteps'> {
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
