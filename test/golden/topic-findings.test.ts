/**
 * Findings of topics, and of groups that wait for a transaction, as whole traces through the real engine: what is said, when, and
 * how it ends; and what must stay quiet. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEngine } from '../support/engine-run.ts';
import { policy } from '../support/rule-rows.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';

const hourMs = 3_600_000;

/** Four partitions with 100 records a second each, read by `billing`, which reads what is committed only. */
function transactional(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}, engine = testEngine()) {
  const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 100, ...topic });
  trace.group('billing', { topics: ['orders'], members: 2, readCommitted: true, ...group });
  return new FindingStory(trace, engine).watch('20m');
}

/** What this file is about, and what takes its place where it is not recognized. */
const looked = new Set([
  ...['open-transaction', 'blocked-by-transaction', 'stalled', 'stuck-partition', 'stopped', 'will-lose-data'],
  ...['dead-letter-growing', 'retention-shortened', 'partitions-added', 'partition-skew'],
]);

/** `raised stalled warning billing` with the minute; infos too. */
function everyTransition({ transitions, trace }: FindingStory): [minute: number, what: string][] {
  const shown = transitions.filter(({ code }) => looked.has(code));
  return shown.map((one) => {
    const what = one.type === 'cleared' ? one.reason : one.severity;
    const where = [one.groupId, one.topic, one.partition].filter((name) => name !== undefined).join(' ');
    return [(one.atMs - trace.startMs) / 60_000, `${one.type} ${one.code} ${what} ${where}`];
  });
}

function assertTold(story: FindingStory, expected: readonly (readonly [line: string, from: number, to: number])[]) {
  const told = everyTransition(story);
  const lines = told.map(([, what]) => what);
  assert.deepEqual(
    lines,
    expected.map(([line]) => line),
    JSON.stringify(told),
  );
  for (const [index, [line, from, to]] of expected.entries()) {
    const minute = told[index]![0];
    assert.ok(minute >= from && minute <= to, `${line}: at ${minute} min, not within ${from} to ${to}`);
  }
}

for (const [whose, isolationLevel] of [
  ['a policy says that it reads what is committed', 'read_committed'],
  ['nobody says how it reads', 'read_uncommitted'],
] as const) {
  test(`a hanging transaction on one partition, where ${whose}`, () => {
    const engine = testEngine({ policies: [policy({ isolationLevel })] });
    const story = transactional({}, {}, engine);
    story.trace.openTransaction('orders', 2);
    story.watch('20m');
    story.trace.endTransaction('orders', 2);
    assertTold(story.watch('5m'), [
      ['raised blocked-by-transaction warning billing', 24, 25],
      // It is explained now.
      ['changed blocked-by-transaction warning billing', 35, 36],
      ['raised open-transaction warning orders', 35, 36],
      ['cleared blocked-by-transaction recovered billing', 40, 41.1],
      ['cleared open-transaction recovered orders', 40, 41.1],
    ]);
  });
}

test('a hanging transaction on every partition: the group is blocked, not stalled', () => {
  const story = transactional();
  for (const partition of [0, 1, 2, 3]) story.trace.openTransaction('orders', partition);
  assertTold(story.watch('20m'), [
    ['raised blocked-by-transaction warning billing', 24, 25],
    ['changed blocked-by-transaction warning billing', 35, 36],
    ['raised open-transaction warning orders', 35, 36],
  ]);
});

test('who was blocked has time to read on: neither stalled nor stuck when the transaction ends', () => {
  for (const partitions of [[2], [0, 1, 2, 3]]) {
    const story = transactional();
    for (const partition of partitions) story.trace.openTransaction('orders', partition);
    story.watch('20m').forgetTold();
    for (const partition of partitions) story.trace.endTransaction('orders', partition);
    // It comes back to it a minute later.
    story.trace.setRate('billing', 0);
    story.watch('1m').trace.setRate('billing', 1000);
    const codes = new Set(story.watch('5m').transitions.map(({ code }) => code));
    assert.ok(!codes.has('stalled') && !codes.has('stuck-partition'), [...codes].join());
  }
});

test('what waits is deleted within the hour: critical at once, and no cause takes it off the alerts', () => {
  const story = transactional({}, { partitions: 1, config: { retentionMs: hourMs, segmentMs: 60_000 } });
  story.trace.openTransaction('orders');
  story.watch('40m');
  assertTold(story, [
    ['raised blocked-by-transaction critical billing', 24, 26],
    ['raised open-transaction warning orders', 35, 36],
  ]);
});

