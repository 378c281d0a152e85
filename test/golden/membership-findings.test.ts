/**
 * What membership and ownership tell, as whole traces through the real engine: what is raised, when at the earliest and at the
 * latest, how it ends, and what looks alike and is none. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupMembership, Snapshot } from '../../src/model/snapshot.ts';
import { changed, testEngine } from '../support/engine-run.ts';
import { policy } from '../support/rule-rows.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { type Distortion, FindingStory } from './finding-story.ts';

/** Two partitions with 100 records a second each, read by `billing`. */
function watching(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 2, rate: 100, ...topic });
  return new FindingStory(trace.group('billing', { topics: ['orders'], members: 2, ...group }));
}

/** `raised info 12.5 billing orders` of one code: the minute comes third. */
function assertTold(
  story: FindingStory,
  code: string,
  expected: readonly (readonly [what: string, fromMin: number, toMin: number])[],
): void {
  const told = story.transitions
    .filter((one) => one.code === code)
    .map((one) => {
      const how = one.type === 'cleared' ? one.reason : one.type === 'raised' ? one.severity : one.changed.join();
      const minute = (one.atMs - story.trace.startMs) / 60_000;
      return { what: [one.type, how, one.groupId, one.topic].filter((word) => word !== undefined).join(' '), minute };
    });
  assert.deepEqual(
    told.map(({ what }) => what),
    expected.map(([what]) => what),
  );
  for (const [index, [what, fromMin, toMin]] of expected.entries()) {
    const { minute } = told[index]!;
    assert.ok(minute >= fromMin && minute <= toMin, `${what}: at ${minute} min, not within ${fromMin} to ${toMin}`);
  }
}

/** Changes what DescribeGroups says of each group. */
function membership(change: (group: GroupMembership) => GroupMembership): Distortion {
  return (snapshot: Snapshot) => {
    const value = snapshot.reads['group-membership']!.value.map(change);
    return changed(snapshot, 'group-membership', { value });
  };
}

/** All partitions from `from` on are nobody's. */
const unassignedFrom = (from: number) =>
  membership((group) => ({
    ...group,
    members: group.members!.map((member) => ({
      ...member,
      assignment: member.assignment!.map(({ topic, partitions }) => {
        return { topic, partitions: partitions.filter((partition) => partition < from) };
      }),
    })),
  }));

test('stuck-rebalance: five minutes in which nobody settles', () => {
  const story = watching().watch('20m');
  for (const state of ['PreparingRebalance', 'CompletingRebalance']) {
    story.trace.setState('billing', state);
    story.watch('5m');
  }
  story.trace.setState('billing', 'Stable');
  assertTold(story.watch('5m'), 'stuck-rebalance', [
    ['raised warning billing', 25.2, 26.1],
    ['cleared recovered billing', 30.5, 31],
  ]);
});

test('stuck-rebalance: a slow rebalance of four minutes is none, twice', () => {
  const story = watching().watch('20m');
  for (const _ of '12') {
    story.trace.setState('billing', 'PreparingRebalance');
    story.watch('4m').trace.setState('billing', 'Stable');
    story.watch('1m');
  }
  assertTold(story, 'stuck-rebalance', []);
});

test('stuck-rebalance: a KIP-848 group that reconciles for half an hour of deployment, epoch after epoch', () => {
  const story = watching({ type: 'consumer' }).watch('20m');
  story.trace.setState('billing', 'Reconciling');
  for (let minute = 0; minute < 30; minute++) {
    story.trace.replaceMembers('billing');
    story.watch('1m');
  }
  assertTold(story, 'stuck-rebalance', []);
  // Nobody joins or leaves any more, and it goes on.
  assertTold(story.watch('10m'), 'stuck-rebalance', [['raised warning billing', 54, 56]]);
});

test('stuck-rebalance: what was seen before and after ten minutes away is no rebalance of ten minutes', () => {
  const story = watching().watch('20m');
  story.trace.setState('billing', 'PreparingRebalance');
  story.watch('1m').away('10m').watch('1m').trace.setState('billing', 'Stable');
  assertTold(story.watch('5m'), 'stuck-rebalance', []);
});

test('stuck-rebalance: a restart of tidemark neither ends nor repeats it', () => {
  const story = watching().watch('20m');
  story.trace.setState('billing', 'PreparingRebalance');
  story.watch('10m').restart().watch('10m').trace.setState('billing', 'Stable');
  assertTold(story.watch('5m'), 'stuck-rebalance', [
    ['raised warning billing', 25.2, 26.1],
    ['cleared recovered billing', 40.5, 41],
  ]);
});

test('idle-members: three members on two partitions, until one is gone', () => {
  const story = watching({ members: 3 }).watch('10m');
  story.trace.setState('billing', 'Stable', 2);
  assertTold(story.watch('5m'), 'idle-members', [
    ['raised info billing', 0.7, 1.1],
    ['cleared recovered billing', 10.5, 11],
  ]);
});

test('idle-members: a cooperative assignor leaves a new member without a partition for some seconds', () => {
  const story = watching().watch('10m');
  story.watch(
    '30s',
    membership((group) => ({
      ...group,
      members: [...group.members!, { ...group.members![0]!, memberId: 'new', assignment: [] }],
    })),
  );
  assertTold(story.watch('10m'), 'idle-members', []);
});

