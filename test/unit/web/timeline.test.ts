import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventAnswer } from '../../../src/model/wire.ts';
import { axisWords, happenings, lanesOf } from '../../../web/model/timeline.ts';
import { finding, fixtureNowMs } from '../../support/page-fixture-rows.ts';

const hourMs = 3_600_000;
const span = { fromMs: fixtureNowMs - 4 * hourMs, toMs: fixtureNowMs };

function event(kind: string, hoursAgo: number): EventAnswer {
  return {
    cluster: 'c',
    atMs: fixtureNowMs - hoursAgo * hourMs,
    kind,
    what: 'x',
    subject: {},
    summary: `${kind} ${hoursAgo}`,
  };
}

function lane(label: string, events: readonly EventAnswer[], open: Parameters<typeof lanesOf>[1] = []) {
  return lanesOf({ events, transitions: [] }, open, span).find((one) => one.label === label)!;
}

test('every lane is there, that nothing changed is an answer', () => {
  const labels = lanesOf({ events: [], transitions: [] }, [], span).map((one) => `${one.label} ${one.count}`);
  assert.deepEqual(labels, ['findings 0', 'members 0', 'config 0', 'leaders 0', 'tidemark 0']);
});

test('moments lie where they happened; those outside the span are left out', () => {
  const members = lane('members', [event('rebalance', 1), event('member', 5)]);
  assert.equal(members.count, 1);
  assert.equal(members.rows[0]![0]!.from, 0.75);
});

test('a storm of events is few marks, and each still tells', () => {
  const storm = Array.from({ length: 500 }, (_, index) => event('member', 1 + index / 1e6));
  const members = lane('members', storm);
  assert.equal(members.count, 500);
  assert.ok(members.rows[0]!.length <= 2);
  assert.ok(members.rows[0]!.some((mark) => /and \d+ more/.test(mark.title)));
});

test('an open finding lasts until now, worst in the first row; infos are left out', () => {
  const warning = finding('stopped', {
    severity: 'warning',
    groupId: 'a',
    sinceMs: fixtureNowMs - 3 * hourMs,
    summary: '',
  });
  const critical = finding('will-lose-data', { groupId: 'b', sinceMs: fixtureNowMs - hourMs, summary: '' });
  const info = finding('lag-cliff', { severity: 'info', groupId: 'c', summary: '' });
  const { rows, count } = lane('findings', [], [warning, critical, info]);
  assert.equal(count, 2);
  assert.deepEqual(
    rows.map((row) => row.map((bar) => [bar.tone, bar.from, bar.width])),
    [[['bad', 0.75, 0.25]], [['warn', 0.25, 0.75]]],
  );
});

test('a cleared finding ends where it was cleared', () => {
  const { id, cluster, code, severity, groupId } = finding('stopped', {
    severity: 'warning',
    groupId: 'a',
    summary: '',
  });
  const cleared = {
    type: 'cleared' as const,
    ...{ id, cluster, code, severity, groupId: groupId! },
    sinceMs: fixtureNowMs - 3 * hourMs,
    atMs: fixtureNowMs - 2 * hourMs,
    lastedMs: hourMs,
    reason: 'recovered' as const,
  };
  const answer = { events: [], transitions: [cleared] };
  const [bar] = lanesOf(answer, [], span)[0]!.rows[0]!;
  assert.deepEqual([bar!.from, bar!.width], [0.25, 0.25]);
  assert.equal(happenings(answer, [], span, 9)[0]!.what, 'a has stopped: recovered');
});

test('the axis ends with now', () => {
  assert.deepEqual(axisWords(span, 'UTC'), ['22:55', '23:55', '00:55', '01:55', 'now']);
});

test('the list has what is open once, also where the store has no transition of it', () => {
  const open = finding('stopped', { severity: 'warning', groupId: 'a', summary: 'now 9 min' });
  const raised = { ...open, summary: 'then 2 min', type: 'raised' as const, atMs: open.raisedAtMs };
  const texts = (transitions: (typeof raised)[]) =>
    happenings({ events: [event('member', 1)], transitions }, [open], span, 9).map(({ what }) => what);
  assert.deepEqual(texts([raised]), ['now 9 min', 'member 1']);
  assert.deepEqual(texts([]), ['now 9 min', 'member 1']);
});
