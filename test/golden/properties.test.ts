/** What must hold of whatever is said, on any small world: of findings, as they are raised, changed and cleared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Transition } from '../../src/model/finding.ts';
import type { Tables } from '../../src/model/report.ts';
import type { Facet, FacetReads, Failure, Snapshot } from '../../src/model/snapshot.ts';
import { encodeTraceLine } from '../../src/model/trace-encode.ts';
import { runInProcess } from '../support/command-run.ts';
import { advance, testEngine } from '../support/engine-run.ts';
import { shifted, snapshotsOf, type World, worlds } from '../support/simulated-worlds.ts';
import { type GroupOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';

const hourMs = 3_600_000;

/** Findings of warning and worse are rare in a small world: most runs make retention short and a reader slow. */
const troubled = worlds.map((world) => ({ ...world, consume: [...world.consume, world.produce / 4], polls: 140 }));
type Troubled = World & { polls: number };

function told(snapshots: readonly Snapshot[]): Transition[] {
  const engine = testEngine();
  return snapshots.flatMap((snapshot) => [...advance(engine, snapshot).transitions]);
}

function polled(world: Troubled, retentionMinutes = world.retentionMinutes): Snapshot[] {
  return snapshotsOf(world, { polls: world.polls, retentionMinutes });
}

const momentFields = new Set(['atMs', 'sinceMs', 'raisedAtMs']);
/** IDs are made of moments. */
const idFields = new Set(['id']);

/** The transitions as they would read so much earlier, without their IDs. */
function earlier(transitions: readonly Transition[], byMs: number): unknown {
  return JSON.parse(
    JSON.stringify(transitions, (key, value) => {
      if (idFields.has(key)) return undefined;
      const isMoment = momentFields.has(key) || (/(At|From|Until)?Ms$/.test(key) && value > 1e12);
      return isMoment ? value - byMs : value;
    }),
  );
}

test('property: shifting all time shifts what is said, and changes nothing else', () => {
  let said = 0;
  fc.assert(
    fc.property(troubled, fc.integer({ min: -1e6, max: 1e9 }), (world, byMs) => {
      const snapshots = polled(world);
      const there = told(snapshots);
      said += there.length;
      assert.deepEqual(earlier(told(snapshots.map((one) => shifted(one, byMs))), byMs), earlier(there, 0));
    }),
    { numRuns: 20 },
  );
  assert.ok(said > 0, 'something was said at all');
});

test('property: more retention never loses more, nor says so of more, nor more urgently', () => {
  const losses = new Set(['will-lose-data', 'lost-data']);
  const ofLosses = (transitions: readonly Transition[], severity?: string) =>
    new Set(
      transitions.flatMap((one) => {
        const counts = losses.has(one.code) && one.type !== 'cleared' && (severity ?? one.severity) === one.severity;
        return counts ? [`${one.groupId} ${one.topic} ${one.partition}`] : [];
      }),
    );
  let said = 0;
  fc.assert(
    fc.property(troubled, fc.integer({ min: 1, max: 120 }), (world, moreMinutes) => {
      const little = told(polled(world));
      const much = told(polled(world, world.retentionMinutes + moreMinutes));
      said += ofLosses(little).size;
      for (const severity of [undefined, 'critical']) {
        const extra = ofLosses(much, severity).difference(ofLosses(little, severity));
        assert.deepEqual([...extra], [], severity ?? 'any');
      }
    }),
    { numRuns: 25 },
  );
  assert.ok(said > 0, 'something was said at all');
});

/** Cases of the specification's list that are quiet when every poll comes. */
const quietCases: Record<string, (group: GroupOptions) => FindingStory> = {
  'steady lag': (group) => ordersReadBy({ ...group, rate: 20, lag: 400 }),
  'bursty commits': (group) => ordersReadBy({ ...group, commitEveryMs: 90_000 }),
  'idle partitions': (group) => ordersReadBy(group, 0),
  'by a simple consumer': (group) => ordersReadBy({ ...group, members: 0 }),
};

