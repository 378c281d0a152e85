/**
 * What becomes of commits, as whole traces through the real engine: what is raised, when at the earliest and at the latest, and what
 * looks alike and is none. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, Snapshot } from '../../src/model/snapshot.ts';
import { changed, testEngine } from '../support/engine-run.ts';
import { TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';
import { orders, said, watching, withoutCommits } from './offset-story.ts';

test('never-committed: ten minutes after the first record that came, until the first commit', () => {
  const story = watching({}, { rate: 0 }).watch('30m', withoutCommits);
  assert.deepEqual(story.told, [], 'nothing has come that could be read');
  story.trace.append('orders', 1, 1);
  story.watch('10m', withoutCommits);
  assert.deepEqual(story.told, []);
  // One poll until the ends show it, one that must exceed the ten minutes, one that shows it again.
  story.watch('1m', withoutCommits);
  assert.deepEqual(said(story, 'never-committed'), ['raised warning billing orders 1']);
  story.restart().watch('5m', withoutCommits);
  assert.deepEqual(said(story, 'never-committed').slice(1), [], 'a restart neither clears nor raises it anew');
  story.watch('1m');
  assert.deepEqual(said(story, 'never-committed').slice(1), ['cleared recovered billing orders 1']);
});

test('no never-committed: commits that could not be read; a reader that takes nine minutes for its first batch', () => {
  const failures: Failure[] = [
    { collector: 'committed-offsets', code: 'upstream.denied', topics: [{ topic: 'orders' }] },
  ];
  const story = watching().watch('40m', (snapshot) =>
    changed(withoutCommits(snapshot), 'committed-offsets', { failures }),
  );
  story.watch('9m30s', withoutCommits).watch('10m');
  assert.deepEqual(said(story, 'never-committed'), []);
});

/** Brokers that keep commits for two hours: a quarter of that before their end, it is said. */
function kept(snapshot: Snapshot): Snapshot {
  return changed(snapshot, 'broker-configs', { value: { offsetsRetentionMs: 7_200_000 } });
}

test('offsets-expiring: a quarter of what the broker keeps before they go, over a restart, until members come', () => {
  const story = watching().watch('10m', kept);
  story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  story.watch('60m', kept).restart().watch('29m', kept);
  assert.deepEqual(said(story, 'offsets-expiring'), []);
  story.watch('2m', kept);
  assert.deepEqual(said(story, 'offsets-expiring'), ['raised warning billing']);
  story.trace.setState('billing', 'Stable', 2).setRate('billing', 1000);
  story.watch('1m', kept);
  assert.deepEqual(said(story, 'offsets-expiring').slice(1), ['cleared recovered billing']);
});

test('offsets-expiring begins anew with a commit; it ends with the group', () => {
  const story = watching().watch('10m', kept);
  story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  story.watch('80m', kept);
  story.trace.commit('billing', 'orders', 0, story.trace.committedOffset('billing', 'orders') + 10);
  story.watch('60m', kept);
  assert.deepEqual(said(story, 'offsets-expiring'), []);
  story.watch('31m', kept);
  story.trace.deleteGroup('billing');
  story.watch('1m', kept);
  assert.deepEqual(said(story, 'offsets-expiring'), ['raised warning billing', 'cleared group-deleted billing']);
});

test('no offsets-expiring: first seen without members; a simple consumer; a group with members that stands', () => {
  const unseen = watching({ rate: 0 });
  unseen.trace.setState('billing', 'Empty', 0);
  const standing = watching({ rate: 0 });
  const simple = watching({ members: 0 }).watch('10m', kept);
  simple.trace.setRate('billing', 0);
  for (const story of [unseen, standing, simple]) {
    assert.deepEqual(said(story.watch('3h', kept), 'offsets-expiring'), []);
  }
});

/** Of every group and partition, only what `keep` says. */
function onlyCommits(keep: (partition: number) => boolean) {
  return (snapshot: Snapshot): Snapshot => {
    const value = snapshot.reads['committed-offsets']!.value.map(({ groupId, topics }) => ({
      groupId,
      topics: topics.map(({ topic, partitions, offsets }) => ({
        topic,
        partitions: partitions.filter(keep),
        offsets: offsets.filter((_, index) => keep(partitions[index]!)),
      })),
    }));
    return changed(snapshot, 'committed-offsets', { value });
  };
}

