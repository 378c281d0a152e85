/**
 * The findings that rest on lag over time, as whole traces through the real engine. The times are reasoned from the trace, not
 * copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Transition } from '../../src/model/finding.ts';
import { testEngine } from '../support/engine-run.ts';
import { policy } from '../support/rule-rows.ts';
import { type GroupOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';

/** Four partitions with 100 records a second each, read by `billing`, at once unless it is said otherwise. */
function watching(group: Partial<GroupOptions> = {}, engine = testEngine()): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 100 });
  return new FindingStory(trace.group('billing', { topics: ['orders'], members: 2, ...group }), engine);
}

/** What was said of one code: `raised 12.3`, `cleared recovered 40`; minutes. */
function saidOf({ transitions, trace }: FindingStory, code: string): [said: string, minute: number][] {
  return transitions
    .filter((one) => one.code === code)
    .map((one) => [one.type === 'cleared' ? `cleared ${one.reason}` : one.type, (one.atMs - trace.startMs) / 60_000]);
}

function assertSaid(story: FindingStory, code: string, expected: [said: string, from: number, to: number][]): void {
  const told = saidOf(story, code);
  assert.deepEqual(
    told.map(([said]) => said),
    expected.map(([said]) => said),
    JSON.stringify(told),
  );
  for (const [index, [said, from, to]] of expected.entries()) {
    const minute = told[index]![1];
    assert.ok(minute >= from && minute <= to, `${said} at ${minute} min, not within ${from} to ${to}`);
  }
}

function evidenceOf(story: FindingStory, code: string): Finding['evidence'] {
  const raised = story.transitions.find(
    (one): one is Extract<Transition, { type: 'raised' }> => one.type === 'raised' && one.code === code,
  );
  assert.ok(raised, `${code} was not raised`);
  return raised.evidence;
}

test('lagging: once it has grown through two thirds of the window; it ends when the group catches up', () => {
  const story = watching({ rate: 1000 }).watch('30m');
  // Half of what comes: a minute late after two minutes, and three minutes of that; growth shows after six minutes and a half.
  story.trace.setRate('billing', 50);
  story.watch('30m');
  story.trace.setRate('billing', 1000);
  story.watch('30m');
  assertSaid(story, 'lagging', [
    ['raised', 36, 38],
    ['cleared recovered', 60, 66],
  ]);
  const { fallingPartitions, partitions } = evidenceOf(story, 'lagging');
  assert.deepEqual([fallingPartitions, partitions], [4, 4]);
});

test('lagging: a plateau ends it, for steady lag is healthy', () => {
  const story = watching({ rate: 1000 }).watch('30m');
  story.trace.setRate('billing', 50);
  story.watch('20m');
  story.trace.setRate('billing', 100);
  story.watch('2h');
  assertSaid(story, 'lagging', [
    ['raised', 36, 38],
    ['cleared recovered', 55, 90],
  ]);
});

test('lagging gives way to stalled when the group stands altogether', () => {
  const story = watching({ rate: 1000 }).watch('30m');
  story.trace.setRate('billing', 50);
  story.watch('20m');
  story.trace.setRate('billing', 0);
  story.watch('20m');
  assertSaid(story, 'lagging', [
    ['raised', 36, 38],
    ['cleared superseded', 54, 56],
  ]);
});

test('lagging: the monitor restarts in the middle, and nothing is raised or cleared for that', () => {
  const story = watching({ rate: 1000 }).watch('30m');
  story.trace.setRate('billing', 50);
  story.watch('20m').restart().watch('20m');
  assertSaid(story, 'lagging', [['raised', 36, 38]]);
});

test('a load that doubles by day and is read in time is no lag, nor is one that goes to and fro within it', () => {
  const trace = new TraceBuilder().topic('orders', {
    rate: (sinceMs) => 100 + 80 * Math.sin((sinceMs / 7_200_000) * 2 * Math.PI),
  });
  const story = new FindingStory(trace.group('billing', { topics: ['orders'], rate: 200, lag: 100 })).watch('6h');
  assert.deepEqual(story.told, []);
});

test('slo-breached: a promise for one topic, from two polls over it until draining is done', () => {
  const engine = testEngine({
    policies: [policy({ match: { group: 'billing', topic: 'orders' }, sloLagSeconds: 30, sloSeverity: 'critical' })],
  });
  const story = watching({ rate: 1000 }, engine).watch('20m');
  story.trace.setRate('billing', 0);
  story.watch('2m');
  story.trace.setRate('billing', 200);
  story.watch('20m');
  assertSaid(story, 'slo-breached', [
    // Half a minute without reading, and two polls.
    ['raised', 20.5, 21.1],
    // Two minutes late; it catches up a second each second, and a promise of half a minute is kept again after a minute and a half.
    ['cleared recovered', 23.5, 24.6],
  ]);
  assert.equal(story.transitions.find(({ code }) => code === 'slo-breached')?.severity, 'critical');
});

