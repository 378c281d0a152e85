/**
 * Each rule that raises, as a whole trace through the real engine: what is said, when at the earliest and at the latest, and
 * how it ends. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/model/finding.ts';
import type { Failure, Snapshot } from '../../src/model/snapshot.ts';
import { changed, testEngine } from '../support/engine-run.ts';
import { policy } from '../support/rule-rows.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { type Distortion, FindingStory } from './finding-story.ts';
import { withPartitions } from './replicas.ts';

const hourMs = 3_600_000;
const orders = { topics: ['orders'], members: 2 };

/** Four partitions with 100 records a second each, read by `billing`. */
function watching(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 100, ...topic });
  return new FindingStory(trace.group('billing', { ...orders, ...group }));
}

/**
 * `stopped warning billing raised 30-32`: minutes from and to; what follows the code is what stands in the line. That a group lags
 * before it loses is told in lag-findings.test.ts.
 */
function assertTold(
  story: FindingStory,
  expected: readonly (readonly [line: string, fromMin: number, toMin: number])[],
): void {
  const lines = story.told.filter((line) => !line.includes(' lagging '));
  const told = lines.map((line) => line.split(' min ') as [string, string]);
  assert.deepEqual(
    told.map(([, what]) => what),
    expected.map(([line]) => line),
    story.told.join('\n'),
  );
  for (const [index, [line, fromMin, toMin]] of expected.entries()) {
    const minute = Number(told[index]?.[0]);
    assert.ok(minute >= fromMin && minute <= toMin, `${line}: at ${minute} min, not within ${fromMin} to ${toMin}`);
  }
}

test('will-lose-data by time, then lost-data in its place', () => {
  // It reads a quarter of what comes: the record read at t was written at t/4, and expires when 3t/4 = 60 min: t = 80 min.
  // Half of retention is left at 50 min, less what the bounds are widened by: then it must be said.
  const story = watching({ rate: 25 }, { partitions: 1, config: { retentionMs: hourMs, segmentMs: 60_000 } }).watch(
    '2h',
  );
  assertTold(story, [
    ['raised will-lose-data critical billing orders 0', 46, 56],
    ['cleared will-lose-data superseded billing orders 0', 79, 83],
    ['raised lost-data critical billing orders 0', 79, 83],
  ]);
});

test('will-lose-data by size', () => {
  // 1 MB/s in, a quarter read: 2 GB of unread bytes after 44 min. The partition fills in 33 min; half of that before is 28 min.
  const config = { retentionMs: -1, retentionBytes: 2e9, segmentBytes: 1e8 };
  const story = watching({ rate: 250 }, { partitions: 1, rate: 1000, recordBytes: 1000, config }).watch('1h');
  assertTold(story, [
    ['raised will-lose-data critical billing orders 0', 25, 34],
    ['cleared will-lose-data superseded billing orders 0', 43, 48],
    ['raised lost-data critical billing orders 0', 43, 48],
  ]);
});

test('will-lose-data ends when the group speeds up in time', () => {
  const story = watching({ rate: 25 }, { partitions: 1, config: { retentionMs: hourMs, segmentMs: 60_000 } }).watch(
    '1h',
  );
  story.trace.setRate('billing', 1000);
  assertTold(story.watch('40m'), [
    ['raised will-lose-data critical billing orders 0', 46, 56],
    ['cleared will-lose-data recovered billing orders 0', 60, 68],
  ]);
});

test('will-lose-data is a warning while the loss is beyond lossPageSeconds', () => {
  const retentionMs = 24 * hourMs;
  const story = watching({ rate: 0 }, { partitions: 1, config: { retentionMs, segmentMs: hourMs } }).away('14h');
  // It stands 14 hours back and reads next to nothing: ten hours are left.
  story.trace.setRate('billing', 1);
  story.watch('1h');
  assertTold(story, [['raised will-lose-data warning billing orders 0', 14 * 60 + 4, 14 * 60 + 25]]);
});

test('lost-data at the edge: the consumer has reset within a poll, and a commit below the log start is never seen', () => {
  const story = watching({ rate: 25 }, { partitions: 1, config: { retentionMs: hourMs, segmentMs: 60_000 } }).watch(
    '110m',
  );
  const lost = story.transitions.find(({ code }) => code === 'lost-data') as Finding;
  assert.ok((lost.evidence.lostRecords as number) > 0);
  // Speeding up ends the loss; the finding is kept for an hour after the last one.
  story.trace.setRate('billing', 1000);
  story.watch('2h');
  const ended = story.told.at(-1) ?? '';
  assert.match(ended, /cleared lost-data recovered billing orders 0$/);
  const minute = Number(ended.split(' ')[0]);
  assert.ok(minute >= 165 && minute <= 195, ended);
});

