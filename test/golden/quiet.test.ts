/**
 * Quiet for ever: each case of the specification, as a whole trace from a cold start through the real engine.
 * Quiet = no finding of warning or critical, at any poll.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { testEngine } from '../support/engine-run.ts';
import { policy } from '../support/rule-rows.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';
import { withPartitions } from './replicas.ts';

const hourMs = 3_600_000;
const orders = { topics: ['orders'], members: 2 };

/** A topic of four partitions with some traffic, read by `billing`. */
function healthy(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 4, rate: 20, ...topic });
  return new FindingStory(trace.group('billing', { ...orders, ...group }));
}

/** Runs `work` for `runs`, then leaves for the rest of each period. */
function batch(
  story: FindingStory,
  { runs, period, times }: { runs: string; period: string; times: number },
): FindingStory {
  for (let time = 0; time < times; time++) {
    story.trace.setState('billing', 'Stable', 2).setRate('billing', 5000);
    story.watch(runs);
    story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    story.watch(period);
  }
  return story;
}

function slowPolls(trace: TraceBuilder, settings = {}): FindingStory {
  return new FindingStory(trace, testEngine({ intervalMs: trace.intervalMs, ...settings }));
}

/** The first members of each group are new ones, on new hosts. */
function withNewMembers(snapshot: Snapshot, count: number): Snapshot {
  const membership = snapshot.reads['group-membership']!;
  const value = membership.value.map((group) => ({
    ...group,
    members: group.members!.map((one, index) =>
      index < count ? { ...one, memberId: `new-${index}`, clientHost: `/10.9.9.${index}` } : one,
    ),
  }));
  return { ...snapshot, reads: { ...snapshot.reads, 'group-membership': { ...membership, value } } };
}

const threeReplicas = { replicas: [1, 2, 3], inSyncReplicas: [1, 2, 3] };