function ordersReadBy(group: GroupOptions, rate = 20): FindingStory {
  const config = { retentionMs: hourMs, segmentMs: 60_000 };
  return new FindingStory(new TraceBuilder().topic('orders', { partitions: 2, rate, config }).group('billing', group));
}

test('property: whichever polls are missed, a quiet case never becomes a critical one', () => {
  const polls = 240;
  const cases = fc.constantFrom(...Object.keys(quietCases));
  // From one in twenty to nineteen in twenty are missed, alone and in runs.
  const missing = fc.record({
    share: fc.integer({ min: 1, max: 19 }),
    run: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(cases, missing, (name, { share, run, seed }) => {
      const story = quietCases[name]!({ topics: ['orders'], members: 2 });
      let poll = 0;
      const isMissed = () => (Math.imul(Math.floor(poll++ / run) + 1, 2_654_435_761 ^ seed) >>> 8) % 20 < share;
      story.watch(`${(polls * 15) / 60}m`, (snapshot) => (isMissed() ? null : snapshot));
      const critical = story.transitions.filter((one) => one.severity === 'critical');
      assert.deepEqual(critical, [], story.told.join('\n'));
    }),
    { numRuns: 60 },
  );
});

const facets: readonly Facet[] = ['log-start-offsets', 'committed-offsets', 'end-offsets', 'group-membership'];
/** By poll: what could not be read in it. */
const outages = fc.dictionary(fc.integer({ min: 0, max: 59 }).map(String), fc.subarray([...facets], { minLength: 1 }), {
  maxKeys: 20,
});

function without(snapshot: Snapshot, unread: readonly Facet[]): Snapshot {
  const kept = Object.entries(snapshot.reads).filter(([facet]) => !unread.includes(facet as Facet));
  const failures = unread.map((collector): Failure => ({ collector, code: 'upstream.timeout' }));
  return { ...snapshot, reads: Object.fromEntries(kept) as FacetReads, failures };
}

/** All of partitions and series, and what is added up of groups, as plain values: the tables' arrays are written again. */
function measuredOf({ partitions, groups, series }: Tables): unknown {
  const { lag, maxTimeLagSeconds, timeToDrainSeconds, timeToLossEarliestSeconds, outlook, members, state } = groups;
  const ofGroups = { lag, maxTimeLagSeconds, timeToDrainSeconds, timeToLossEarliestSeconds, outlook, members, state };
  return structuredClone([partitions, series, ofGroups].map((table) => Object.entries(table)));
}

test('property: what grew poll by poll is what is computed at once from the same polls, gaps and all', () => {
  fc.assert(
    fc.property(worlds, outages, fc.integer({ min: 1, max: 59 }), (world, unread, at) => {
      const snapshots = snapshotsOf(world).map((snapshot, poll) => without(snapshot, unread[poll] ?? []));
      const growing = testEngine();
      const atOnce = testEngine();
      const end = Math.min(at, snapshots.length - 1);
      for (const snapshot of snapshots.slice(0, end)) {
        advance(growing, snapshot);
        atOnce.refill(snapshot);
      }
      const last = snapshots[end]!;
      assert.deepEqual(measuredOf(advance(atOnce, last).report), measuredOf(advance(growing, last).report));
    }),
    { numRuns: 20 },
  );
});

test('property: a trace that was written and read again is judged as what was recorded', async () => {
  await fc.assert(
    fc.asyncProperty(troubled, async (world) => {
      const snapshots = polled({ ...world, polls: 80 });
      const trace = snapshots.map(encodeTraceLine).join('\n');
      const { status, printed } = await runInProcess(['replay', '-'], { input: trace });
      assert.equal(status, 0);
      assert.equal(
        printed,
        told(snapshots)
          .map((one) => `${JSON.stringify(one)}\n`)
          .join(''),
      );
    }),
    { numRuns: 10 },
  );
});