test('collector-failing: one broker of several does not answer for a minute, not only for two polls', () => {
  const story = watching().watch('10m');
  const failure: Failure = {
    collector: 'end-offsets',
    code: 'upstream.timeout',
    topics: [{ topic: 'orders', partitions: [3] }],
  };
  const unread = (snapshot: Snapshot) => changed(snapshot, 'end-offsets', { failures: [failure] });
  story.watch('30s', unread).watch('5m').watch('1m', unread).watch('5m');
  assertTold(story, [
    ['raised collector-failing warning end-offsets', 16, 16.5],
    ['cleared collector-failing recovered end-offsets', 17, 17.6],
  ]);
});

test('stuck-partition: one partition stands, and reads on', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0, 2);
  story.watch('15m');
  story.trace.setRate('billing', 1000, 2);
  assertTold(story.watch('5m'), [
    ['raised stuck-partition warning billing orders 2', 24, 25.5],
    ['cleared stuck-partition recovered billing orders 2', 35.4, 36.5],
  ]);
  const raised = story.transitions.find(({ code }) => code === 'stuck-partition') as Finding;
  assert.equal(raised.evidence.suspicion, 'poison-message');
});

test('stuck-partition becomes stalled when the others stop too', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0, 2);
  story.watch('10m');
  story.trace.setRate('billing', 0);
  assertTold(story.watch('10m'), [
    ['raised stuck-partition warning billing orders 2', 24, 25.5],
    ['cleared stuck-partition superseded billing orders 2', 34, 35.5],
    ['raised stalled warning billing', 34, 35.5],
  ]);
});

test('stalled: members, records, no movement', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0);
  story.watch('15m');
  story.trace.setRate('billing', 1000);
  assertTold(story.watch('5m'), [
    ['raised stalled warning billing', 24, 25.5],
    ['cleared stalled recovered billing', 35.4, 36.5],
  ]);
});

test('stalled: a partition on which the group has never committed is no movement', () => {
  const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 100 }).topic('rare', { rate: 0 });
  const story = new FindingStory(trace.group('billing', { ...orders, topics: ['orders', 'rare'] }));
  const neverOnRare = (snapshot: Snapshot) => {
    const value = snapshot.reads['committed-offsets']!.value.map((group) => {
      return { ...group, topics: group.topics.filter(({ topic }) => topic !== 'rare') };
    });
    return changed(snapshot, 'committed-offsets', { value });
  };
  story.watch('20m', neverOnRare);
  story.trace.setRate('billing', 0);
  assertTold(story.watch('15m', neverOnRare), [['raised stalled warning billing', 24, 25.5]]);
});

test('stopped: a group that ran all the time has no members, ten minutes long', () => {
  const story = watching().watch('65m');
  story.trace.setRate('billing', 0).setState('billing', 'Empty', 0);
  story.watch('25m');
  story.trace.setRate('billing', 1000).setState('billing', 'Stable', 2);
  assertTold(story.watch('5m'), [
    ['raised stopped warning billing', 75, 76.5],
    ['cleared stopped recovered billing', 90.4, 91.5],
  ]);
});

test('stopped: a job that commits every few seconds for half an hour is no group that runs all the time', () => {
  const story = watching().watch('30m');
  story.trace.setRate('billing', 0).setState('billing', 'Empty', 0);
  assertTold(story.watch('3h'), []);
});

test('stopped by expectIdle, where its owner says how long it may stand', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).group('billing', orders);
  const engine = testEngine({ policies: [policy({ match: { group: 'bill*' }, expectIdle: '3h' })] });
  const story = new FindingStory(trace, engine).watch('20m');
  story.trace.setRate('billing', 0).setState('billing', 'Empty', 0);
  assertTold(story.watch('4h'), [['raised stopped warning billing', 200, 202]]);
});

test('rebalance-storm: a crash loop, and what it explains', () => {
  const story = watching().watch('20m');
  for (let round = 0; round < 20; round++) {
    story.trace.setState('billing', 'PreparingRebalance', 2);
    story.watch('30s');
    story.trace.setState('billing', 'Stable').replaceMembers('billing');
    story.watch('30s');
  }
  // Two minutes without consuming are full after four to eight rounds; the last of them leaves the hour at 100 min.
  assertTold(story.watch('75m'), [
    ['raised rebalance-storm warning billing', 23, 29],
    ['cleared rebalance-storm recovered billing', 92, 101.5],
  ]);
});