const cases: Record<string, () => FindingStory> = {
  'steady lag': () => healthy({ rate: 20, lag: 0 }, { config: { retentionMs: 24 * hourMs } }).watch('30m'),
  'steady lag, eight of ten hours of retention behind': () => {
    const story = healthy({ rate: 0 }, { config: { retentionMs: 10 * hourMs, segmentMs: 60_000 } }).away('8h');
    story.trace.setRate('billing', 20);
    return story.watch('3h');
  },
  'bursty commits, every 30 s': () => healthy({ commitEveryMs: 30_000 }).watch('2h'),
  'bursty commits, every 7 min': () => healthy({ commitEveryMs: 420_000 }).watch('6h'),
  'bursty commits, every 10 min': () => healthy({ commitEveryMs: 600_000 }).watch('6h'),
  'a batch once an hour': () => batch(healthy(), { runs: '3m', period: '57m', times: 12 }),
  'a batch once an hour that keeps its members, and says so': () => {
    const trace = new TraceBuilder()
      .topic('orders', { partitions: 4, rate: 20 })
      .group('billing', { ...orders, rate: 0 });
    const expected = policy({ match: { group: 'billing' }, expectIdle: '2h' });
    const story = new FindingStory(trace, testEngine({ policies: [expected] }));
    for (let hour = 0; hour < 8; hour++) {
      story.trace.setRate('billing', 5000);
      story.watch('3m');
      story.trace.setRate('billing', 0);
      story.watch('57m');
    }
    return story;
  },
  'a batch once an hour that keeps its members, once three pauses were seen': () => {
    const story = healthy({ rate: 0 });
    const hours = (count: number) => {
      for (let hour = 0; hour < count; hour++) {
        story.trace.setRate('billing', 5000);
        story.watch('3m');
        story.trace.setRate('billing', 0);
        story.watch('57m');
      }
    };
    hours(4);
    story.trace.setRate('billing', 5000);
    story.watch('3m').forgetTold();
    story.trace.setRate('billing', 0);
    story.watch('57m');
    hours(4);
    return story;
  },
  'a batch once a day': () => {
    const trace = new TraceBuilder({ intervalMs: 60_000 }).topic('orders', { partitions: 2, rate: 5 });
    return batch(slowPolls(trace.group('billing', orders)), { runs: '10m', period: '1430m', times: 5 });
  },
  'diurnal load': () => {
    const rate = (ms: number) => 20 + 19 * Math.sin((ms / (24 * hourMs)) * 2 * Math.PI);
    const trace = new TraceBuilder({ intervalMs: 60_000 }).topic('orders', { partitions: 2, rate });
    return slowPolls(trace.group('billing', { ...orders, rate: 60 })).watch('3d');
  },
  'a message an hour': () => {
    const story = healthy({}, { rate: 0 });
    for (let hour = 0; hour < 8; hour++) {
      story.trace.append('orders', hour % 4, 1);
      story.watch('1h');
    }
    return story;
  },
  'five messages an hour, committed every five minutes': () => {
    const story = healthy({ commitEveryMs: 300_000 }, { rate: 0 });
    for (let hour = 0; hour < 8; hour++) {
      story.trace.append('orders', hour % 4, 5);
      story.watch('1h');
    }
    return story;
  },
  'hours without traffic, then a few records that wait for the next commit': () => {
    const story = healthy({ commitEveryMs: 300_000 }).watch('2h');
    story.trace.setProduceRate('orders', 0);
    story.watch('3h');
    story.trace.append('orders', 1, 500);
    return story.watch('30m');
  },
  'one pod deployed': () => {
    const story = healthy({ members: 1 }).watch('30m');
    story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    story.watch('90s');
    story.trace.setState('billing', 'Stable', 1).replaceMembers('billing').setRate('billing', 1000);
    return story.watch('2h');
  },
  'a hundred pods deployed': () => {
    const story = healthy({ members: 100 }, { partitions: 100 }).watch('30m');
    for (let wave = 1; wave <= 10; wave++) {
      const tenMore = (snapshot: Snapshot) => withNewMembers(snapshot, wave * 10);
      story.trace.setState('billing', 'PreparingRebalance');
      story.watch('15s', tenMore);
      story.trace.setState('billing', 'Stable');
      story.watch('15s', tenMore);
    }
    return story.watch('2h', (snapshot) => withNewMembers(snapshot, 100));
  },
  'a first read from the beginning that will be in time': () => {
    const story = new FindingStory(
      new TraceBuilder().topic('orders', { rate: 100, config: { retentionMs: 3 * hourMs, segmentMs: 60_000 } }),
    ).away('2h');
    story.trace.group('billing', { ...orders, rate: 500, lag: 1e9 });
    return story.watch('2h');
  },
  'idle partitions': () => {
    const story = healthy({}, { rate: 0 });
    story.trace.append('orders', 0, 500);
    return story.watch('6h');
  },
  'a compacted topic': () => healthy({}, { config: { retentionMs: -1, cleanupPolicy: ['compact'] } }).watch('6h'),
  'a group deleted cleanly': () => {
    const story = healthy().watch('30m');
    story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    story.watch('2m');
    story.trace.deleteGroup('billing');
    return story.watch('2h');
  },
  'markers: lag 1 for ever': () => {
    const story = healthy().watch('20m');
    story.trace.setProduceRate('orders', 0);
    story.watch('1m');
    story.trace.setRate('billing', 0).append('orders', 0, 1).append('orders', 1, 2);
    return story.watch('12h');
  },
  'DeleteRecords by Streams': () =>
    healthy({ purges: true, commitEveryMs: 30_000 }, { config: { retentionMs: -1 } }).watch('3h'),
  'a pause of two minutes': () => {
    const story = healthy().watch('30m');
    story.trace.setRate('billing', 0);
    story.watch('2m');
    story.trace.setRate('billing', 1000);
    return story.watch('1h');
  },
  'missed polls': () => {
    const story = healthy();
    let poll = 0;
    return story.watch('2h', (snapshot) => (poll++ % 5 < 2 ? null : snapshot));
  },
  'the monitor away for twenty minutes': () => healthy().watch('30m').away('20m').watch('1h').away('20m').watch('1h'),
  'its clock stepping': () => {
    const story = healthy().watch('30m');
    const forward = (by: number) => (snapshot: Snapshot) => ({ ...snapshot, atMs: snapshot.atMs + by });
    return story.watch('30m', forward(hourMs)).watch('30m', forward(-hourMs)).watch('30m');
  },
  'a broker restarted: 90 s under-replicated, two of three in sync': () => {
    const story = healthy().watch('10m', (snapshot) => withPartitions(snapshot, () => threeReplicas));
    story.watch('90s', (snapshot) =>
      withPartitions(snapshot, () => ({ ...threeReplicas, inSyncReplicas: [1, 3] }), [2]),
    );
    return story.watch('30m', (snapshot) => withPartitions(snapshot, () => threeReplicas));
  },
  'leaders move': () => {
    const story = healthy().watch('10m');
    for (let move = 0; move < 6; move++) {
      const leaderEpoch = move + 2;
      story.watch('15s', (snapshot) => withPartitions(snapshot, () => ({ leader: null, leaderEpoch })));
      story.watch('10m', (snapshot) => withPartitions(snapshot, () => ({ leader: (move % 3) + 1, leaderEpoch })));
    }
    return story;
  },
  'a reassignment of an hour': () =>
    healthy().watch('1h', (snapshot) =>
      withPartitions(snapshot, () => ({
        replicas: [1, 2, 3, 4, 5, 6],
        inSyncReplicas: [1, 2, 3],
        addingReplicas: [4, 5, 6],
      })),
    ),
  'a topic deleted and created again': () => {
    const story = healthy().watch('30m');
    story.trace
      .deleteTopic('orders')
      .topic('orders', { partitions: 4, rate: 20, topicId: 'another' })
      .group('billing', orders);
    return story.watch('1h');
  },
  'commits by a simple consumer': () => healthy({ members: 0 }).watch('3h'),
  'a group synced by MirrorMaker once a minute': () => healthy({ members: 0, commitEveryMs: 60_000 }).watch('3h'),
  'a KIP-848 group whose members come and go': () => {
    const story = healthy({ type: 'consumer' }).watch('20m');
    for (let change = 0; change < 30; change++) {
      story.trace.setState('billing', 'Reconciling').replaceMembers('billing');
      story.watch('30s');
      story.trace.setState('billing', 'Stable');
      story.watch('30s');
    }
    return story.watch('30m');
  },
  'no traffic': () => healthy({}, { rate: 0 }).watch('6h'),
  'one member flapping once': () => {
    const story = healthy({ members: 2 }).watch('30m');
    for (const members of [1, 2]) {
      story.trace.setState('billing', 'PreparingRebalance', members);
      story.watch('45s');
      story.trace.setState('billing', 'Stable', members);
      story.watch('1m');
    }
    return story.watch('2h');
  },
  'a topic unsubscribed': () => {
    const config = { retentionMs: hourMs, segmentMs: 60_000 };
    const trace = new TraceBuilder().topic('orders', { rate: 20, config }).topic('payments', { rate: 20, config });
    const story = new FindingStory(trace.group('billing', { topics: ['orders', 'payments'] })).watch('30m');
    trace.unsubscribe('billing', 'payments');
    return story.watch('3h');
  },
  'console consumers, left with records unread': () => {
    const trace = new TraceBuilder().topic('orders', { rate: 20, config: { retentionMs: hourMs, segmentMs: 60_000 } });
    const story = new FindingStory(trace.group('console-consumer-48121', { topics: ['orders'] })).watch('30m');
    trace.setState('console-consumer-48121', 'Empty', 0).setRate('console-consumer-48121', 0);
    return story.watch('3h');
  },
  'a group that its owner expects to stand for a day': () => {
    const trace = new TraceBuilder().topic('orders', { rate: 20 }).group('billing', orders);
    const expected = policy({ match: { group: 'billing' }, expectIdle: '26h' });
    const story = new FindingStory(trace, testEngine({ policies: [expected] })).watch('30m');
    trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    return story.watch('5h');
  },
};
for (const [name, story] of Object.entries(cases)) {
  test(`quiet: ${name}`, () => assert.deepEqual(story().told, []));
}

/** Groups that truly lag, and of which nothing else is to be said. */
const lagging: Record<string, () => FindingStory> = {
  'a compacted topic, read slowly': () =>
    healthy({ rate: 5 }, { config: { retentionMs: -1, cleanupPolicy: ['compact'] } }).watch('6h'),
  'DeleteRecords by Streams': () =>
    healthy({ purges: true, commitEveryMs: 30_000, rate: 19 }, { config: { retentionMs: -1 } }).watch('3h'),
  'deleted cleanly, with records unread': () => {
    const story = healthy({ rate: 10 }).watch('30m');
    story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    story.watch('2m');
    story.trace.deleteGroup('billing');
    return story.watch('2h');
  },
};
for (const [name, story] of Object.entries(lagging)) {
  test(`nothing but lagging: ${name}`, () => {
    const codes = story().transitions.flatMap(({ code, severity }) => (severity === 'info' ? [] : [code]));
    assert.deepEqual([...new Set(codes)], ['lagging']);
  });
}
