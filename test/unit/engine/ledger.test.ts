import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../src/evaluators/rule.ts';
import { hour, minute, policy } from '../../support/rule-rows.ts';
import { plainRule, pollMs, Story, startMs, told, twoAndThree, verdicts } from './ledger-story.ts';

type Letter = keyof typeof verdicts;

/** One letter a poll: R the condition holds, B it builds up (E: near the edge), C it does not, U its data are unread, ? they do not decide, S another code says more. */
const polls = [
  ['one poll is no finding', 'RCRCRC', ''],
  ['two polls in a row are', 'RR', 'raised@2'],
  ['it stays raised without a word', 'RRRRRR', 'raised@2'],
  ['three good polls clear it', 'RRCCC', 'raised@2 cleared:recovered@5'],
  ['two good polls do not', 'RRCCRCCR', 'raised@2'],
  ['flapping is one finding', 'RRCRCRCCRCCC', 'raised@2 cleared:recovered@12'],
  ['raised again, it is another one', 'RRCCCRR', 'raised@2 cleared:recovered@5 raised@7'],
  ['an unread poll does not interrupt a streak', 'RUR', 'raised@3'],
  ['an undecided poll does not either', 'R?R', 'raised@3'],
  ['unread rows hold it', 'RRUUU', 'raised@2 changed:held@3'],
  ['read again, it is held no more', 'RRUUR', 'raised@2 changed:held@3 changed:held@5'],
  [
    'held, it clears by good polls only, and the count goes on',
    'RRCUUCC',
    'raised@2 changed:held@4 changed:held@6 cleared:recovered@7',
  ],
  ['rows that are read but do not decide hold nothing', 'RR????', 'raised@2'],
  ['unread before it was a finding: forgotten after a minute', 'RUUUUUURR', 'raised@9'],
  ['what builds up counts, but raises nothing', 'BBBB', ''],
  ['built up long enough, it is raised at the first poll that shows it whole', 'BBR', 'raised@3'],
  ['the streak goes on while it builds up', 'RBR', 'raised@3'],
  ['nothing that built up is left after a good poll', 'BCR', ''],
  ['to what is open, building up is recovering', 'RRBBB', 'raised@2 cleared:recovered@5'],
  ['but not near the edge', 'RREEEEE', 'raised@2'],
  ['near the edge it builds up all the same', 'EER', 'raised@3'],
  ['superseded at once, not after three polls', 'RRS', 'raised@2 cleared:superseded@3'],
  ['superseded before it was a finding: nothing to say', 'RSRR', 'raised@4'],
] as const;
for (const [because, letters, expected] of polls) {
  test(`ledger: ${because}: ${letters}`, () => {
    const story = new Story();
    for (const letter of letters) story.poll([{ verdict: verdicts[letter as Letter] }]);
    assert.equal(told(story.transitions), expected);
  });
}

test('ledger: sinceMs is the first poll that showed it, lastedMs runs from there', () => {
  const story = new Story();
  for (const letter of 'CRRCCC') story.poll([{ verdict: verdicts[letter as Letter] }]);
  const [raised, cleared] = story.transitions;
  assert.deepEqual(
    [raised?.type === 'raised' && raised.sinceMs, raised?.type === 'raised' && raised.raisedAtMs],
    [startMs + 2 * pollMs, startMs + 3 * pollMs],
  );
  assert.equal(cleared?.type === 'cleared' && cleared.lastedMs, 4 * pollMs);
  assert.equal(cleared?.id, raised?.id);
});

test('ledger: sinceMs is the first poll that showed it whole, however long it was building up', () => {
  const story = new Story();
  for (const letter of 'BBBRCCC') story.poll([{ verdict: verdicts[letter as Letter] }]);
  const [raised, cleared] = story.transitions;
  assert.equal(raised?.type === 'raised' && raised.sinceMs, startMs + 4 * pollMs);
  assert.equal(cleared?.type === 'cleared' && cleared.lastedMs, 3 * pollMs);
});

test('ledger: a condition must last its time as well as its polls', () => {
  const story = new Story();
  const hysteresis = { ...twoAndThree, raiseAfterPolls: 8, raiseAfter: 4 * minute };
  for (let poll = 0; poll < 20; poll++) story.poll([{ hysteresis, verdict: verdicts.R }]);
  assert.equal(told(story.transitions), 'raised@17');
});