test('offline-partition: said after two polls', () => {
  const story = watching().watch('20m');
  story.trace.setLeader('orders', 1, null);
  story.watch('10m');
  story.trace.setLeader('orders', 1, 1);
  assertTold(story.watch('5m'), [
    ['raised offline-partition critical orders 1', 20.4, 21],
    ['cleared offline-partition recovered orders 1', 30.4, 31.5],
  ]);
});

test('offline-partition explains the partition that is stuck on it', () => {
  const story = watching().watch('20m');
  story.trace.setLeader('orders', 1, null).setRate('billing', 0, 1);
  story.watch('10m');
  const stuck = story.transitions.find((one) => one.type === 'raised' && one.code === 'stuck-partition') as Finding;
  const offline = story.transitions.find(({ code }) => code === 'offline-partition');
  assert.deepEqual(stuck.cause, { code: 'offline-partition', id: offline?.id });
});

test('stuck-partition: time without a leader is nobody’s standstill; what stands after it is', () => {
  const outage = () => {
    const story = watching().watch('20m');
    story.trace.setLeader('orders', 1, null).setRate('billing', 0, 1);
    story.watch('3m');
    story.trace.setLeader('orders', 1, 1);
    return story.watch('3m');
  };
  const told: [string, number, number][] = [
    ['raised offline-partition critical orders 1', 20.4, 21],
    ['cleared offline-partition recovered orders 1', 23.4, 24.5],
  ];
  const readsOn = outage();
  readsOn.trace.setRate('billing', 1000, 1);
  assertTold(readsOn.watch('10m'), told);
  assertTold(outage().watch('4m'), [...told, ['raised stuck-partition warning billing orders 1', 27, 28]]);
});

/** Every partition on three brokers, so many of them in sync. */
function inSync(...inSyncReplicas: number[]): Distortion {
  return (snapshot) => withPartitions(snapshot, () => ({ replicas: [1, 2, 3], inSyncReplicas }));
}

test('under-min-isr: a warning at once, critical after three minutes', () => {
  const story = watching({}, { partitions: 1, config: { minInSyncReplicas: 2 } }).watch('5m', inSync(1, 2, 3));
  assertTold(story.watch('5m', inSync(1)).watch('5m', inSync(1, 3)), [
    ['raised under-min-isr warning orders 0', 5.4, 6],
    ['changed under-min-isr severity=critical orders 0', 8, 8.6],
    ['cleared under-min-isr recovered orders 0', 10.4, 11.5],
  ]);
});

test('under-min-isr ends where min.insync.replicas was lowered: nothing has recovered', () => {
  const story = watching({}, { partitions: 1, config: { minInSyncReplicas: 2 } }).watch('2m', inSync(1));
  story.trace.configure('orders', { minInSyncReplicas: 1 });
  assert.match(story.watch('2m', inSync(1)).told.at(-1) ?? '', /cleared under-min-isr config-changed orders 0$/);
});

test('under-replicated: after a quarter of an hour', () => {
  const story = watching({}, { partitions: 1 })
    .watch('5m', inSync(1, 2, 3))
    .watch('30m', inSync(1, 3));
  assertTold(story.watch('5m', inSync(1, 2, 3)), [
    ['raised under-replicated warning orders 0', 20, 20.6],
    ['cleared under-replicated recovered orders 0', 35.4, 36],
  ]);
});

/** No broker answers: every collector fails, nothing is read. */
function blind(snapshot: Snapshot): Snapshot {
  const failures = (Object.keys(snapshot.reads) as Failure['collector'][]).map((collector): Failure => {
    return { collector, code: 'upstream.unreachable', message: 'No broker answers.' };
  });
  return { ...snapshot, reads: {}, failures };
}

test('cluster-unreachable: what was found is held, nothing is cleared by absence, and it ends', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0, 2);
  story.watch('10m').watch('10m', blind);
  const told = story.watch('3m').told.filter((line) => !line.includes('collector-failing'));
  assert.deepEqual(
    told.map((line) => line.replace(/^\S+ min /, '')),
    [
      'raised stuck-partition warning billing orders 2',
      'changed stuck-partition cause=cluster-unreachable billing orders 2',
      'raised cluster-unreachable critical ',
      'changed stuck-partition held=true billing orders 2',
      'changed stuck-partition held=false billing orders 2',
      'cleared cluster-unreachable recovered ',
      'changed stuck-partition cause=undefined billing orders 2',
    ],
  );
});

