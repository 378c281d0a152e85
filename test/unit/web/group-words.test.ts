import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterCommands, groupCommands, shellWord } from '../../../web/model/commands.ts';
import { evidenceOf, offsetShares, retentionWords } from '../../../web/model/evidence.ts';
import { evidenceText, indentedByCause } from '../../../web/model/finding-words.ts';
import { askEveryMs, clusterFreshness, freshness } from '../../../web/model/freshness.ts';
import { groupHeadline } from '../../../web/model/group-headline.ts';
import { shownSeries } from '../../../web/model/series-order.ts';
import { billing, inTrouble, neverReached, wentBlind } from '../../support/page-fixture.ts';
import { clusterAnswer, finding, fixtureNowMs } from '../../support/page-fixture-rows.ts';
import { groupAnswer, topicReport } from '../../support/page-fixture-views.ts';

const group = groupAnswer(billing, inTrouble().findings);
const hot = group.series[17]!;

test('names from Kafka are quoted before they are pasted into a shell', () => {
  assert.equal(shellWord('orders-v1.eu'), 'orders-v1.eu');
  assert.equal(shellWord("it's $(here)"), `'it'\\''s $(here)'`);
  assert.match(groupCommands('b:9092', 'a b', null, []).join('\n'), /--group 'a b' --members/);
});

test('cluster commands follow what is found', () => {
  const commands = clusterCommands('b:9092', [{ code: 'under-min-isr' }]).join('\n');
  assert.match(commands, /--under-min-isr-partitions/);
  assert.doesNotMatch(commands, /--unavailable-partitions/);
  const disks = clusterCommands('b:9092', [{ code: 'disk-filling' }, { code: 'log-dir-offline' }]);
  assert.equal(disks.filter((command) => command.startsWith('kafka-log-dirs.sh')).length, 1, 'one command for both');
});

test('who holds a transaction open is looked for on each topic that has one', () => {
  const onTopic = (code: string, topic: string) => ({ code, topic });
  const found = [onTopic('open-transaction', 'a b'), onTopic('open-transaction', 'c'), onTopic('log-truncated', 'd')];
  const commands = clusterCommands('b:9092', found).filter((command) => command.includes('find-hanging'));
  assert.deepEqual(
    commands.map((command) => command.split('--topic ')[1]),
    ["'a b'", 'c'],
  );
  const [ofGroup] = groupCommands('b:9092', 'g', 'shown', [{ code: 'blocked-by-transaction' }]).slice(-1);
  assert.match(ofGroup!, /find-hanging .*--topic shown$/s);
});

test('evidence has every quantity with its method', () => {
  const lines = evidenceOf(hot, topicReport('orders'));
  assert.deepEqual(
    lines.map(({ name, value }) => `${name}: ${value}`),
    [
      'owner: owned',
      'written: 1,840 records/s',
      'read: 310 records/s',
      'trend: rising, +1,530 records/s',
      'unread: 1,210,334 records',
      'behind: 6 d 23 h',
      'commit delay: 6 d 23 h',
      'retention: over 99 % used',
      'loss: 41 to 49 min',
      'drain: never',
    ],
  );
  for (const { name, method } of lines) assert.notEqual(method, '', name);
});

test('what is unknown says why', () => {
  const lines = evidenceOf({ ...hot, consumeRate: null, unknown: { consumeRate: 'one-movement' } }, null);
  assert.equal(lines.find((line) => line.name === 'read')!.value, 'one commit seen; a rate needs two');
});

test('retention: both limits, none, or not read', () => {
  assert.equal(retentionWords(topicReport('t', { retentionBytes: 5e9 })), '7 d by time, 5.0 GB by size');
  assert.equal(retentionWords(topicReport('t', { retentionMs: null })), 'no limit');
  assert.equal(
    retentionWords(topicReport('t', { retentionMs: null, unknown: { retentionMs: 'retention-unread' } })),
    "the topic's retention was not read",
  );
});

test('an offset bar has its shares, and says where records are gone', () => {
  const shares = offsetShares({ ...hot, logStartOffset: 100, committedOffset: 150, endOffset: 300 });
  assert.deepEqual([shares!.read, shares!.unread, shares!.lost], [0.25, 0.75, false]);
  const lost = offsetShares({ ...hot, logStartOffset: 100, committedOffset: 50, endOffset: 300 });
  assert.deepEqual([lost!.read, lost!.unread, lost!.lost], [0, 1, true]);
  assert.equal(offsetShares({ ...hot, committedOffset: null }), null);
  assert.equal(offsetShares({ ...hot, logStartOffset: 5, committedOffset: 5, endOffset: 5 })!.unread, 0);
});