test('slo-breached: a group that commits less often than it promises breaks its promise once, not at each commit', () => {
  const engine = testEngine({ policies: [policy({ sloLagSeconds: 100 })] });
  const story = watching({ rate: 1000, commitEveryMs: 180_000 }, engine).watch('1h');
  assert.deepEqual(
    saidOf(story, 'slo-breached').map(([said]) => said),
    ['raised'],
  );
});

test('lag-cliff: a burst of produce, with the moment and what came; another one an hour later renews nothing', () => {
  const story = watching({ rate: 1000 }).watch('20m');
  story.trace.append('orders', 0, 50_000);
  story.trace.setRate('billing', 10);
  story.watch('5m');
  assertSaid(story, 'lag-cliff', [['raised', 20, 20.6]]);
  const { nature, toLag, fromMs, toMs } = evidenceOf(story, 'lag-cliff') as Record<string, number>;
  assert.equal(nature, 'produce-burst');
  assert.ok(toLag! >= 50_000, `${toLag}`);
  assert.ok(fromMs! <= story.trace.startMs + 20 * 60_000 && toMs! > story.trace.startMs + 20 * 60_000);
  story.trace.setRate('billing', 1000);
  story.watch('70m');
  assert.equal(saidOf(story, 'lag-cliff').at(-1)?.[0], 'cleared recovered');
});

test('lag-cliff: members leave, and it reads less', () => {
  const story = watching({ rate: 1000 }).watch('20m');
  story.trace.setState('billing', 'Stable', 1).setRate('billing', 0);
  story.watch('3m');
  const { nature, changes } = evidenceOf(story, 'lag-cliff') as { nature: string; changes: { kind: string }[] };
  assert.equal(nature, 'reads-less');
  assert.ok(
    changes.some(({ kind }) => kind === 'member'),
    JSON.stringify(changes),
  );
});

test('lag-cliff: what came while nobody looked is no jump, and neither is a sawtooth of commits', () => {
  const story = watching({ rate: 1000, commitEveryMs: 300_000 }).watch('40m');
  story.trace.append('orders', 0, 500_000);
  story.away('20m').watch('1h');
  assertSaid(story, 'lag-cliff', []);
});

test('lag-cliff: end offsets of a poll whose commits could not be read are compared with none', () => {
  const story = watching({ rate: 1000 }).watch('20m');
  story.watch('15s', (snapshot) => {
    const { 'committed-offsets': _, ...reads } = snapshot.reads;
    return { ...snapshot, reads };
  });
  story.watch('30m');
  assertSaid(story, 'lag-cliff', []);
});

test('hot-partition: one key gets ten times as much, and the group falls behind there alone', () => {
  const trace = new TraceBuilder()
    .topic('orders', { partitions: 3, rate: 50 })
    .addPartitions('orders', 1, 500)
    .group('billing', { topics: ['orders'], members: 2, rate: 250 });
  const story = new FindingStory(trace).watch('40m');
  const told = story.transitions.flatMap((one) =>
    one.code === 'hot-partition' && one.type !== 'cleared' ? [[one.severity, one.evidence.makesGroupLag]] : [],
  );
  // That it falls behind there is known once two thirds of the window have shown it.
  assert.deepEqual(told, [
    ['info', false],
    ['warning', true],
  ]);
  const { partition, medianProduceRate } = evidenceOf(story, 'hot-partition');
  assert.deepEqual([partition, Math.round(medianProduceRate as number)], [3, 50]);
  assert.ok(saidOf(story, 'hot-partition')[1]![1] <= 9);
});

test('commit-delay-rising: a trickle whose records take longer and longer, and too few of them wait to be a lag', () => {
  // A record in ten seconds, of which it comes to read nine in ten: within ten minutes six more wait.
  const trace = new TraceBuilder().topic('orders', { rate: 0.1 }).group('billing', { topics: ['orders'], rate: 5 });
  const story = new FindingStory(trace).watch('30m');
  trace.setRate('billing', 0.09);
  story.watch('30m');
  // Half a minute late after five minutes, a whole one after ten: from there it is late, and three minutes later it is lagging.
  assertSaid(story, 'commit-delay-rising', [
    ['raised', 35, 40],
    ['cleared superseded', 39, 46],
  ]);
  assertSaid(story, 'lagging', [['raised', 39, 46]]);
});