test('ledger: what was seen before and after twenty minutes away is no condition of twenty minutes', () => {
  const story = new Story();
  const hysteresis = { ...twoAndThree, raiseAfter: 15 * minute };
  for (const afterMs of [pollMs, pollMs, 20 * minute, pollMs])
    story.poll([{ hysteresis, verdict: verdicts.R }], afterMs);
  assert.deepEqual(story.transitions, []);
});

test('ledger: a step of the wall clock changes neither time nor length of a finding', () => {
  const story = new Story();
  const hysteresis = { ...twoAndThree, raiseAfter: 15 * minute };
  story.poll([{ hysteresis, verdict: verdicts.R }]);
  story.atMs += hour;
  story.poll([{ hysteresis, verdict: verdicts.R }]);
  assert.deepEqual(story.transitions, []);
});

const kept = { raiseAfterPolls: 1, raiseAfter: 0, clearAfterPolls: 1, keepFor: hour };

test('ledger: an event is raised at once, kept for an hour, and renewed by another', () => {
  const story = new Story();
  const rule = { ...plainRule, renew: (before: object, now: object) => ({ lost: lostIn(before) + lostIn(now) }) };
  const shown = (lost: number): Verdict => ({ is: 'raise', evidence: { lost } });
  for (let poll = 1; poll <= 400; poll++) {
    const verdict = poll === 1 ? shown(5) : poll === 101 ? shown(7) : verdicts.C;
    story.poll([{ rule, hysteresis: kept, verdict }]);
  }
  assert.equal(told(story.transitions), 'raised@1 cleared:recovered@341');
});

test('ledger: the evidence of an event is summed up while it is kept', () => {
  const story = new Story();
  const rule = { ...plainRule, renew: (before: object, now: object) => ({ lost: lostIn(before) + lostIn(now) }) };
  for (const lost of [5, 7]) story.poll([{ rule, hysteresis: kept, verdict: { is: 'raise', evidence: { lost } } }]);
  assert.deepEqual(story.open[0]?.evidence, { lost: 12 });
});

test('ledger: a smaller event does not make a larger one milder while that is kept; a policy that mutes it does', () => {
  const story = new Story();
  const shown = (severity: 'info' | 'critical'): Verdict => ({ is: 'raise', severity, evidence: {} });
  for (const severity of ['critical', 'info', 'info'] as const)
    story.poll([{ hysteresis: kept, verdict: shown(severity) }]);
  assert.equal(told(story.transitions), 'raised@1');
  story.poll([{ hysteresis: kept, policy: policy({ mute: ['all'] }), verdict: shown('info') }]);
  assert.equal(story.open[0]?.severity, 'info');
});

function lostIn(evidence: object): number {
  return (evidence as { lost: number }).lost;
}

test('ledger: a hold ends an hour after the last data, and says what it held', () => {
  const story = new Story();
  const subjects = [{ groupId: 'billing' }, { groupId: 'shipping' }];
  for (const letter of `RR${'U'.repeat(241)}`) {
    story.poll(subjects.map((subject) => ({ subject, verdict: verdicts[letter as Letter] })));
  }
  assert.equal(
    told(story.transitions),
    'raised@2 raised@2 changed:held@3 changed:held@3 cleared:hold-expired@243 cleared:hold-expired@243 raised@243',
  );
  const missing = story.open[0];
  assert.equal(missing?.code, 'data-missing');
  assert.equal(missing?.collector, 'committed-offsets');
  assert.deepEqual(
    ((missing?.evidence.held ?? []) as { groupId: string }[]).map(({ groupId }) => groupId),
    ['billing', 'shipping'],
  );
});

test('ledger: nobody is told that a muted finding could not be held', () => {
  const story = new Story();
  const muted = policy({ mute: ['all'] });
  for (const letter of `RR${'U'.repeat(241)}`) story.poll([{ policy: muted, verdict: verdicts[letter as Letter] }]);
  assert.match(told(story.transitions), /hold-expired@243$/);
});

