import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/model/finding.ts';
import type { Failure, LogDir, Quorum, Snapshot } from '../../src/model/snapshot.ts';
import { TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';
import { withCluster, withPartitions } from './replicas.ts';

const gigabyte = 1e9;

function cluster(minInSyncReplicas = 1): FindingStory {
  const trace = new TraceBuilder()
    .topic('orders', { partitions: 2, rate: 20, config: { minInSyncReplicas } })
    .group('billing', { topics: ['orders'], rate: 1000 });
  return new FindingStory(trace);
}

/** Replicas on three of six brokers; broker 2 away where `isAway`. */
const threeReplicas =
  (isAway: boolean, inSyncReplicas = isAway ? [1, 3] : [1, 2, 3]) =>
  (snapshot: Snapshot) =>
    withPartitions(snapshot, () => ({ replicas: [1, 2, 3], inSyncReplicas }), isAway ? [2] : []);

/** What was told, without its moments. */
function toldBy(story: FindingStory): string[] {
  return story.told.map((line) => line.replace(/^\S+ min /, ''));
}

test('broker-missing: from three minutes on; it explains what its replicas lack, and ends when it is back', () => {
  const story = cluster().watch('10m', threeReplicas(false)).watch('30m', threeReplicas(true));
  const raised = story.transitions.find(({ code }) => code === 'broker-missing') as Finding & { atMs: number };
  const minutes = (raised.atMs - story.trace.startMs) / 60_000;
  assert.ok(minutes >= 13 && minutes <= 13.5, `${minutes} min`);
  assert.deepEqual(raised.evidence, {
    ...{ replicas: 2, partitions: 2, underMinIsr: 0, offline: 0, livingBrokers: 5 },
    examples: [0, 1].map((partition) => ({ topic: 'orders', partition })),
  });
  assert.deepEqual(toldBy(story.watch('5m', threeReplicas(false))), [
    'raised broker-missing warning ',
    'raised under-replicated warning orders 0',
    'raised under-replicated warning orders 1',
    'cleared under-replicated recovered orders 0',
    'cleared under-replicated recovered orders 1',
    'cleared broker-missing recovered ',
  ]);
  const explained = story.transitions.filter(({ type, code }) => type === 'raised' && code === 'under-replicated');
  assert.deepEqual(new Set(explained.map((one) => (one as Finding).cause?.code)), new Set(['broker-missing']));
});

test('broker-missing: critical while it leaves partitions under min.insync.replicas', () => {
  const story = cluster(2)
    .watch('10m', threeReplicas(false))
    .watch('10m', threeReplicas(true, [1]));
  const raised = story.transitions.find(({ code }) => code === 'broker-missing');
  assert.equal(raised?.severity, 'critical');
});

test('quiet: a broker restarts, again and again', () => {
  const story = cluster();
  for (let restart = 0; restart < 5; restart++) {
    story.watch('10m', threeReplicas(false)).watch('90s', threeReplicas(true));
  }
  assert.deepEqual(story.watch('10m', threeReplicas(false)).told, []);
});

test('broker-missing: a broker that was decommissioned is named by no replica list, and is not missing', () => {
  const story = cluster().watch('10m', threeReplicas(true)).forgetTold();
  const moved = (snapshot: Snapshot) =>
    withPartitions(snapshot, () => ({ replicas: [1, 4, 3], inSyncReplicas: [1, 4, 3] }), [2]);
  assert.deepEqual(toldBy(story.watch('5m', moved)), ['cleared broker-missing recovered ']);
});

test('broker-missing: while no broker answers nobody knows, and while topics are hidden its absence says nothing', () => {
  const blind = (snapshot: Snapshot): Snapshot => {
    const failure: Failure = { collector: 'cluster', code: 'upstream.unreachable' };
    return { ...snapshot, reads: {}, failures: [failure] };
  };
  const story = cluster().watch('10m', threeReplicas(true)).watch('10m', blind).forgetTold();
  assert.deepEqual(
    toldBy(story.watch('5m', threeReplicas(true))).filter((line) => line.includes('broker-missing')),
    ['changed broker-missing held=false ', 'changed broker-missing cause=undefined '],
  );
  const filtered = (snapshot: Snapshot): Snapshot => ({
    ...withCluster(threeReplicas(true)(snapshot), () => ({ topics: [] })),
    completeness: 'filtered',
  });
  assert.ok(!toldBy(story.forgetTold().watch('10m', filtered)).some((line) => line.startsWith('cleared')));
});

test('quiet: a trace that tells replicas and not who lives', () => {
  const story = cluster().watch('10m', (snapshot) =>
    withCluster(threeReplicas(false)(snapshot), () => ({ brokers: [], brokersUnread: true })),
  );
  assert.deepEqual(story.told, []);
});

/** Log directories as brokers 1 and 2 answer; a broker with null does not. */
function withLogDirs(snapshot: Snapshot, dirs: Record<number, readonly Partial<LogDir>[] | null>): Snapshot {
  const read = snapshot.reads['log-dirs']!;
  const plain = { path: '/d0', totalBytes: 1000 * gigabyte, usableBytes: 600 * gigabyte, error: null };
  const logDirs = Object.entries(dirs).flatMap(([brokerId, its]) =>
    (its ?? []).map((dir) => ({ ...plain, ...dir, brokerId: Number(brokerId) })),
  );
  const failures = Object.entries(dirs)
    .filter(([, its]) => its === null)
    .map(([brokerId]): Failure => ({ collector: 'log-dirs', code: 'upstream.timeout', brokerId: Number(brokerId) }));
  const answer = { ...read, value: { ...read.value, logDirs }, failures };
  const reads = { ...snapshot.reads, 'log-dirs': answer };
  return withPartitions({ ...snapshot, reads }, () => ({ replicas: [1, 2], inSyncReplicas: [1, 2] }));
}

const used = (ratio: number) => ({ usableBytes: (1 - ratio) * 1000 * gigabyte });

test('disk-filling: each directory its own, by how full it is; held while its broker does not answer', () => {
  const both = (ratio: number) => (snapshot: Snapshot) =>
    withLogDirs(snapshot, {
      1: [
        { path: '/a', ...used(0.3) },
        { path: '/b', ...used(ratio) },
      ],
      2: [used(0.3)],
    });
  const story = cluster().watch('10m', both(0.6)).watch('10m', both(0.72)).watch('10m', both(0.9));
  story.watch('10m', (snapshot) => withLogDirs(snapshot, { 1: null, 2: [used(0.3)] }));
  const told = toldBy(story.watch('2h', both(0.5))).filter((line) => line.includes('disk-filling'));
  assert.deepEqual(told, [
    'raised disk-filling warning ',
    'changed disk-filling severity=critical ',
    'changed disk-filling held=true ',
    'changed disk-filling held=false ',
    'cleared disk-filling recovered ',
  ]);
  const subjects = new Set(story.transitions.map(({ brokerId, logDir }) => `${brokerId} ${logDir}`));
  assert.ok(subjects.has('1 /b') && !subjects.has('1 /a') && !subjects.has('2 /d0'));
});

test('disk-filling: full within a day at its pace, and a restart neither forgets nor repeats it', () => {
  let ratio = 0.2;
  const filling = (snapshot: Snapshot) => {
    ratio += 0.09 / 240;
    return withLogDirs(snapshot, { 1: [used(ratio)] });
  };
  const still = (snapshot: Snapshot) => withLogDirs(snapshot, { 1: [used(ratio)] });
  const story = cluster().watch('5h', filling);
  assert.deepEqual(toldBy(story), ['raised disk-filling warning ']);
  assert.ok(ratio < 0.68, 'below what is warned of in any case');
  story.restart().forgetTold();
  assert.deepEqual(story.watch('1h', still).told, [], 'its pace is unknown: nothing is raised or taken back');
  assert.deepEqual(toldBy(story.watch('2h', still)), []);
  assert.deepEqual(toldBy(story.watch('2h', (snapshot) => withLogDirs(snapshot, { 1: [used(0.5)] }))), [
    'cleared disk-filling recovered ',
  ]);
});

test('quiet: retention that deletes what comes, and a restart of tidemark in its middle', () => {
  let polls = 0;
  const sawing = (snapshot: Snapshot) => withLogDirs(snapshot, { 1: [used(0.25 + (0.35 * (polls++ % 960)) / 960)] });
  const story = cluster().watch('10h', sawing).restart();
  assert.deepEqual(story.watch('10h', sawing).told, []);
});

test('log-dir-offline: says more than how full it was, and ends when the directory is no longer the broker’s', () => {
  const dirs =
    (...its: Partial<LogDir>[]) =>
    (snapshot: Snapshot) =>
      withLogDirs(snapshot, { 1: its });
  const offline = { path: '/b', error: 'KAFKA_STORAGE_ERROR', totalBytes: null, usableBytes: null };
  const story = cluster().watch('5m', dirs({ path: '/a' }, { path: '/b', ...used(0.9) }));
  story.watch('5m', dirs({ path: '/a' }, offline));
  assert.deepEqual(toldBy(story.watch('5m', dirs({ path: '/a' }))), [
    'raised disk-filling critical ',
    'cleared disk-filling superseded ',
    'raised log-dir-offline critical ',
    'cleared log-dir-offline config-changed ',
  ]);
});

/** A quorum of three controllers that are no brokers. */
function withQuorum(snapshot: Snapshot, quorum: Partial<Quorum>): Snapshot {
  const voters = [101, 102, 103].map((brokerId) => ({
    ...{ brokerId, lag: 0, lastFetchMs: snapshot.atMs, lastCaughtUpMs: snapshot.atMs },
  }));
  const value = { leaderId: 101, leaderEpoch: 5, voters, ...quorum };
  return { ...snapshot, reads: { ...snapshot.reads, quorum: { value, observedAtMs: snapshot.atMs, failures: [] } } };
}

/** The third voter as its leader sees it; the clock of the leader is half an hour ahead of ours. */
const third = (lag: number | null, silentMs: number | null) => (snapshot: Snapshot) => {
  const leaderNowMs = snapshot.atMs + 1_800_000;
  const voter = (brokerId: number, its: number | null, lastFetchMs: number | null) => ({
    ...{ brokerId, lag: its, lastFetchMs, lastCaughtUpMs: lastFetchMs },
  });
  const lastFetchMs = silentMs === null ? null : leaderNowMs - silentMs;
  return withQuorum(snapshot, {
    voters: [voter(101, 0, leaderNowMs), voter(102, 1, leaderNowMs - 400), voter(103, lag, lastFetchMs)],
  });
};

test('quorum-unhealthy: a controller that was killed, though no broker is missing', () => {
  const story = cluster().watch('5m', third(0, 500));
  let silentMs = 0;
  const dying = (snapshot: Snapshot) => {
    silentMs += 15_000;
    return third(silentMs / 500, silentMs)(snapshot);
  };
  story.watch('10m', dying);
  assert.deepEqual(toldBy(story.watch('5m', third(3, 500))), [
    'raised quorum-unhealthy warning ',
    'cleared quorum-unhealthy recovered ',
  ]);
});

test('quorum-unhealthy: a voter of which a new leader has never heard', () => {
  const story = cluster().watch('5m', third(0, 500)).watch('10m', third(null, null));
  assert.deepEqual(toldBy(story), ['raised quorum-unhealthy warning ']);
});

test('quorum-unhealthy: leaders that change every ten minutes, counted over a restart of tidemark', () => {
  const story = cluster();
  const term = (leaderEpoch: number) => (snapshot: Snapshot) => withQuorum(snapshot, { leaderEpoch });
  for (let epoch = 5; epoch <= 8; epoch++) story.watch('10m', term(epoch));
  assert.deepEqual(story.told, [], 'three changes: three controllers restarted in turn');
  story.restart().watch('10m', term(9));
  assert.deepEqual(toldBy(story), ['raised quorum-unhealthy warning ']);
  assert.equal(story.engine.memory().quorum?.leaderChanges, 4);
  story.forgetTold().restart();
  assert.deepEqual(toldBy(story.watch('65m', term(9))), ['cleared quorum-unhealthy recovered ']);
});

test('quiet: without a quorum to read, and with one that is denied', () => {
  const denied: Failure = { collector: 'quorum', code: 'upstream.denied', message: 'CLUSTER_AUTHORIZATION_FAILED' };
  const story = cluster()
    .watch('10m')
    .watch('10m', (snapshot) => ({ ...snapshot, failures: [denied] }));
  assert.deepEqual(story.told, []);
  const told = story.transitions.find(({ code }) => code === 'permission-missing');
  assert.equal(told?.severity, 'info');
});
