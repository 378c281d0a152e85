/** What a restart under other settings ends, and what it leaves alone; what went while nobody watched. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withinScope } from '../../../src/collectors/index.ts';
import type { EngineSettings } from '../../../src/engine/engine.ts';
import { defaultFindingSettings } from '../../../src/evaluators/index.ts';
import type { Engine } from '../../../src/model/engine.ts';
import type { ClusterEvent, Transition } from '../../../src/model/finding.ts';
import type { Policy } from '../../../src/model/policy.ts';
import type { Failure, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, changed, hourMs, minuteMs, testEngine } from '../../support/engine-run.ts';
import { policy } from '../../support/rule-rows.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

type Distortion = (snapshot: Snapshot) => Snapshot;

/** A daemon that ends and begins again with what its store holds: memory and windows. */
class Daemon {
  readonly trace = new TraceBuilder().topic('orders', { rate: 100, partitions: 2 });
  engine: Engine = testEngine();
  distort: Distortion = (snapshot) => snapshot;
  transitions: Transition[] = [];
  events: ClusterEvent[] = [];
  readonly #stored: Snapshot[] = [];

  watch(ms: number): this {
    this.trace.run(ms, (taken) => {
      const snapshot = this.distort(taken);
      this.#stored.push(snapshot);
      const { transitions, events } = advance(this.engine, snapshot);
      this.transitions.push(...transitions);
      this.events.push(...events);
      return undefined;
    });
    return this;
  }

  restart(settings: Partial<EngineSettings>, within: Distortion = (snapshot) => snapshot): this {
    const memory = structuredClone(this.engine.memory());
    this.engine = testEngine(settings);
    this.engine.restore(memory);
    // The store keeps offsets alone, and does not know what was there to be seen.
    for (const { reads, ...snapshot } of this.#stored) {
      const { 'group-membership': _membership, ...stored } = reads;
      this.engine.refill(within({ ...snapshot, completeness: 'filtered', reads: stored }));
    }
    this.transitions = [];
    this.events = [];
    return this;
  }

  /** What was told of one code since the restart. */
  told(code: string): string[] {
    const told = this.transitions.filter((one) => one.code === code);
    return told.map((one) => {
      const how = one.type === 'cleared' ? one.reason : one.type === 'changed' ? one.changed.join('+') : one.severity;
      return `${one.type} ${how}`;
    });
  }
}

/** `billing` has members, records and no movement for 20 min: stalled. */
function stalledDaemon(): Daemon {
  const daemon = new Daemon();
  daemon.trace.group('billing', { topics: ['orders'], members: 2 });
  daemon.watch(20 * minuteMs).trace.setRate('billing', 0);
  daemon.watch(20 * minuteMs);
  assert.deepEqual(daemon.told('stalled'), ['raised warning']);
  return daemon;
}

const withPolicy = (over: Partial<Policy>): Partial<EngineSettings> => ({ policies: [policy(over)] });

function stalledFor(standsFor: number): Partial<EngineSettings> {
  const findings = defaultFindingSettings();
  return { findings: { ...findings, stalled: { ...findings.stalled, standsFor } } };
}

const restarts: Record<string, [settings: Partial<EngineSettings>, told: string[]]> = {
  'nothing changed': [{}, []],
  'another group is not watched any more': [{ isWatched: ({ groupId }) => groupId !== 'shipping' }, []],
  'a policy mutes it': [
    withPolicy({ match: { group: 'billing' }, mute: ['stalled'] }),
    ['cleared config-changed', 'raised info'],
  ],
  'a policy mutes all of another group': [withPolicy({ match: { group: 'shipping' }, mute: ['all'] }), []],
  'a policy mutes another code': [withPolicy({ match: { group: 'billing' }, mute: ['stopped'] }), []],
  'its threshold is an hour now': [stalledFor(hourMs), ['cleared config-changed']],
  'its threshold is a minute more': [stalledFor(5 * minuteMs), []],
  'its owner expects it to stand': [
    withPolicy({ match: { group: 'billing' }, expectIdle: '3h' }),
    ['cleared config-changed'],
  ],
};
for (const [what, [settings, told]] of Object.entries(restarts)) {
  test(`restarted: ${what}`, () => {
    assert.deepEqual(
      stalledDaemon()
        .restart(settings)
        .watch(5 * minuteMs)
        .told('stalled'),
      told,
    );
  });
}

/** As the collectors read it where the settings leave the group out. */
const withoutGroups: Distortion = (snapshot) =>
  changed(changed(snapshot, 'group-membership', { value: [] }), 'committed-offsets', { value: [] });

test('restarted: its group is not watched any more, and not said to be gone', () => {
  const daemon = stalledDaemon();
  const isWatched = ({ groupId }: { groupId?: string }) => groupId !== 'billing';
  daemon.restart({ isWatched }, (snapshot) => withinScope(snapshot, { hasGroup: () => false, hasTopic: () => true }));
  daemon.distort = withoutGroups;
  assert.deepEqual(daemon.watch(5 * minuteMs).told('stalled'), ['cleared config-changed']);
  assert.deepEqual(daemon.events, []);
});

