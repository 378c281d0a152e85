import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Collected, Collector } from '../../../src/collectors/collector.ts';
import { phases } from '../../../src/collectors/index.ts';
import { type CycleContext, initialCollectorsState, runCollectors } from '../../../src/collectors/run.ts';
import type { CollectorSettings } from '../../../src/collectors/settings.ts';
import { TidemarkError } from '../../../src/model/errors.ts';
import type { Facet } from '../../../src/model/snapshot.ts';
import { answer, clusterOf, FakeKafka, inputWith, never, topicOf } from './fake-kafka.ts';

/** A clock that a test moves. */
class ManualClock {
  nowMs = 1_000_000;
  wallMs = () => this.nowMs;
  monotonicMs = () => this.nowMs;
}

function settingsWith(every: Partial<Record<Facet, number>> = {}): CollectorSettings {
  const entries = phases.flat().map(({ facet }) => [facet, { every: every[facet] ?? 0, timeout: 10_000 }]);
  return Object.fromEntries(entries);
}

function contextWith(its: Partial<CycleContext> = {}): CycleContext {
  return {
    cluster: 'demo',
    recorder: 'r1',
    intervalMs: 15_000,
    settings: settingsWith(),
    scope: inputWith().scope,
    timeProbes: [],
    clock: new ManualClock(),
    signal: never,
    reportBug: (_where, error) => {
      throw error;
    },
    ...its,
  };
}

function collectorOf<F extends Facet>(facet: F, collect: Collector<F>['collect']): Collector<F> {
  return { facet, every: '0s', timeout: '10s', doc: '', collect };
}

test('the phases ask in the order that Kafka demands', () => {
  const at = (facet: Facet) => phases.findIndex((phase) => phase.some((collector) => collector.facet === facet));
  const order = (
    ['cluster', 'log-start-offsets', 'committed-offsets', 'end-offsets', 'offsets-for-times'] as const
  ).map(at);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.equal(new Set(order).size, order.length);
  assert.ok(at('group-membership') < at('committed-offsets'));
});

test('a later phase begins when the earlier has ended, and sees what it read', async () => {
  const seen: unknown[] = [];
  const first = collectorOf('cluster', async () => answer(clusterOf(topicOf('orders'))));
  const second = collectorOf('end-offsets', async (_kafka, known) => {
    seen.push(known.cluster?.topics[0]?.topic, known.reads.cluster?.value.clusterId);
    return answer([]);
  });
  await runCollectors(new FakeKafka(), [[first], [second]], initialCollectorsState(), contextWith());
  assert.deepEqual(seen, ['orders', 'c1']);
});

test('what a collector discovers is handed on, in the cycle and to the next', async () => {
  const discovery = { groups: new Map(), missingTopics: new Map([['orders', 1]]) };
  const first = collectorOf('cluster', async () => ({
    ...answer(clusterOf()),
    discovery,
    completeness: 'full' as const,
  }));
  let seen: unknown;
  const second = collectorOf('end-offsets', async (_kafka, known) => {
    seen = known.discovery;
    return answer([]);
  });
  const { snapshot, state } = await runCollectors(
    new FakeKafka(),
    [[first], [second]],
    initialCollectorsState(),
    contextWith(),
  );
  assert.equal(seen, discovery);
  assert.equal(state.discovery, discovery);
  assert.equal(snapshot.completeness, 'full');
});

test('a failure of Kafka is data: the collector read nothing, the others go on', async () => {
  const failing = collectorOf('end-offsets', async () => {
    throw new TidemarkError('upstream.unreachable', 'nobody there');
  });
  const fine = collectorOf('log-start-offsets', async () => answer([]));
  const { snapshot } = await runCollectors(new FakeKafka(), [[failing, fine]], initialCollectorsState(), contextWith());
  assert.deepEqual(snapshot.failures, [
    { collector: 'end-offsets', code: 'upstream.unreachable', message: 'nobody there' },
  ]);
  assert.deepEqual(Object.keys(snapshot.reads), ['log-start-offsets']);
  assert.deepEqual(
    snapshot.runs?.map(({ collector, outcome }) => [collector, outcome]),
    [
      ['end-offsets', 'failed'],
      ['log-start-offsets', 'ok'],
    ],
  );
});

test('a partial answer keeps what was read, its failures under the collector’s name', async () => {
  const failures = [{ code: 'upstream.timeout', brokerId: 2 }];
  const partial = collectorOf('end-offsets', async () => answer([], failures));
  const { snapshot } = await runCollectors(new FakeKafka(), [[partial]], initialCollectorsState(), contextWith());
  assert.deepEqual(snapshot.reads['end-offsets']?.failures, [
    { code: 'upstream.timeout', brokerId: 2, collector: 'end-offsets' },
  ]);
  assert.deepEqual(snapshot.failures, []);
  assert.equal(snapshot.runs?.[0]?.outcome, 'partial');
});

test('failures and no broker that answered: nothing was read', async () => {
  const nothing = collectorOf('end-offsets', async () => ({
    value: [],
    brokers: {},
    failures: [{ code: 'upstream.timeout', brokerId: 2 }],
  }));
  const { snapshot } = await runCollectors(new FakeKafka(), [[nothing]], initialCollectorsState(), contextWith());
  assert.deepEqual(snapshot.reads, {});
  assert.deepEqual(snapshot.failures, [{ code: 'upstream.timeout', brokerId: 2, collector: 'end-offsets' }]);
});

test('a bug of ours is reported as one, and the cycle ends all the same', async () => {
  const bugs: string[] = [];
  const broken = collectorOf('end-offsets', async (): Promise<Collected<never>> => {
    throw new TypeError('undefined is not a function');
  });
  const context = contextWith({ reportBug: (where) => bugs.push(where) });
  const { snapshot } = await runCollectors(new FakeKafka(), [[broken]], initialCollectorsState(), context);
  assert.deepEqual(bugs, ['collector end-offsets']);
  assert.equal(snapshot.failures[0]?.code, 'bug.unexpected');
});

test('what the driver cannot read is named, not asked', async () => {
  const kafka = new FakeKafka();
  kafka.supports = new Set();
  const { snapshot } = await runCollectors(kafka, phases, initialCollectorsState(), contextWith());
  assert.ok(snapshot.failures.every(({ code }) => code === 'upstream.unsupported'));
  assert.equal(snapshot.failures.length, phases.flat().length);
});

test('a collector runs at the tick nearest to its cadence; without one, at every tick; after a failure, at the next', async () => {
  const clock = new ManualClock();
  let mayRead = true;
  const slow = collectorOf('topic-configs', async () => {
    if (!mayRead) throw new TidemarkError('upstream.timeout', 'slow');
    return answer([]);
  });
  const each = collectorOf('end-offsets', async () => answer([]));
  const context = contextWith({ clock, settings: settingsWith({ 'topic-configs': 60_000 }) });
  let state = initialCollectorsState();
  const tick = async (afterMs: number): Promise<string[]> => {
    clock.nowMs += afterMs;
    const cycle = await runCollectors(new FakeKafka(), [[slow, each]], state, context);
    state = cycle.state;
    return cycle.snapshot.runs?.map(({ collector }) => collector) ?? [];
  };
  const both = ['topic-configs', 'end-offsets'];
  assert.deepEqual(await tick(0), both);
  for (let early = 0; early < 3; early++) assert.deepEqual(await tick(15_000), ['end-offsets']);
  mayRead = false;
  assert.deepEqual(await tick(14_950), both, '59.95 s after the last: this tick is nearest to 60 s');
  assert.deepEqual(await tick(15_000), both, 'it failed: no need to wait');
});
