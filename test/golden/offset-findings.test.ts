/**
 * What offsets do, as whole traces through the real engine: what is raised, when at the earliest and at the latest, and what
 * looks alike and is none. The times are reasoned from the trace, not copied from a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { changed } from '../support/engine-run.ts';
import type { FindingStory } from './finding-story.ts';
import { orders, said, watching } from './offset-story.ts';

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

test('skipped: reset to the end while nobody is there; what was unread is counted', () => {
  const story = watching({ rate: 40 }).watch('20m');
  story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
  story.watch('3m');
  const unread = story.trace.endOffset('orders') - story.trace.committedOffset('billing', 'orders');
  story.trace.commit('billing', 'orders', 0, story.trace.endOffset('orders'));
  story.watch('15s');
  assert.deepEqual(said(story, 'skipped'), ['raised warning billing orders 0']);
  const raised = story.transitions.find(({ code }) => code === 'skipped')!;
  assert.equal(raised.type === 'raised' ? raised.evidence.skippedRecords : 0, unread);
  // Back to where it was: a tool once more.
  story.trace.commit('billing', 'orders', 0, story.trace.endOffset('orders') - unread);
  story.watch('15s');
  assert.deepEqual(said(story, 'rewound'), ['raised warning billing orders 0']);
  story.watch('61m');
  for (const code of ['skipped', 'rewound']) {
    assert.deepEqual(said(story, code)[1], 'cleared recovered billing orders 0', code);
  }
});

test('skipped: the group was deleted, and comes back at the end; and rewound, where it comes back at the beginning', () => {
  for (const [code, lag] of [
    ['skipped', 0],
    ['rewound', 1e9],
  ] as const) {
    const story = watching().watch('10m');
    story.trace.deleteGroup('billing');
    story.watch('5m');
    story.trace.group('billing', { ...orders, lag, rate: 0 });
    // Its members come back first, without a commit.
    const withoutCommits = (snapshot: Snapshot) => changed(snapshot, 'committed-offsets', { value: [] });
    story.watch('30s', withoutCommits).watch('15s');
    assert.deepEqual(said(story, code), ['raised warning billing orders 0', 'raised warning billing orders 1']);
  }
});

test('skipped: a member leaps ahead of what it always had before it; what it does not do then tells', () => {
  const story = watching({ rate: 100, lag: 0 }).away('1h');
  story.trace.setRate('billing', 0).advance(3_600_000).setRate('billing', 100);
  story.watch('10m');
  story.trace.commit('billing', 'orders', 0, story.trace.committedOffset('billing', 'orders') + 100_000);
  story.watch('30s');
  assert.deepEqual(said(story, 'skipped'), ['raised warning billing orders 0']);
  // To the end at once: nothing is left that it could race through.
  story.trace.commit('billing', 'orders', 1, story.trace.endOffset('orders', 1));
  story.watch('15s');
  assert.deepEqual(said(story, 'skipped').slice(1), ['raised warning billing orders 1']);
});

const notSkipped: Record<string, () => FindingStory> = {
  'it stood for an hour, and catches up over some polls': () => {
    const story = watching().watch('20m');
    story.trace.setRate('billing', 0);
    story.watch('3m').away('1h');
    story.trace.setRate('billing', 4000);
    return story.watch('20m');
  },
  'it was slow for half an hour, and catches up fifty times as fast': () => {
    const story = watching().watch('20m');
    story.trace.setRate('billing', 10);
    story.watch('30m');
    story.trace.setRate('billing', 5000);
    return story.watch('20m');
  },
  'it was down for 20 min, watched, and has caught up within one poll': () => {
    const story = watching().watch('20m');
    story.trace.setState('billing', 'Empty', 0).setRate('billing', 0);
    story.watch('20m');
    story.trace.setState('billing', 'Stable', 2).setRate('billing', 20_000);
    return story.watch('20m');
  },
  'it stood for a quarter of an hour, and has caught up after two polls': () => {
    const story = watching().watch('20m');
    story.trace.setRate('billing', 0);
    story.watch('15m');
    story.trace.setRate('billing', 4000);
    return story.watch('20m');
  },
  'it was slow for two hours, and caught up while polls were missed': () => {
    const story = watching().watch('20m');
    story.trace.setRate('billing', 10);
    story.watch('2h');
    story.trace.setRate('billing', 20_000);
    return story.away('2m').watch('20m');
  },
  'tidemark was away, restarted, and polls were missed while it caught up': () => {
    const story = watching().watch('20m');
    story.trace.setRate('billing', 10);
    story.watch('20m');
    story.trace.setRate('billing', 5000);
    return story.restart().away('5m').watch('20m').away('20m').watch('20m');
  },
  'DeleteRecords far beyond the commit, and a reset to the log start': () => {
    const story = watching({ rate: 40 }, { config: { retentionMs: -1 } }).watch('20m');
    const logStart = story.trace.endOffset('orders') - 1000;
    story.trace.deleteRecords('orders', 0, logStart).commit('billing', 'orders', 0, logStart);
    return story.watch('20m');
  },
  'retention passes it, and it resets': () =>
    watching({ rate: 25 }, { config: { retentionMs: 1_800_000, segmentMs: 60_000 } }).watch('2h'),
  'MirrorMaker syncs once a minute, and after a night in one go': () => {
    const story = watching({ members: 0, commitEveryMs: 60_000 }).watch('20m');
    story.trace.setRate('billing', 0);
    story.watch('3h');
    story.trace.setRate('billing', 1e6);
    story.watch('20m').restart().watch('10m');
    story.trace.setRate('billing', 0);
    story.watch('1h');
    story.trace.setRate('billing', 1e6);
    return story.watch('20m');
  },
  'its members are replaced by a consumer that only commits, and that rests for an hour': () => {
    const story = watching().watch('20m');
    story.trace.setState('billing', 'Empty', 0);
    story.watch('10m');
    story.trace.setRate('billing', 0);
    story.watch('1h');
    story.trace.setRate('billing', 1e6);
    return story.watch('20m');
  },
  'a job of ten seconds once an hour, that polls see now and then': () => {
    const story = watching({ rate: 0 });
    for (let run = 0; run < 8; run++) {
      story.trace
        .setRate('billing', 1e6)
        .setState('billing', run % 2 === 0 ? 'Stable' : 'Empty', run % 2 === 0 ? 2 : 0);
      story.watch('15s');
      story.trace.setRate('billing', 0).setState('billing', 'Empty', 0);
      story.watch('59m45s');
    }
    return story;
  },
  'its first commits': () => {
    const story = watching({ rate: 0 }).watch('5m', (snapshot) =>
      changed(snapshot, 'committed-offsets', { value: [{ groupId: 'billing', topics: [] }] }),
    );
    story.trace.setRate('billing', 1e6);
    return story.watch('10m');
  },
  'its commits are gone for three polls while its members read on': () => {
    const story = watching().watch('20m');
    story.watch('45s', (snapshot) =>
      changed(snapshot, 'committed-offsets', { value: [{ groupId: 'billing', topics: [] }] }),
    );
    return story.watch('20m');
  },
  'the topic is created anew while it is away': () => {
    const story = watching().watch('10m');
    story.trace.deleteTopic('orders').topic('orders', { partitions: 2, rate: 100, topicId: 'another' });
    story.trace.group('billing', orders);
    return story.watch('20m');
  },
};
for (const [name, story] of Object.entries(notSkipped)) {
  test(`neither skipped nor rewound: ${name}`, () => {
    const told = story();
    assert.deepEqual([...said(told, 'skipped'), ...said(told, 'rewound')], []);
  });
}

test('rewound: after a truncation a reset to the new end is no way back: what it passes is not there any more', () => {
  const story = watching().watch('10m');
  story.trace.setRate('billing', 0);
  story.watch('45s', cutOff(5000));
  story.trace.commit('billing', 'orders', 0, story.trace.endOffset('orders') - 5000);
  story.watch('5m', cutOff(5000));
  assert.deepEqual(said(story, 'rewound'), []);
});
