/** The truth that tidemark is judged by must itself be true: what it foretells is what then happens in the simulation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawCluster } from '../../scoreboard/cases/drawing.ts';
import { hourMs, minuteMs, watchStartMs } from '../../scoreboard/plan.ts';
import { Random } from '../../scoreboard/random.ts';
import { SimulatedCluster } from '../../scoreboard/simulated-cluster.ts';
import { ExactState } from '../../scoreboard/truth.ts';

/** One partition without noise, whose group reads `share` of what comes from the start. */
function slowCluster(seed: number, share: number, retentionBytes = -1): SimulatedCluster {
  const random = new Random(seed);
  const plan = drawCluster(random, {
    ...{ partitions: 1, neighbours: 0, rate: 200, retentionMs: 2 * hourMs, commitEveryMs: 5000, behindMs: hourMs },
    consume: (produced) => () => share * produced,
  });
  plan.noise = 0;
  Object.assign(plan.topic, { transactionEveryMs: 0, timestampDelayMs: 0 });
  Object.assign(plan.topic.config, { retentionBytes });
  plan.group.batchRecords = 0;
  return new SimulatedCluster(plan, random);
}

function truthOf(cluster: SimulatedCluster): ExactState {
  return new ExactState(cluster, cluster.group, cluster.group.readers[0]!);
}

/** When it first loses, ms after `fromMs`; looked at every 5 s. */
function lossAfter(cluster: SimulatedCluster, fromMs: number): number {
  const [reader] = cluster.group.readers;
  for (let atMs = fromMs; atMs < fromMs + 24 * hourMs; atMs += 5000) {
    cluster.advanceTo(atMs);
    if (reader!.lost > 0) return reader!.lostAtMs - fromMs;
  }
  return Number.POSITIVE_INFINITY;
}

for (const [share, retentionBytes] of [
  [0, -1],
  [0.4, -1],
  [0.7, -1],
  [0.3, 1e9],
] as const) {
  test(`a loss comes when the truth says: reads ${share} of what comes, retention.bytes ${retentionBytes}`, () => {
    for (let seed = 1; seed <= 5; seed++) {
      const cluster = slowCluster(seed, share, retentionBytes);
      const fromMs = watchStartMs + 10 * minuteMs;
      cluster.advanceTo(fromMs);
      const { timeToLossMs, timeToExpiryMs } = truthOf(cluster);
      const happensAfterMs = lossAfter(cluster, fromMs);
      const slackMs = cluster.plan.checkIntervalMs + 0.03 * happensAfterMs;
      assert.ok(
        Math.abs(timeToLossMs - happensAfterMs) <= slackMs,
        `seed ${seed}: foretold ${timeToLossMs} ms, came after ${happensAfterMs} ms`,
      );
      assert.ok(timeToExpiryMs <= happensAfterMs + slackMs, 'nothing is deleted before it has expired');
    }
  });
}

test('who reads faster than comes loses nothing, and drains when the truth says', () => {
  const cluster = slowCluster(1, 3);
  const { timeToDrainMs, timeToLossMs } = truthOf(cluster);
  assert.equal(timeToLossMs, Number.POSITIVE_INFINITY);
  cluster.advanceTo(watchStartMs + timeToDrainMs! * 0.95);
  assert.ok(truthOf(cluster).lag > 1000 * 5);
  cluster.advanceTo(watchStartMs + timeToDrainMs! * 1.02 + 10_000);
  assert.ok(truthOf(cluster).lag <= 200 * 6);
});

test('the same seed lives the same life', () => {
  const live = () => {
    const cluster = slowCluster(7, 0.5);
    cluster.advanceTo(watchStartMs + hourMs);
    return [cluster.topic.partitions[0]!.log.endOffset, cluster.group.readers[0]!.committed, cluster.nextCheckMs];
  };
  assert.deepEqual(live(), live());
});
