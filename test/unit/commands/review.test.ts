import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FindingReview } from '../../../src/commands/finding-review.ts';
import type { ClearReason, ClusterEvent, Finding, FindingSubject, Transition } from '../../../src/model/finding.ts';
import { runInProcess } from '../../support/command-run.ts';
import { FakeCluster } from '../store/fake-cluster.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const billing: FindingSubject = { groupId: 'billing', topic: 'orders', topicId: 'id-1', partition: 0 };

interface Story {
  code?: string;
  subject?: FindingSubject;
  severity?: Finding['severity'];
  fromMin: number;
  /** Without it: still open. */
  toMin?: number;
  reason?: ClearReason;
}

/** The transitions of findings, and what is open at the end, whose times are minutes. */
function told(stories: readonly Story[], sinceMs = 0): { transitions: Transition[]; open: Finding[] } {
  const transitions: Transition[] = [];
  const open: Finding[] = [];
  for (const { code = 'stalled', subject = billing, severity = 'warning', fromMin, toMin, reason } of stories) {
    const [fromMs, toMs] = [fromMin, toMin ?? 0].map((minute) => sinceMs + minute * minuteMs) as [number, number];
    const who = { ...subject, id: `${code} ${JSON.stringify(subject)} ${fromMin}`, cluster: 'c1', code, severity };
    const state = { sinceMs: fromMs, raisedAtMs: fromMs, held: false, cause: null, evidence: {}, summary: '' };
    const finding: Finding = { ...who, ...state };
    transitions.push({ ...finding, type: 'raised', atMs: fromMs });
    if (toMin === undefined) open.push(finding);
    else {
      const cleared = { type: 'cleared' as const, atMs: toMs, sinceMs: fromMs, lastedMs: toMs - fromMs };
      transitions.push({ ...who, ...cleared, reason: reason ?? 'recovered' });
    }
  }
  return { transitions: transitions.sort((a, b) => a.atMs - b.atMs), open };
}

function event(atMin: number, kind: ClusterEvent['kind'], subject: FindingSubject): ClusterEvent {
  return { atMs: atMin * minuteMs, kind, what: 'changed', subject, summary: '' };
}

function review(
  stories: readonly Story[],
  { events = [], fromMin = 0 }: { events?: ClusterEvent[]; fromMin?: number } = {},
) {
  const finding = new FindingReview(fromMin * minuteMs);
  const { transitions, open } = told(stories);
  finding.addAll(transitions, events);
  finding.addOpen(open);
  return finding.codes();
}

test('by code: raised, median length, reasons, still open; the worst first', () => {
  const codes = review([
    { fromMin: 0, toMin: 10 },
    { fromMin: 100, toMin: 130 },
    { fromMin: 200, toMin: 220, reason: 'superseded' },
    { fromMin: 400 },
    { code: 'lost-data', severity: 'critical', fromMin: 210, toMin: 230 },
  ]);
  assert.deepEqual(codes, [
    {
      ...{ code: 'lost-data', severity: 'critical', raised: 1, flaps: 0, withoutAction: 1, open: 0 },
      ...{ cleared: { recovered: 1 }, medianLengthMs: 20 * minuteMs },
    },
    {
      ...{ code: 'stalled', severity: 'warning', raised: 4, flaps: 0, withoutAction: 2, open: 1 },
      ...{ cleared: { recovered: 2, superseded: 1 }, medianLengthMs: 20 * minuteMs },
    },
  ]);
});

test('a flap is the same on the same subject within an hour of being cleared', () => {
  const cases: [name: string, second: Story, flaps: number][] = [
    ['within the hour', { fromMin: 70 }, 1],
    ['after it', { fromMin: 71 }, 0],
    ['another partition', { fromMin: 20, subject: { ...billing, partition: 1 } }, 0],
    ['a topic of that name that was created anew', { fromMin: 20, subject: { ...billing, topicId: 'id-2' } }, 0],
    ['another code', { fromMin: 20, code: 'stopped' }, 0],
  ];
  for (const [name, second, flaps] of cases) {
    const codes = review([{ fromMin: 0, toMin: 10 }, second]);
    assert.equal(
      codes.reduce((sum, code) => sum + code.flaps, 0),
      flaps,
      name,
    );
  }
});

