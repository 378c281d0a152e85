import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldedFindings } from '../../../web/model/finding-words.ts';
import {
  byDanger,
  byTrouble,
  keptWords,
  partitionCells,
  topicFigures,
  topicHeadline,
} from '../../../web/model/topic-words.ts';
import { inTrouble } from '../../support/page-fixture.ts';
import { finding } from '../../support/page-fixture-rows.ts';
import { topicAnswer, topicReport } from '../../support/page-fixture-views.ts';

const { groups } = inTrouble();
const orders = topicAnswer('orders', groups)!;
const payments = topicAnswer('payments', groups)!;
const open = finding('open-transaction', { topic: 'orders', severity: 'warning', summary: 'Open for 32 min' });
const lint = finding('single-replica', { topic: 'orders', severity: 'info', summary: 'One replica' });

const headlines: [name: string, ...Parameters<typeof topicHeadline>, string][] = [
  [
    'who loses data on it',
    { ...orders, readers: orders.readers.slice(0, 1) },
    [],
    ': 1 group that reads it loses data; every replica is in sync.',
  ],
  ['a finding of its own', { ...orders, readers: [] }, [lint, open], 'has a transaction open for too long.'],
  [
    'a finding that another explains',
    { ...orders, readers: [] },
    [{ ...open, cause: { code: 'x', id: 'y' } }],
    'has every replica in sync.',
  ],
  ['offline partitions before its findings', payments, [open], 'has 3 partitions offline.'],
  ['under min ISR before under-replicated', { ...payments, offline: 0 }, [], 'has 9 partitions under min ISR.'],
  [
    'a replica that lags behind',
    { ...payments, offline: 0, underMinIsr: 0 },
    [],
    'has 12 partitions under-replicated.',
  ],
];
for (const [name, topic, findings, expected] of headlines) {
  test(`headline: ${name}`, () => {
    const { lead, rest } = topicHeadline(topic, findings);
    assert.equal(`${lead}${rest}`, expected);
  });
}

test('figures: what is not known says why, never a nought', () => {
  const unknown = { produceRate: 'end-offset-unread', sizeBytes: 'size-unread', retentionMs: 'retention-unread' };
  const blank = { ...orders, produceRate: null, sizeBytes: null, retentionMs: null, unknown };
  assert.deepEqual(
    topicFigures(blank).map(({ text, label }) => `${text}: ${label}`),
    [
      'not known: written: the end offset was not read',
      'not known: size: the size of the log was not read',
      "the topic's retention was not read: kept; older records are deleted, read or not",
    ],
  );
  assert.deepEqual(
    topicFigures(orders).map(({ text }) => text),
    ['5,520 records/s', '312 GB', '7 d by time'],
  );
});

test('what is kept: by time, by size, by key', () => {
  const kept = (cleanupPolicy: string[]) => keptWords(topicReport('t', { cleanupPolicy, retentionBytes: 5e9 }));
  assert.equal(kept(['delete']), '7 d by time, 5.0 GB by size');
  assert.equal(kept(['compact', 'delete']), '7 d by time, 5.0 GB by size, compacted');
  assert.equal(kept(['compact']), 'compacted');
});

test('partitions: what is in trouble comes first, and an unread number is none', () => {
  const sorted = payments.partitionList.toSorted(byTrouble(2));
  assert.deepEqual(
    sorted.slice(0, 13).map(({ partition }) => partition),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0],
  );
  const cells = (partition: number) => partitionCells(payments.partitionList[partition]!, 2);
  assert.deepEqual([cells(2).leader, cells(2).inSync, cells(2).outOfSync], ['none: offline', 'none', '1, 2, 3']);
  assert.deepEqual([cells(0).records, cells(0).tone], ['1.2 M', 'good']);
  assert.deepEqual([cells(1).records, cells(1).size, cells(1).written], ['not read', 'not read', 'not known']);
  assert.equal(cells(9).tone, 'bad');
  assert.equal(cells(12).tone, 'warn');
});

test('readers of one outlook: the soonest loss first, then who is furthest behind', () => {
  const [reader] = orders.readers;
  const late = (groupId: string, timeToLossEarliestSeconds: number | null, maxTimeLagSeconds: number | null) => ({
    ...reader!,
    ...{ groupId, timeToLossEarliestSeconds, maxTimeLagSeconds },
  });
  const sorted = [late('a', null, null), late('b', null, 9), late('c', 60, 1), late('d', 5, 1)].toSorted(byDanger);
  assert.equal(sorted.map(({ groupId }) => groupId).join(''), 'dcba');
});

test('findings of one code on many partitions stand once, what differs stands alone', () => {
  const on = (partition: number, over = {}) =>
    finding('will-lose-data', {
      id: `w${partition}`,
      groupId: 'billing',
      topic: 'orders',
      partition,
      summary: '',
      ...over,
    });
  const cause = { code: 'will-lose-data', id: 'w1' };
  const stopped = finding('stopped', { id: 's', groupId: 'billing', severity: 'warning', cause, summary: '' });
  const folded = foldedFindings([on(1), on(2), on(3, { topic: 'refunds' }), stopped, on(4), on(5, { held: true })]);
  assert.deepEqual(
    folded.map(({ finding: { id }, depth, alike }) => `${id} ${depth} ${alike.map((one) => one.id)}`.trim()),
    ['w1 0 w2,w4', 's 1', 'w3 0', 'w5 0'],
  );
  assert.deepEqual(
    foldedFindings([on(1), on(2)]).map(({ alike }) => alike.length),
    [0, 0],
  );
});
