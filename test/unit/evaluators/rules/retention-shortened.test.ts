import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicRow } from '../../../../src/evaluators/rows/topic-row.ts';
import { retentionShortened } from '../../../../src/evaluators/rules/retention-shortened.ts';
import type { TopicConfig } from '../../../../src/model/snapshot.ts';
import { hour, minute } from '../../../support/rule-rows.ts';
import { topicReader, topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const daily = { retentionMs: 24 * hour, retentionBytes: -1, cleanupPolicy: ['delete'] };

function changed(before: TopicConfig, now: TopicConfig, over: Partial<TopicRow> = {}): Partial<TopicRow> {
  return { config: now, change: { configBefore: before }, ...over };
}

const toAnHour = changed(daily, { ...daily, retentionMs: hour });
const reads = (...readers: Parameters<typeof topicReader>[0][]) => ({ ...toAnHour, readers: readers.map(topicReader) });
const late = { timeLagSeconds: 3600 };

testRule(retentionShortened, topicRow, [
  ['nothing changed', {}, 'clear recovered'],
  ['from a day to an hour, and everybody is in time', toAnHour, 'raise info'],
  ['it was lengthened', changed(daily, { ...daily, retentionMs: 25 * hour }), 'clear recovered'],
  ['from unlimited to a day', changed({ ...daily, retentionMs: -1 }, daily), 'raise info'],
  ['by size', changed({ ...daily, retentionBytes: 2e9 }, { ...daily, retentionBytes: 1e9 }), 'raise info'],
  ['a size where there was none', changed(daily, { ...daily, retentionBytes: 1e9 }), 'raise info'],
  ['compacted for ever, now deleted too', changed({ ...daily, cleanupPolicy: ['compact'] }, daily), 'raise info'],
  [
    'compacted only: retention deletes nothing',
    changed({ ...daily, cleanupPolicy: ['compact'] }, { ...daily, cleanupPolicy: ['compact'], retentionMs: hour }),
    'clear recovered',
  ],
  ['retention was never read before', changed({ minInSyncReplicas: 1 }, daily), 'clear recovered'],
  [
    'its cleanup policy was never read before',
    changed({ retentionMs: 24 * hour }, { ...daily, retentionMs: hour }),
    'raise info',
  ],
  [
    'a tiered topic becomes a local one: its size was not known before',
    changed(
      { ...daily, retentionBytes: 1e9, remoteStorageEnable: true },
      { ...daily, retentionBytes: 1e9, remoteStorageEnable: false },
    ),
    'clear recovered',
  ],
  ['settings are gone', { config: null, change: { configBefore: daily } }, 'unknown retention-unread'],
  ['a group is an hour behind', reads(late), 'raise warning'],
  ['a group is not quite an hour behind', reads({ timeLagSeconds: 3599 }), 'raise info'],
  ['half an hour behind, and too slow', reads({ timeLagSeconds: 1800, outlook: 'loses-first' }), 'raise warning'],
  ['a poll behind, and too slow just now', reads({ timeLagSeconds: 1799, outlook: 'loses-first' }), 'raise info'],
  ['it lost records under the old retention too', reads({ timeLagSeconds: 25 * 3600 }), 'raise info'],
  ['it left the topic', reads({ ...late, ownership: 'dropped' }), 'raise info'],
  ['it was idle when tidemark came', reads({ ...late, ownership: 'orphaned', everMoved: false }), 'raise info'],
  ['it stopped while tidemark watched', reads({ ...late, ownership: 'orphaned' }), 'raise warning'],
  ['time lag is not known', reads({ timeLagSeconds: null }), 'raise info'],
  ['Metadata is old', { ...toAnHour, staleCollector: 'cluster' }, 'unknown stale'],
]);

test('retention-shortened: by size, a group that has more unread bytes than are kept', () => {
  const over = changed({ ...daily, retentionBytes: 2e9 }, { ...daily, retentionBytes: 1e9 });
  const { severity, evidence } = raisedBy(
    retentionShortened,
    topicRow({ ...over, readers: [topicReader({ unreadBytes: 1.5e9 })] }),
  );
  assert.equal(severity, 'warning');
  assert.equal(
    retentionShortened.summary(evidence as never, { topic: 'orders' }),
    'orders keeps 1,000,000,000 bytes a partition instead of 2,000,000,000 bytes a partition of its records: billing will lose unread records',
  );
});

test('retention-shortened: names the worst partition of each group that loses, worst first', () => {
  const row = topicRow(
    reads(
      { groupId: 'audit', timeLagSeconds: 2 * 3600 },
      { partition: 0, timeLagSeconds: 3 * 3600 },
      { partition: 1, timeLagSeconds: 4 * 3600 },
      { groupId: 'live', timeLagSeconds: 1 },
    ),
  );
  const { evidence } = raisedBy(retentionShortened, row);
  const { losers, ...limits } = evidence as { losers: { groupId: string; partition: number; usedNow: number }[] };
  assert.deepEqual(
    losers.map(({ groupId, partition, usedNow }) => [groupId, partition, usedNow]),
    [
      ['billing', 1, 4],
      ['audit', 0, 2],
    ],
  );
  assert.deepEqual(limits, {
    retentionMsBefore: 24 * hour,
    retentionMs: hour,
    retentionBytesBefore: null,
    retentionBytes: null,
    loserCount: 2,
  });
  assert.equal(
    retentionShortened.summary(evidence as never, { topic: 'orders' }),
    'orders keeps 1 h instead of 1 d of its records: billing and 1 other group will lose unread records',
  );
});

test('retention-shortened: where nobody loses it says so', () => {
  const { evidence } = raisedBy(
    retentionShortened,
    topicRow(changed({ ...daily, retentionMs: -1 }, { ...daily, retentionMs: 90 * minute })),
  );
  assert.equal(
    retentionShortened.summary(evidence as never, { topic: 'orders' }),
    'orders keeps 1 h 30 min instead of all of its records: no group loses by it now',
  );
});