test('the partition looked at is the one of the address, else the one that the verdict is about', () => {
  assert.equal(shownSeries(group, { topic: 'orders', partition: 3 })!.partition, 3);
  assert.equal(shownSeries(group, { topic: null, partition: null })!.partition, 17);
  assert.equal(shownSeries({ ...group, worst: null }, { topic: 'gone', partition: 3 })!.partition, 17);
  assert.equal(shownSeries({ ...group, series: [] }, { topic: null, partition: null }), null);
});

test('the headline is the worst finding, else the outlook', () => {
  const { lead, rest } = groupHeadline(group);
  assert.equal(`${lead}${rest}`, 'will lose data on orders, partition 17.');
  const calm = groupHeadline({ ...group, outlook: 'keeps-up', findings: [] });
  assert.equal(`${calm.lead}${calm.rest}`, 'keeps up.');
});

test('what is explained stands beneath its cause', () => {
  const cause = finding('offline-partition', { topic: 't', partition: 1, summary: '' });
  const explained = finding('stalled', { groupId: 'g', cause: { code: cause.code, id: cause.id }, summary: '' });
  const elsewhere = finding('stopped', { groupId: 'h', cause: { code: 'x', id: 'not in this list' }, summary: '' });
  assert.deepEqual(
    indentedByCause([explained, elsewhere, cause]).map(({ finding: { code }, depth }) => `${depth} ${code}`),
    ['0 stopped', '0 offline-partition', '1 stalled'],
  );
});

test('a cause that is explained itself still shows what it explains', () => {
  const blind = finding('cluster-unreachable', { summary: '' });
  const offline = finding('offline-partition', { cause: { code: blind.code, id: blind.id }, summary: '' });
  const stuck = finding('stuck-partition', { cause: { code: offline.code, id: offline.id }, summary: '' });
  assert.deepEqual(
    indentedByCause([stuck, offline, blind]).map(({ finding: { code }, depth }) => `${depth} ${code}`),
    ['0 cluster-unreachable', '1 offline-partition', '2 stuck-partition'],
  );
});

test('evidence as text: aligned, rounded, what is nested by its path', () => {
  assert.equal(
    evidenceText({ a: 1.23456, long: 'words', n: ['y', 2], o: { i: null }, l: [{ x: 1 }], s: ['u', 'v w'], e: [] }),
    [
      'a       1.235',
      'long    words',
      'n       y, 2',
      'o.i     none',
      'l[0].x  1',
      's[0]    u',
      's[1]    v w',
      'e       none',
    ].join('\n'),
  );
});

const moments: [name: string, value: number, text: string][] = [
  ['fromMs', 1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
  ['joinedAtMs', 1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
  ['retentionMs', 1_700_000_000_000, '1700000000000 (20 k d)'],
  ['retentionMs', Number.MAX_SAFE_INTEGER, '9007199254740991 (104 M d)'],
  ['retentionMs', -1, '-1'],
  ['openSeconds', 930, '930 (16 min)'],
  ['silentSeconds', 59, '59'],
];
for (const [name, value, text] of moments) {
  test(`evidence ${name} ${value}`, () => assert.equal(evidenceText({ [name]: value }), `${name}  ${text}`));
}

test('data is old after three intervals, and not before a minute', () => {
  const at = (intervalMs: number, ageMs: number) => freshness(fixtureNowMs - ageMs, intervalMs, fixtureNowMs);
  assert.equal(at(2_000, 59_000).stale, false);
  assert.equal(at(2_000, 61_000).stale, true);
  assert.equal(at(30_000, 89_000).stale, false);
  assert.equal(at(30_000, 91_000).stale, true);
  assert.equal(freshness(null, 1, fixtureNowMs).words, 'not read yet');
});

test('while Kafka does not answer, reports still come: data is as old as what was read last', () => {
  const { clusters } = wentBlind();
  assert.equal(clusterFreshness(clusters[0]!, fixtureNowMs).words, 'read 14 min ago');
  assert.equal(clusterFreshness(neverReached().clusters[0]!, fixtureNowMs).words, 'not read yet');
});

test('the page asks as often as the fastest cluster is read', () => {
  const every = (...intervals: number[]) =>
    askEveryMs({ clusters: intervals.map((intervalMs) => clusterAnswer({ intervalMs })), serverMs: 0, version: '' });
  assert.equal(every(15_000, 5_000), 5_000);
  assert.equal(every(500), 2_000);
  assert.equal(every(60_000), 15_000);
});