test('ledger: a severity rises at once and falls after three milder polls', () => {
  const story = new Story();
  for (const letter of 'wwcwwcwww') {
    story.poll([{ verdict: { is: 'raise', severity: letter === 'c' ? 'critical' : 'warning', evidence: {} } }]);
  }
  assert.equal(told(story.transitions), 'raised@2 changed:severity@3 changed:severity@9');
  assert.equal(story.open[0]?.severity, 'warning');
});

test('ledger: a severity may rise with time', () => {
  const story = new Story();
  const verdict: Verdict = { is: 'raise', escalates: { to: 'critical', afterMs: 3 * minute }, evidence: {} };
  for (let poll = 0; poll < 20; poll++) story.poll([{ verdict }]);
  assert.equal(told(story.transitions), 'raised@2 changed:severity@13');
  assert.equal(story.open[0]?.severity, 'critical');
});

test('ledger: a muted finding is an info, whatever the rule says, and carries its team', () => {
  const story = new Story();
  const verdict: Verdict = { is: 'raise', severity: 'critical', evidence: {} };
  for (const _ of '12') story.poll([{ policy: policy({ mute: ['plain'], team: 'payments', tier: 'gold' }), verdict }]);
  const [finding] = story.open;
  assert.deepEqual(
    [finding?.severity, finding?.muted, finding?.team, finding?.tier],
    ['info', true, 'payments', 'gold'],
  );
});

test('ledger: cleared because a setting changed, not because anything recovered', () => {
  const story = new Story();
  const config = (minInSyncReplicas: number) => ({ minInSyncReplicas });
  for (const _ of '12') story.poll([{ verdict: { is: 'raise', evidence: { config: config(2) } } }]);
  for (const _ of '123') story.poll([{ verdict: { is: 'clear', reason: 'recovered', config: config(1) } }]);
  assert.equal(told(story.transitions), 'raised@2 cleared:config-changed@5');
});

test('ledger: a finding that no longer raises gives way to the one that says more, of its group too', () => {
  const story = new Story();
  const stuck = {
    rule: { ...plainRule, code: 'stuck', supersededBy: ['stalled'] },
    subject: { groupId: 'billing', topic: 'orders', partition: 1 },
  };
  const stalled = { rule: { ...plainRule, code: 'stalled' }, subject: { groupId: 'billing' } };
  for (const [stuckSays, stalledSays] of ['RC', 'RC', '?C', '?R', '?R'] as unknown as [Letter, Letter][]) {
    story.poll([
      { ...stuck, verdict: verdicts[stuckSays] },
      { ...stalled, verdict: verdicts[stalledSays] },
    ]);
  }
  assert.equal(told(story.transitions), 'raised@2 cleared:superseded@5 raised@5');
});

test('ledger: another group being stalled supersedes nothing here', () => {
  const story = new Story();
  const stuck = {
    rule: { ...plainRule, code: 'stuck', supersededBy: ['stalled'] },
    subject: { groupId: 'billing', topic: 'orders', partition: 1 },
  };
  const stalled = { rule: { ...plainRule, code: 'stalled' }, subject: { groupId: 'shipping' } };
  for (const letter of 'RR??') {
    story.poll([
      { ...stuck, verdict: verdicts[letter as Letter] },
      { ...stalled, verdict: verdicts.R },
    ]);
  }
  assert.equal(told(story.transitions), 'raised@2 raised@2');
});

test('ledger: the worst comes first, then what has lasted longest', () => {
  const story = new Story();
  const critical: Verdict = { is: 'raise', severity: 'critical', evidence: {} };
  const old = { subject: { groupId: 'old' }, verdict: verdicts.R };
  for (const _ of '12') story.poll([old]);
  const all = [
    old,
    { subject: { groupId: 'young' }, verdict: verdicts.R },
    { subject: { groupId: 'worst' }, verdict: critical },
  ];
  for (const _ of '12') story.poll(all);
  assert.deepEqual(
    story.open.map(({ groupId }) => groupId),
    ['worst', 'old', 'young'],
  );
});

test('ledger: a finding of an unreachable start keeps its ID when the cluster tells its own', () => {
  const story = new Story();
  story.clusterId = null;
  for (const _ of '12') story.poll([{ verdict: verdicts.R }]);
  const [before] = story.open;
  story.clusterId = 'id-of-c1';
  story.poll([{ verdict: verdicts.R }]);
  assert.equal(story.open[0]?.id, before?.id);
});