test('offsets-gone: a commit vanishes while its member goes on; told once, after Metadata has named the topic twice more', () => {
  const story = watching({ rate: 0 }).watch('10m');
  const broken = onlyCommits((partition) => partition === 0);
  story.watch('30s', broken);
  assert.deepEqual(said(story, 'offsets-gone'), []);
  story.watch('15s', broken);
  assert.deepEqual(said(story, 'offsets-gone'), ['raised critical billing']);
  const raised = story.transitions.find(({ code }) => code === 'offsets-gone')!;
  assert.deepEqual(raised.type === 'raised' && [raised.evidence.how, raised.evidence.partitions], ['with-members', 1]);
  story.watch('62m', broken);
  assert.deepEqual(said(story, 'offsets-gone').slice(1), ['cleared recovered billing']);
});

test('offsets-gone: the whole group, which had members at the last poll', () => {
  const story = watching({ rate: 50 }).watch('10m');
  story.trace.deleteGroup('billing');
  story.watch('45s');
  assert.deepEqual(said(story, 'offsets-gone'), ['raised critical billing']);
});

test('offsets-gone: a group that left cleanly and was deleted is no finding until it is in use again within a day', () => {
  const story = watching().watch('10m');
  story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  story.watch('2m');
  story.trace.deleteGroup('billing');
  story.watch('5h');
  assert.deepEqual(said(story, 'offsets-gone'), []);
  story.trace.group('billing', orders);
  story.watch('1m');
  assert.deepEqual(said(story, 'offsets-gone'), ['raised critical billing']);
});

const nothingGone: Record<string, () => FindingStory> = {
  'an answer that lacks them for one poll': () =>
    watching({ rate: 0 })
      .watch('10m')
      .watch(
        '15s',
        onlyCommits(() => false),
      )
      .watch('10m'),
  'they could not be read': () => {
    const failures: Failure[] = [{ collector: 'committed-offsets', code: 'upstream.timeout', brokerId: 1 }];
    const unread = (snapshot: Snapshot) => changed(withoutCommits(snapshot), 'committed-offsets', { failures });
    return watching({ rate: 0 }).watch('10m').watch('10m', unread).watch('10m');
  },
  'tidemark may not see everything': () => {
    const filtered = (snapshot: Snapshot): Snapshot => ({ ...withoutCommits(snapshot), completeness: 'filtered' });
    return watching({ rate: 0 }).watch('10m').watch('10m', filtered).watch('10m');
  },
  'the topic is deleted: the commits go at once, and Metadata is late': () => {
    const story = watching().watch('10m');
    story.watch(
      '15s',
      onlyCommits(() => false),
    );
    const failures: Failure[] = [{ collector: 'cluster', code: 'upstream.stale', topics: [{ topic: 'orders' }] }];
    story.watch('15s', (snapshot) => changed(onlyCommits(() => false)(snapshot), 'cluster', { failures }));
    story.trace.deleteTopic('orders');
    return story.watch('10m');
  },
  'an unsubscribed topic, whose commits the broker forgets': () => {
    const trace = new TraceBuilder().topic('orders', { rate: 20 }).topic('payments', { rate: 20 });
    const story = new FindingStory(trace.group('billing', { topics: ['orders', 'payments'] })).watch('10m');
    trace.unsubscribe('billing', 'payments');
    story.watch('10m');
    return story.watch('10m', (snapshot) => {
      const value = snapshot.reads['committed-offsets']!.value.map(({ groupId, topics }) => ({
        groupId,
        topics: topics.filter(({ topic }) => topic !== 'payments'),
      }));
      return changed(snapshot, 'committed-offsets', { value });
    });
  },
  'an unused group is deleted, and comes back after two days': () => {
    const trace = new TraceBuilder({ intervalMs: 60_000 }).topic('orders', { rate: 1 });
    const story = new FindingStory(trace.group('billing', orders), testEngine({ intervalMs: 60_000 })).watch('10m');
    trace.setState('billing', 'Empty', 0);
    story.watch('10m');
    trace.deleteGroup('billing');
    story.watch('25h');
    trace.group('billing', orders);
    return story.watch('1h');
  },
  'tidemark was away while it stopped and was deleted': () => {
    const story = watching().watch('10m');
    story.trace.deleteGroup('billing');
    return story.away('20m').watch('10m');
  },
};
for (const [name, story] of Object.entries(nothingGone)) {
  test(`no offsets-gone: ${name}`, () => assert.deepEqual(said(story(), 'offsets-gone'), []));
}
