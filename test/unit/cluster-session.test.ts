import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterSession } from '../../src/cluster-session.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { advance, minuteMs, testEngine } from '../support/engine-run.ts';
import { TraceBuilder } from '../support/trace-builder.ts';
import { answer, FakeKafka } from './collectors/fake-kafka.ts';

/** What a daemon has stored that found `billing` stalled, as the store gives it back. */
function storedStall() {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).group('billing', { topics: ['orders'] });
  const engine = testEngine();
  const snapshots: Snapshot[] = [];
  const watch = (ms: number) =>
    trace.run(ms, (snapshot) => {
      advance(engine, snapshot);
      const { 'group-membership': _membership, ...reads } = snapshot.reads;
      snapshots.push({ ...snapshot, completeness: 'filtered', reads });
      return undefined;
    });
  watch(20 * minuteMs).setRate('billing', 0);
  watch(10 * minuteMs);
  const memory = structuredClone(engine.memory());
  assert.ok(memory.findings.some(({ finding }) => finding.code === 'stalled'));
  return { trace, stored: { discovery: null, memory, snapshots } };
}

test('a session whose settings leave a group out: its findings end as config-changed, and it is not said to be gone', async () => {
  const { trace, stored } = storedStall();
  const kafka = new FakeKafka();
  const { cluster } = trace.snapshot().reads;
  kafka.clusterState = async () => answer(cluster!.value);
  const config = loadConfig({ cluster: { bootstrapServers: 'b:9092', name: 'c1' } });
  const nowMs = trace.nowMs + 15_000;
  const session = new ClusterSession(
    {
      config: { ...config, groups: { include: ['*'], exclude: ['billing'] } },
      cluster: config.clusters[0]!,
      kafka,
      clock: { wallMs: () => nowMs, monotonicMs: () => 5_000 },
      recorder: 'another',
      reportBug: (_where, error) => {
        throw error;
      },
    },
    { cluster: 'c1', identified: true },
  );
  await session.restore(stored);
  const { signal } = new AbortController();
  const { transitions, events, report } = await session.advance(await session.collect(signal), signal);
  const ended = transitions.filter(({ groupId }) => groupId === 'billing');
  assert.ok(ended.length > 0);
  for (const one of ended) assert.equal(one.type === 'cleared' && one.reason, 'config-changed', one.code);
  assert.deepEqual(
    events.filter(({ subject }) => subject.groupId === 'billing'),
    [],
  );
  const told = events.filter(({ kind }) => kind === 'tidemark').map(({ what, summary }) => `${what}: ${summary}`);
  assert.deepEqual(told, ['started: tidemark began anew: its last cycle was 15 s before.']);
  const next = await session.advance(await session.collect(signal), signal);
  assert.ok(next.events.every(({ kind }) => kind !== 'tidemark'));
  assert.equal(report.counts.groups, 0);
});