test('restarted: its topic is not watched any more', () => {
  const daemon = stuckDaemon().restart({ isWatched: ({ topic }) => topic !== 'orders' });
  assert.deepEqual(daemon.watch(15_000).told('stuck-partition'), ['cleared config-changed']);
});

test('restarted with another isolation level: what is not committed yet is not unread any more', () => {
  const promise = { match: { group: 'billing' }, sloLagSeconds: 30 };
  const daemon = new Daemon();
  daemon.engine = testEngine(withPolicy(promise));
  daemon.trace.group('billing', { topics: ['orders'], members: 2, rate: 0 });
  // It stands where the transactions of the last minute begin, which move on.
  daemon.distort = (snapshot) => {
    const value = snapshot.reads['end-offsets']!.value.map((topic) => ({
      ...topic,
      lastStableOffsets: topic.partitions.map((partition) =>
        daemon.trace.committedOffset('billing', 'orders', partition),
      ),
    }));
    return changed(snapshot, 'end-offsets', { value });
  };
  daemon.watch(minuteMs).trace.setRate('billing', 100);
  daemon.watch(20 * minuteMs);
  assert.deepEqual(daemon.told('slo-breached'), ['raised warning']);
  daemon.restart(withPolicy({ ...promise, isolationLevel: 'read_committed' }));
  assert.deepEqual(daemon.watch(5 * minuteMs).told('slo-breached'), ['cleared config-changed']);
});

test('restarted with another team: the open finding is its own at once', () => {
  const daemon = stalledDaemon().restart(withPolicy({ match: { group: 'billing' }, team: 'payments' }));
  const { report } = advance(daemon.engine, daemon.trace.advance(15_000).snapshot());
  assert.equal(report.findings.find(({ code }) => code === 'stalled')?.team, 'payments');
});

const departures: Record<string, [away: (trace: TraceBuilder) => void, reason: string]> = {
  'its group was deleted': [(trace) => trace.deleteGroup('billing'), 'group-deleted'],
  'its topic was deleted': [(trace) => trace.deleteTopic('orders'), 'topic-deleted'],
};
/** The process that comes back has no windows: nothing of it has a row. */
function backWithoutWindows(daemon: Daemon): void {
  const memory = structuredClone(daemon.engine.memory());
  daemon.engine = testEngine();
  daemon.engine.restore(memory);
  daemon.transitions = [];
}

function stuckDaemon(): Daemon {
  const daemon = new Daemon();
  daemon.trace.group('billing', { topics: ['orders'], members: 2 });
  daemon.watch(20 * minuteMs).trace.setRate('billing', 0, 1);
  daemon.watch(10 * minuteMs);
  assert.deepEqual(daemon.told('stuck-partition'), ['raised warning']);
  return daemon;
}

for (const [what, [leave, reason]] of Object.entries(departures)) {
  test(`while tidemark was away ${what}: said at the first poll`, () => {
    const daemon = stuckDaemon();
    leave(daemon.trace);
    backWithoutWindows(daemon);
    assert.deepEqual(daemon.watch(15_000).told('stuck-partition'), [`cleared ${reason}`]);
  });

  test(`while tidemark was away ${what}: unread, or filtered, it is only held`, () => {
    const failure: Failure = { collector: 'group-membership', code: 'upstream.timeout', groupIds: ['billing'] };
    const failures: Distortion[] = [
      (snapshot) => ({ ...snapshot, completeness: 'filtered' }),
      (snapshot) => {
        const unread = changed(snapshot, 'group-membership', { failures: [failure] });
        const topics = [{ topic: 'orders' }];
        return changed(unread, 'cluster', { failures: [{ collector: 'cluster', code: 'upstream.stale', topics }] });
      },
    ];
    for (const distort of failures) {
      const daemon = stuckDaemon();
      leave(daemon.trace);
      backWithoutWindows(daemon);
      daemon.distort = distort;
      assert.deepEqual(daemon.watch(15_000).told('stuck-partition'), ['changed held']);
    }
  });
}

test('while tidemark was away its commit was deleted: said at the first poll', () => {
  const daemon = stuckDaemon();
  backWithoutWindows(daemon);
  daemon.trace.setState('billing', 'Empty', 0);
  daemon.distort = (snapshot) => {
    const topics = [{ topic: 'orders', partitions: [0], offsets: [5] }];
    return changed(snapshot, 'committed-offsets', { value: [{ groupId: 'billing', topics }] });
  };
  assert.deepEqual(daemon.watch(15_000).told('stuck-partition'), ['cleared unsubscribed']);
});

test('while tidemark was away: of a group whose commits were not asked for nothing is said to be gone', () => {
  const daemon = stuckDaemon();
  backWithoutWindows(daemon);
  daemon.trace.setState('billing', 'Empty', 0);
  daemon.distort = (snapshot) => changed(snapshot, 'committed-offsets', { value: [] });
  assert.deepEqual(daemon.watch(15_000).told('stuck-partition'), ['changed held']);
});
