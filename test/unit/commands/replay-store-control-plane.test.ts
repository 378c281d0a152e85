/** What the store keeps beside offsets and members: disks, the quorum, permissions, failed reads and the clock. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Transition } from '../../../src/model/finding.ts';
import type {
  CollectorRun,
  Facet,
  FacetReads,
  Failure,
  LogDir,
  Permissions,
  Quorum,
  Snapshot,
} from '../../../src/model/snapshot.ts';
import type { StoreSettings } from '../../../src/store/store.ts';
import { runInProcess } from '../../support/command-run.ts';
import { minuteMs } from '../../support/engine-run.ts';
import { told, transitionsOf, WatchedCluster } from './watched-cluster.ts';

const terabyte = 1e12;

/** The control plane of a watched cluster, read as a daemon reads it: quorum in each cycle, disks each minute, permissions each ten. */
class ControlPlane {
  readonly cluster: WatchedCluster;
  usedRatio = 0.5;
  dirError: string | null = null;
  leaderEpoch = 1;
  /** Since when a voter has not fetched, by the leader's clock; null: it follows. */
  silentSinceMs: number | null = null;
  lag = 0;
  operations: Permissions['cluster'] = ['describe', 'describeConfigs'];
  /** Facets that cannot be read. */
  failing: readonly Facet[] = [];
  /** How much the wall clock of tidemark has stepped by. */
  steppedMs = 0;
  #polls = 0;
  readonly #pending = new Set<Facet>();

  constructor(t: TestContext, settings?: Partial<StoreSettings>) {
    this.cluster = new WatchedCluster(t, settings);
  }