test('unassigned-partitions: partitions that nobody has, though there is no commit on them', () => {
  const story = watching({}, { partitions: 4 });
  const readTwo: Distortion = (snapshot) => {
    const topics = [{ topic: 'orders', partitions: [0, 1], offsets: [1, 1] }];
    const value = [{ groupId: 'billing', topics }];
    return changed(unassignedFrom(2)(snapshot)!, 'committed-offsets', { value });
  };
  story.watch('20m', readTwo);
  assertTold(story.watch('5m'), 'unassigned-partitions', [
    ['raised warning billing', 5.5, 6.1],
    ['cleared recovered billing', 20.5, 21.1],
  ]);
  const raised = story.transitions.find(({ code }) => code === 'unassigned-partitions')!;
  assert.deepEqual(raised.type === 'raised' && raised.evidence.unassigned, [{ topic: 'orders', partitions: [2, 3] }]);
});

test('unassigned-partitions: partitions were just added, and members take five minutes to see them', () => {
  const story = watching({}, { partitions: 4 }).watch('20m').watch('5m', unassignedFrom(2)).watch('10m');
  assertTold(story, 'unassigned-partitions', []);
});

test('unassigned-partitions: a topic that members subscribe to, and that nobody reads at all', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).topic('refunds', { rate: 1 });
  const story = new FindingStory(trace.group('billing', { topics: ['orders'], members: 1 }));
  const alsoRefunds = membership((group) => ({
    ...group,
    members: group.members!.map((member) => ({ ...member, subscribedTopics: ['orders', 'refunds', 'not-there'] })),
  }));
  assertTold(story.watch('10m', alsoRefunds), 'unassigned-partitions', [['raised warning billing', 5.5, 6.1]]);
});

test('unassigned-partitions: a pattern that Kafka does not tell counts with what its members have', () => {
  const story = watching({ type: 'consumer' });
  const byPattern = membership((group) => ({
    ...group,
    members: group.members!.map((member) => ({ ...member, subscribedTopics: null })),
  }));
  assertTold(story.watch('20m', byPattern), 'unassigned-partitions', []);
});

test('abandoned-group: nobody since before tidemark came, after an hour; it ends when somebody reads', () => {
  const story = watching({ members: 0, rate: 0, lag: 100 }).watch('90m');
  story.trace.setState('billing', 'Stable', 2).setRate('billing', 1000);
  assertTold(story.watch('5m'), 'abandoned-group', [
    ['raised info billing', 60, 61],
    ['cleared recovered billing', 90.5, 91.6],
  ]);
  const raised = story.transitions.find(({ code }) => code === 'abandoned-group')!;
  const { unreadRecords, timeToLossEarliestSeconds } = raised.type === 'raised' ? raised.evidence : {};
  assert.ok((unreadRecords as number) > 100_000);
  assert.ok((timeToLossEarliestSeconds as number) < 604_800);
});

test('abandoned-group: restarts neither end nor repeat it, nor do they put it off', () => {
  const story = watching({ members: 0, rate: 0, lag: 100 });
  for (const _ of '1234') story.watch('25m').restart();
  assertTold(story.watch('90m'), 'abandoned-group', [['raised info billing', 60, 61]]);
});

test('abandoned-group: commits by a simple consumer that stopped on one partition alone', () => {
  const story = watching({ members: 0 });
  story.trace.setRate('billing', 0, 1);
  assertTold(story.watch('70m'), 'abandoned-group', [['raised info billing', 60, 61]]);
  const raised = story.transitions.find(({ code }) => code === 'abandoned-group')!;
  assert.match(raised.type === 'raised' ? raised.summary : '', /^Nobody reads 1 of its 2 partitions for billing/);
});

test('abandoned-group: with nothing unread there is nothing to say', () => {
  assertTold(watching({ members: 0, rate: 0 }, { rate: 0 }).watch('3h'), 'abandoned-group', []);
});

test('dropped-topic: one finding a group and topic, until the commits expire', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).topic('payments', { partitions: 3, rate: 100 });
  const story = new FindingStory(trace.group('billing', { topics: ['orders', 'payments'] })).watch('20m');
  trace.unsubscribe('billing', 'payments');
  story.watch('20m');
  const expired: Distortion = (snapshot) => {
    const value = snapshot.reads['committed-offsets']!.value.map((group) => {
      return { ...group, topics: group.topics.filter(({ topic }) => topic !== 'payments') };
    });
    return changed(snapshot, 'committed-offsets', { value });
  };
  assertTold(story.watch('1m', expired), 'dropped-topic', [
    ['raised info billing payments', 20.2, 24],
    ['cleared unsubscribed billing payments', 40, 40.5],
  ]);
});

test('dropped-topic: subscribed again, it ends', () => {
  const trace = new TraceBuilder().topic('orders', { rate: 100 }).topic('payments', { rate: 100 });
  const story = new FindingStory(trace.group('billing', { topics: ['orders', 'payments'] })).watch('20m');
  story.watch(
    '10m',
    membership((group) => ({
      ...group,
      members: group.members!.map((member) => {
        return { ...member, subscribedTopics: ['orders'], assignment: [{ topic: 'orders', partitions: [0] }] };
      }),
    })),
  );
  // Its commits move on in this trace: somebody reads it by hand, so that it is none.
  assertTold(story, 'dropped-topic', []);
});

test('a group of which a policy mutes the lists keeps them as what they are: infos, muted', () => {
  const mute = ['abandoned-group'];
  const trace = new TraceBuilder().topic('orders', { rate: 100 });
  trace.group('billing', { topics: ['orders'], members: 0, rate: 0, lag: 100 });
  const engine = testEngine({ policies: [policy({ match: { group: 'billing' }, mute })] });
  const story = new FindingStory(trace, engine).watch('70m');
  assert.equal(story.transitions.find((one) => one.type === 'raised' && one.muted === true)?.code, 'abandoned-group');
});