test('what was raised before the span is not counted; that it was cleared makes a flap, that it is open is said', () => {
  const before = { fromMin: 0, toMin: 90 };
  const [code] = review([before, { fromMin: 120, toMin: 125 }, { fromMin: 1, subject: { groupId: 'old' } }], {
    fromMin: 100,
  });
  assert.deepEqual([code!.raised, code!.flaps, code!.open, code!.medianLengthMs], [1, 1, 1, 5 * minuteMs]);
});

test('it recovered without action where nothing was seen to happen to it while it was open', () => {
  const cases: [name: string, events: ClusterEvent[], stories: Story[], withoutAction: number][] = [
    ['nothing', [], [], 1],
    ['members of the group', [event(5, 'member', { groupId: 'billing' })], [], 0],
    ['at the poll that raised it', [event(0, 'member', { groupId: 'billing' })], [], 0],
    ['at the poll that cleared it', [event(10, 'member', { groupId: 'billing' })], [], 0],
    ['before it', [event(-1, 'member', { groupId: 'billing' })], [], 1],
    ['after it', [event(11, 'member', { groupId: 'billing' })], [], 1],
    ['members of another group', [event(5, 'member', { groupId: 'other' })], [], 1],
    ['settings of the topic', [event(5, 'config', { topic: 'orders' })], [], 0],
    ['a broker came back', [event(5, 'broker', { brokerId: 1 })], [], 0],
    ['a leader moved by itself', [event(5, 'leader', { topic: 'orders', partition: 0 })], [], 1],
    ['a rebalance of the same members', [event(5, 'rebalance', { groupId: 'billing' })], [], 1],
    ['offsets were moved', [], [{ code: 'skipped', fromMin: 5 }], 0],
  ];
  for (const [name, events, stories, withoutAction] of cases) {
    const codes = review([{ fromMin: 0, toMin: 10 }, ...stories], { events });
    assert.equal(codes.find(({ code }) => code === 'stalled')?.withoutAction, withoutAction, name);
  }
});

test('a finding that was told twice, as after a crash, is one', () => {
  const { transitions } = told([{ fromMin: 0, toMin: 10 }]);
  const finding = new FindingReview(0);
  finding.addAll([transitions[0]!, ...transitions], []);
  assert.equal(finding.codes()[0]?.raised, 1);
});

test('tidemark review prints what a store holds, while a daemon writes to it', async (t) => {
  const { store, directory } = temporaryStore(t);
  const fake = new FakeCluster({ topics: [], groups: [] });
  const nowMs = Date.now();
  const stories = [
    { fromMin: 0, toMin: 10 },
    { fromMin: 20, toMin: 40 },
    { code: 'stopped', fromMin: 50 },
  ];
  const { transitions, open } = told(stories, nowMs - 3 * hourMs);
  const remembered = { lastSeenMs: nowMs, lastMetMs: nowMs, heldSinceMs: null, openMs: 1, clearPolls: 0 };
  const memory = { ...fake.cycle(nowMs).memory, findings: open.map((finding) => ({ finding, ...remembered })) };
  store.commit(fake.cycle(nowMs - minuteMs, { transitions, memory }));
  const run = (...options: string[]) => runInProcess(['review', '--data-dir', directory, ...options]);

  const table = await run();
  assert.deepEqual([table.status, table.complaints], [0, []]);
  const [head, ...lines] = table.printed.trimEnd().split('\n');
  assert.match(head!, /^c1, the last 7d, kept since .*:$/);
  assert.deepEqual(lines, [
    'FINDING  WORST    RAISED  OPEN  MEDIAN LENGTH  FLAPS  WITHOUT ACTION',
    'stalled  warning       2     0         15 min      1               2',
    'stopped  warning       1     1              -      0               0',
  ]);
  const json = JSON.parse((await run('--json', '--cluster', 'c1', '--since', '170m')).printed);
  assert.deepEqual(
    json.codes.map(({ code, raised }: { code: string; raised: number }) => [code, raised]),
    [
      ['stalled', 1],
      ['stopped', 1],
    ],
  );
  assert.equal(json.toMs - json.fromMs, 170 * minuteMs);
  assert.match((await run('--since', '130m')).printed, /^c1, the last 130m/);

  for (const [options, said] of [
    [['--cluster', 'c2'], /holds no history of c2: name one of c1/],
    [['--since', 'soon'], /Write a number and a unit/],
    [['--data-dir', `${directory}/none`], /none cannot be read/],
  ] as const) {
    const { status, complaints } = await run(...options);
    assert.equal(status, 2);
    assert.match(complaints.join('\n'), said);
  }
});