  watch(ms: number): this {
    this.cluster.watch(ms, (snapshot) => this.#read(snapshot));
    return this;
  }

  #read(taken: Snapshot): Snapshot {
    const due = (facet: Facet, everyPolls: number) => this.#polls % everyPolls === 0 || this.#pending.has(facet);
    const observedAtMs = taken.atMs + 40;
    const read = <T>(value: T) => ({ value, observedAtMs, failures: [] as Failure[] });
    const { 'log-dirs': dirs, ...others } = taken.reads;
    const reads: FacetReads = {
      ...others,
      quorum: read(this.#quorum(observedAtMs)),
      ...(due('log-dirs', 4) && { 'log-dirs': read({ logDirs: this.#logDirs(), sizes: dirs!.value.sizes }) }),
      ...(due('permissions', 40) && { permissions: read(this.#permissions()) }),
    };
    this.#polls++;
    return this.#fail(stepped({ ...taken, reads }, this.steppedMs));
  }

  /** A collector that failed runs in the next cycle again. */
  #fail(snapshot: Snapshot): Snapshot {
    const asked = Object.keys(snapshot.reads) as Facet[];
    const failed = asked.filter((facet) => this.failing.includes(facet));
    for (const facet of asked) this.#pending.delete(facet);
    for (const facet of failed) this.#pending.add(facet);
    const run = (collector: Facet): CollectorRun => {
      const outcome = failed.includes(collector) ? 'failed' : 'ok';
      return { collector, startedAtMs: snapshot.atMs, durationMs: 5, outcome, everyMs: 15_000 };
    };
    const reads = Object.fromEntries(
      Object.entries(snapshot.reads).filter(([facet]) => !failed.includes(facet as Facet)),
    );
    const failures = failed.map((collector) => ({ collector, code: 'upstream.timeout', message: `no ${collector}` }));
    return { ...snapshot, reads, failures, runs: asked.map(run) };
  }

  #quorum(observedAtMs: number): Quorum {
    // The leader's clock is 7 s ahead of ours; who follows fetched within the last half second.
    const leaderNowMs = observedAtMs + 7_000;
    const followedMs = leaderNowMs - (this.#polls % 5) * 100;
    const voter = (brokerId: number, lag: number, lastFetchMs: number) => {
      return { brokerId, lag, lastFetchMs, lastCaughtUpMs: lastFetchMs };
    };
    const silentMs = this.silentSinceMs === null ? followedMs : this.silentSinceMs + 7_000;
    const voters = [
      voter(101, 0, leaderNowMs),
      voter(102, this.#polls % 2, followedMs),
      voter(103, this.lag, silentMs),
    ];
    return { leaderId: 101, leaderEpoch: this.leaderEpoch, voters };
  }

  #logDirs(): LogDir[] {
    const path = '/var/kafka';
    // It moves with each read.
    const usableBytes = Math.round(terabyte * (1 - this.usedRatio)) + this.#polls;
    const healthy = { brokerId: 1, path, totalBytes: terabyte, usableBytes, error: null };
    const unread = { totalBytes: null, usableBytes: null, error: this.dirError };
    return [this.dirError === null ? healthy : { ...healthy, ...unread }];
  }

  #permissions(): Permissions {
    return {
      principal: 'User:tm',
      cluster: this.operations,
      topics: [{ operations: this.operations, names: ['orders'] }],
    };
  }
}

/** As a recorder tells it whose wall clock has stepped. */
function stepped(snapshot: Snapshot, byMs: number): Snapshot {
  const reads = Object.entries(snapshot.reads).map(([facet, read]) => [
    facet,
    { ...read, observedAtMs: read.observedAtMs + byMs },
  ]);
  return { ...snapshot, atMs: snapshot.atMs + byMs, reads: Object.fromEntries(reads) };
}

async function replayed({ cluster }: ControlPlane, ...options: string[]) {
  const run = await runInProcess(['replay', ...options, '--from-store', cluster.opened.directory]);
  assert.equal(run.status, 0, run.complaints.join('\n'));
  return { ...run, transitions: transitionsOf(run.printed) };
}

/** Which voters each unhealthy quorum named. */
function voters(transitions: readonly Transition[]): string[] {
  const ids = (evidence: Readonly<Record<string, unknown>>, field: string) =>
    (evidence[field] as { brokerId: number }[]).map(({ brokerId }) => ` ${brokerId}`).join('');
  return transitions.flatMap((one) =>
    one.type === 'raised' && one.code === 'quorum-unhealthy'
      ? [`behind:${ids(one.evidence, 'behind')} silent:${ids(one.evidence, 'silent')}`]
      : [],
  );
}

test('disks, quorum, permissions and failed reads are judged from the store as the daemon judged them', async (t) => {
  const plane = new ControlPlane(t).watch(10 * minuteMs);
  Object.assign(plane, { usedRatio: 0.8, operations: ['describe'] });
  plane.watch(12 * minuteMs);
  Object.assign(plane, { usedRatio: 0.9, silentSinceMs: plane.cluster.trace.nowMs });
  plane.watch(8 * minuteMs);
  Object.assign(plane, { usedRatio: 0.5, silentSinceMs: null, lag: 1500, operations: ['describe', 'describeConfigs'] });
  plane.watch(12 * minuteMs);
  Object.assign(plane, { dirError: 'KAFKA_STORAGE_ERROR', lag: 0, failing: ['quorum'] });
  plane.watch(5 * minuteMs);
  Object.assign(plane, {
    dirError: null,
    failing: ['cluster', 'end-offsets', 'committed-offsets', 'log-start-offsets'],
  });
  plane.watch(2 * minuteMs);
  plane.failing = [];
  for (let change = 0; change < 5; change++) {
    plane.leaderEpoch++;
    plane.watch(minuteMs);
  }
  plane.watch(10 * minuteMs);
  const { transitions, complaints } = await replayed(plane);
  const { said } = plane.cluster;
  // Collectors that fail in the same cycle are told in any order.
  assert.deepEqual(told(transitions).sort(), told(said).sort());
  const raised = said.flatMap(({ type, code, severity }) => (type === 'raised' ? [`${code} ${severity}`] : []));
  const expected = ['disk-filling warning', 'log-dir-offline critical', 'quorum-unhealthy warning'];
  for (const one of [
    ...expected,
    'permission-missing info',
    'collector-failing warning',
    'cluster-unreachable critical',
  ]) {
    assert.ok(raised.includes(one), `${one} is among ${raised}`);
  }
  assert.deepEqual(voters(transitions), voters(said));
  assert.deepEqual(voters(said), ['behind: silent: 103', 'behind: 103 silent:', 'behind: silent:']);
  const missing = complaints.filter((line) => line.includes('not stored'));
  assert.deepEqual(
    missing.filter((line) => /disk|quorum|allows|which reads|monotonic/.test(line)),
    [],
  );
});

test('a wall clock that stepped is told by the monotonic one: windows begin anew, and no streak is stretched', async (t) => {
  const plane = new ControlPlane(t).watch(30 * minuteMs);
  plane.steppedMs = 10 * minuteMs;
  plane.watch(40 * minuteMs);
  const { transitions } = await replayed(plane);
  assert.deepEqual(told(transitions), told(plane.cluster.said));
  assert.ok(plane.cluster.said.length > 0);
});

test('what was read of disks before the first cycle that is left tells how they fill', async (t) => {
  const plane = new ControlPlane(t, { raw: 10 * minuteMs });
  for (let minutes = 0; minutes < 70; minutes++) {
    plane.usedRatio += 0.006;
    plane.watch(minuteMs);
  }
  const { printed } = await replayed(plane, '--reports', '--set', 'measures.diskWatchMin=40m');
  const [first] = printed.split('\n').filter((line) => line.startsWith('{"type":"report"'));
  const { atMs, brokers } = JSON.parse(first!);
  assert.ok(plane.cluster.trace.nowMs - atMs < 30 * minuteMs, 'of the last cycles only');
  const { timeToFullSeconds } = brokers[0].logDirs[0];
  assert.ok(timeToFullSeconds > 5 * 60 && timeToFullSeconds < 60 * 60, `full in ${timeToFullSeconds} s`);
});