test('ledger: what was seen once and then unread for long is forgotten, not kept for ever', () => {
  const story = new Story();
  for (const letter of 'RUUUUUU') story.poll([{ verdict: verdicts[letter as Letter] }]);
  assert.equal(story.ledger.size, 0);
});

test('ledger: the time away makes a finding older', () => {
  const story = new Story();
  for (const letter of 'RR') story.poll([{ verdict: verdicts[letter as Letter] }]);
  story.restart(2 * hour);
  for (const letter of 'CCC') story.poll([{ verdict: verdicts[letter as Letter] }]);
  const cleared = story.transitions.at(-1);
  assert.equal(cleared?.type === 'cleared' && cleared.lastedMs, 2 * hour + 4 * pollMs);
});

test('ledger: a hold goes on after a restart, less the time away: half an hour before, half an hour after', () => {
  const story = new Story();
  for (const letter of `RR${'U'.repeat(120)}`) story.poll([{ verdict: verdicts[letter as Letter] }]);
  story.restart(2 * hour);
  const polls = () => story.transitions.filter(({ type }) => type === 'cleared').length;
  for (let poll = 0; poll < 120; poll++) story.poll([{ verdict: verdicts.U }]);
  assert.equal(polls(), 0);
  story.poll([{ verdict: verdicts.U }]);
  assert.equal(polls(), 1);
});

/** Polls before a restart under other settings, and after it. */
const changes = [
  ['the settings ended it: no poll has shown it since', 'RR', 'CCC', 'raised@2 cleared:config-changed@5'],
  ['they did not: it was shown once more', 'RR', 'RCCC', 'raised@2 cleared:recovered@6'],
  ['nor where the data did not decide at first', 'RR', '?CCC', 'raised@2 cleared:recovered@6'],
  ['unread says nothing', 'RR', 'UCCC', 'raised@2 changed:held@3 changed:held@4 cleared:config-changed@6'],
  ['the count begun before goes on', 'RRC', 'CC', 'raised@2 cleared:config-changed@5'],
  ['another code took over all the same', 'RR', 'S', 'raised@2 cleared:superseded@3'],
] as const;
for (const [because, before, after, expected] of changes) {
  test(`ledger: restarted under other settings: ${because}: ${before}|${after}`, () => {
    const story = new Story();
    const poll = (letters: string) => {
      for (const letter of letters) story.poll([{ verdict: verdicts[letter as Letter] }]);
    };
    poll(before);
    story.restart(0, { settingsKey: () => 'others' });
    poll(after);
    assert.equal(told(story.transitions), expected);
  });
}

test('ledger: restarted again before anything was decided, it is still the change of settings that ends it', () => {
  const story = new Story();
  for (const _ of '12') story.poll([{ verdict: verdicts.R }]);
  story.restart(0, { settingsKey: () => 'others' });
  story.poll([{ verdict: verdicts.U }]);
  story.restart(0, { settingsKey: () => 'others' });
  for (const _ of '123') story.poll([{ verdict: verdicts.C }]);
  assert.match(told(story.transitions), /cleared:config-changed@6$/);
});

test('ledger: an event is over by itself, whatever the settings', () => {
  const story = new Story();
  story.poll([{ hysteresis: kept, verdict: verdicts.R }]);
  const ruleOf = () => ({ rule: plainRule, hysteresis: kept });
  story.restart(2 * hour, { ruleOf, settingsKey: () => 'others' });
  story.poll([{ hysteresis: kept, verdict: verdicts.C }]);
  assert.equal(told(story.transitions), 'raised@1 cleared:recovered@482');
});

test('ledger: a finding carries the labels of its policy, and belongs at once to whom it says after a restart', () => {
  const story = new Story();
  const owner = policy({ team: 'payments', tier: 'gold', labels: { channel: '#pay' } });
  for (const _ of '12') story.poll([{ policy: owner, verdict: verdicts.R }]);
  const ownerOf = () => story.open.map(({ team, tier, labels }) => ({ team, tier, labels }))[0];
  assert.deepEqual(ownerOf(), { team: 'payments', tier: 'gold', labels: { channel: '#pay' } });
  story.restart(0, { policyOf: () => policy({ team: 'billing' }) });
  assert.deepEqual(ownerOf(), { team: 'billing', tier: undefined, labels: undefined });
});