test('a restart in the middle neither clears nor raises again', () => {
  const story = transactional();
  story.trace.openTransaction('orders', 2);
  story.watch('20m').restart().forgetTold();
  assertTold(story.watch('30m'), []);
  story.trace.endTransaction('orders', 2);
  assert.deepEqual(
    everyTransition(story.watch('3m')).map(([, what]) => what),
    ['cleared blocked-by-transaction recovered billing', 'cleared open-transaction recovered orders'],
  );
});

test('a read_uncommitted group does not care', () => {
  const story = transactional({ readCommitted: false });
  story.trace.openTransaction('orders', 2);
  assertTold(story.watch('20m'), [['raised open-transaction warning orders', 35, 36]]);
});

for (const length of ['15s', '1m', '10m']) {
  test(`quiet: transactions of ${length}, one after the other, as Kafka allows them`, () => {
    const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 100 });
    trace.group('billing', { topics: ['orders'], members: 2, readCommitted: true });
    const story = new FindingStory(trace);
    for (let transaction = 0; transaction < 12; transaction++) {
      trace.openTransaction('orders', 2);
      story.watch(length);
      trace.endTransaction('orders', 2);
    }
    assertTold(story, []);
  });
}

test('quiet: a transaction that is open while nothing else is written', () => {
  const story = transactional();
  story.trace.setProduceRate('orders', 0).advance(30_000).openTransaction('orders', 2).append('orders', 2, 5);
  assertTold(story.watch('2h'), []);
});

test('partitions added, and retention shortened: told once, for an hour', () => {
  const story = transactional();
  story.trace.addPartitions('orders', 2).configure('orders', { retentionMs: 24 * hourMs });
  assertTold(story.watch('65m'), [
    ['raised retention-shortened info orders', 20, 20.5],
    ['raised partitions-added info orders', 20, 20.5],
    ['cleared retention-shortened recovered orders', 80, 81],
    ['cleared partitions-added recovered orders', 80, 81],
  ]);
});

test('retention is cut below what a group has left unread', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 });
  const story = new FindingStory(trace.group('billing', { topics: ['orders'], rate: 50 })).watch('2h');
  trace.configure('orders', { retentionMs: hourMs / 2, segmentMs: 60_000 });
  story.watch('30s');
  const raised = everyTransition(story).map(([, what]) => what);
  assert.ok(raised.includes('raised retention-shortened warning orders'), raised.join('\n'));
});

test('quiet: a topic that was created anew with other partitions and settings', () => {
  const story = transactional();
  story.trace.deleteTopic('orders');
  story.trace.topic('orders', { partitions: 9, topicId: 'another', config: { retentionMs: hourMs } });
  assertTold(story.watch('10m'), []);
});

test('a dead letter topic that nobody reads grows; full and idle it is quiet', () => {
  const story = transactional();
  story.trace.topic('orders-dlq').append('orders-dlq', 0, 5000);
  assertTold(story.watch('10m'), []);
  story.trace.append('orders-dlq', 0, 1);
  assertTold(story.watch('20m'), [
    ['raised dead-letter-growing warning orders-dlq', 30, 31],
    ['cleared dead-letter-growing recovered orders-dlq', 40, 42],
  ]);
  const raised = story.transitions.find(({ type, code }) => type === 'raised' && code === 'dead-letter-growing');
  assert.ok(raised?.type === 'raised');
  const { sourceTopic, sourceGroups, readers, newRecords } = raised.evidence;
  assert.deepEqual([sourceTopic, sourceGroups, readers, newRecords], ['orders', ['billing'], [], 1]);
});

test('one partition gets most of the records for a quarter of an hour', () => {
  const story = transactional({}, { rate: 2 });
  story.trace.advance(0);
  for (let polls = 0; polls < 160; polls++) {
    story.trace.append('orders', 1, 1500);
    story.watch('15s');
  }
  const skew = everyTransition(story).filter(([, what]) => what.includes('partition-skew'));
  assert.deepEqual(
    skew.map(([, what]) => what),
    ['raised partition-skew info orders'],
  );
  assert.ok(skew[0]![0] >= 35 && skew[0]![0] <= 45, `at ${skew[0]![0]} min`);
});
