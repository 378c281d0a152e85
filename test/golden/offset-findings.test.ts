/**
 * What offsets do, as whole traces through the real engine: what is raised, when at the earliest and at the latest, and what
 * looks alike and is none. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { changed } from '../support/engine-run.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';

const orders = { topics: ['orders'], members: 2 };

/** Two partitions with 100 records a second each, read by `billing`. */
function watching(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 2, rate: 100, ...topic });
  return new FindingStory(trace.group('billing', { ...orders, ...group }));
}

/** The lines of one code, without their minutes. */
function said(story: FindingStory, code: string): string[] {
  return story.transitions.flatMap((one) => {
    if (one.code !== code) return [];
    const what = one.type === 'cleared' ? one.reason : one.type === 'raised' ? one.severity : one.changed.join();
    return [
      `${one.type} ${what} ${[one.groupId, one.topic, one.partition].filter((name) => name !== undefined).join(' ')}`,
    ];
  });
}

/** The ends of all partitions, so much lower. */
function cutOff(by: number) {
  return (snapshot: Snapshot): Snapshot => {
    const value = snapshot.reads['end-offsets']!.value.map((ends) => {
      const lower = ends.highWatermarks.map((end) => end - by);
      return { ...ends, highWatermarks: lower, lastStableOffsets: lower };
    });
    return changed(snapshot, 'end-offsets', { value });
  };
}

test('log-truncated at the second poll; whoever stands beyond the end by then is explained by it', () => {
  const story = watching().watch('10m');
  story.watch('15s', cutOff(5000));
  assert.deepEqual(story.told, []);
  story.watch('15s', cutOff(5000));
  assert.deepEqual(said(story, 'log-truncated'), ['raised critical orders 0', 'raised critical orders 1']);
  story.watch('30s', cutOff(5000));
  const ahead = story.transitions.filter(({ code }) => code === 'offset-ahead-of-log');
  assert.deepEqual(said(story, 'offset-ahead-of-log'), [
    'raised warning billing orders 0',
    'raised warning billing orders 1',
  ]);
  assert.ok(ahead.every((one) => one.type === 'raised' && one.cause?.code === 'log-truncated'));
  // The log has grown beyond the commits again: 50 s at 100/s; the truncation is kept for an hour.
  story.trace.setRate('billing', 0);
  story.watch('3m', cutOff(5000));
  assert.deepEqual(said(story, 'offset-ahead-of-log').slice(2), [
    'cleared recovered billing orders 0',
    'cleared recovered billing orders 1',
  ]);
  story.trace.setRate('billing', 1000);
  story.watch('70m', cutOff(5000));
  assert.deepEqual(said(story, 'log-truncated').slice(2), ['cleared recovered orders 0', 'cleared recovered orders 1']);
});

test('log-truncated survives a restart between its two polls, and is not raised anew by one', () => {
  const story = watching().watch('10m');
  story.watch('15s', cutOff(5000)).restart();
  // What the store gives back: the ends as they were believed.
  story.watch('15s').watch('30s', cutOff(5000));
  assert.equal(said(story, 'log-truncated').length, 2);
  story.restart().watch('5m', cutOff(5000));
  assert.equal(said(story, 'log-truncated').length, 2);
});

test('no log-truncated: a stale answer of one poll; a topic created anew, even where Metadata fails meanwhile', () => {
  const story = watching().watch('10m');
  story.watch('15s', cutOff(5000)).watch('1m').watch('15s', cutOff(500)).watch('1m');
  const withoutMetadata = (snapshot: Snapshot): Snapshot => {
    const { cluster: _unread, ...reads } = snapshot.reads;
    return { ...snapshot, reads, failures: [{ collector: 'cluster', code: 'upstream.timeout' }] };
  };
  story.trace.deleteTopic('orders').topic('orders', { partitions: 2, rate: 100, topicId: 'another' });
  story.trace.group('billing', orders);
  story.watch('45s', withoutMetadata).watch('10m');
  assert.deepEqual(said(story, 'log-truncated'), []);
});

test('offset-ahead-of-log: a commit beyond the end, by nobody but a tool', () => {
  const story = watching({ rate: 0 }).watch('10m');
  story.trace.commit('billing', 'orders', 0, story.trace.endOffset('orders') + 50_000);
  story.watch('2m');
  assert.deepEqual(said(story, 'offset-ahead-of-log'), ['raised warning billing orders 0']);
  const raised = story.transitions.find(({ code }) => code === 'offset-ahead-of-log')!;
  assert.equal(raised.type === 'raised' ? raised.cause : undefined, null);
  assert.ok(raised.atMs - story.trace.startMs <= 10.5 * 60_000);
});