test('data-missing: a hold ends an hour after the last data, and the group is still named', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0);
  const withoutCommits: Distortion = (snapshot) => {
    const { 'committed-offsets': _commits, ...reads } = snapshot.reads;
    const failure: Failure = { collector: 'committed-offsets', code: 'upstream.timeout' };
    return { ...snapshot, reads, failures: [failure] };
  };
  story.watch('10m').watch('70m', withoutCommits).watch('2m');
  assertTold(story, [
    ['raised stalled warning billing', 24, 25.5],
    ['raised collector-failing warning committed-offsets', 30.4, 31],
    ['changed stalled held=true billing', 30.9, 31.6],
    ['cleared stalled hold-expired billing', 89.5, 91.5],
    ['raised data-missing warning committed-offsets', 89.5, 91.5],
    ['raised stalled warning billing', 100, 101],
    ['cleared collector-failing recovered committed-offsets', 100, 101],
    ['cleared data-missing recovered committed-offsets', 100, 101],
  ]);
  const missing = story.transitions.find((one) => one.type === 'raised' && one.code === 'data-missing') as Finding;
  assert.deepEqual(
    (missing.evidence.held as Finding[]).map(({ code, groupId }) => [code, groupId]),
    [['stalled', 'billing']],
  );
});

test('what is found on a group or topic ends with it', () => {
  const story = watching().watch('20m');
  story.trace.setRate('billing', 0, 2);
  story.watch('10m');
  story.trace.setState('billing', 'Empty', 0);
  story.watch('15s');
  story.trace.deleteGroup('billing');
  assert.match(story.watch('1m').told.at(-1) ?? '', /cleared stuck-partition group-deleted billing orders 2$/);

  const other = watching().watch('20m');
  other.trace.setRate('billing', 0, 2);
  other.watch('10m');
  other.trace.deleteTopic('orders');
  assert.match(other.watch('1m').told.at(-1) ?? '', /cleared stuck-partition topic-deleted billing orders 2$/);
});

test('a restart in the middle neither re-raises nor clears', () => {
  const whole = watching().watch('20m');
  whole.trace.setRate('billing', 0, 2);
  whole.watch('20m');
  whole.trace.setRate('billing', 1000, 2);
  whole.watch('5m');

  const broken = watching().watch('20m');
  broken.trace.setRate('billing', 0, 2);
  broken.watch('10m').restart().watch('10m');
  broken.trace.setRate('billing', 1000, 2);
  broken.watch('5m');
  assert.deepEqual(broken.told, whole.told);
  assert.deepEqual(
    broken.transitions.map(({ id }) => id),
    whole.transitions.map(({ id }) => id),
  );
});

test('a restart in a storm does not end it: the hour before is unknown, not calm', () => {
  const story = watching().watch('20m');
  for (let round = 0; round < 10; round++) {
    story.trace.setState('billing', 'PreparingRebalance', 2);
    story.watch('30s');
    story.trace.setState('billing', 'Stable').replaceMembers('billing');
    story.watch('30s');
  }
  story.restart().watch('55m');
  assertTold(story, [['raised rebalance-storm warning billing', 23, 29]]);
  assertTold(story.watch('10m'), [
    ['raised rebalance-storm warning billing', 23, 29],
    ['cleared rebalance-storm recovered billing', 90, 92],
  ]);
});

test('stopped: quiet nights make no rhythm: a group that stops by day is missed at once', () => {
  const trace = new TraceBuilder({ intervalMs: 60_000 }).topic('orders', { rate: 20 }).group('billing', orders);
  const story = new FindingStory(trace, testEngine({ intervalMs: 60_000 }));
  for (let night = 0; night < 4; night++) {
    story.trace.setProduceRate('orders', 20);
    story.watch('2h');
    story.trace.setProduceRate('orders', 0);
    story.watch('8h');
  }
  story.trace.setProduceRate('orders', 20);
  story.watch('2h');
  story.trace.setRate('billing', 0).setState('billing', 'Empty', 0);
  assertTold(story.watch('30m'), [['raised stopped warning billing', 42 * 60 + 10, 42 * 60 + 13]]);
});
