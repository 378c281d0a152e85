import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Transition } from '../../../src/model/finding.ts';
import { type Asked, plainRule, pollMs, Story, verdicts } from './ledger-story.ts';

type Letter = keyof typeof verdicts;

const subjects = [{ groupId: 'a' }, { groupId: 'b' }, { groupId: 'a', topic: 't', partition: 0 }] as const;
/** A poll: how long after the one before, and one verdict a subject. Raises come in runs, or nothing would ever open. */
const letter = fc.constantFrom<Letter>('R', 'R', 'R', 'R', 'C', 'C', 'U', '?', 'S');
const poll = fc.record({
  afterMs: fc.constantFrom(pollMs, pollMs, pollMs, 20_000, 45_000, 20 * 60_000),
  letters: fc.tuple(letter, letter, letter),
});
type Poll = typeof poll extends fc.Arbitrary<infer T> ? T : never;
const trace = fc.array(poll, { minLength: 1, maxLength: 60 });

function asked({ letters }: Poll): Asked[] {
  return letters.map((one, index) => ({ subject: subjects[index]!, verdict: verdicts[one] }));
}

function subjectIndex(transition: Transition): number {
  return subjects.findIndex(
    (one) => one.groupId === transition.groupId && 'topic' in one === (transition.topic !== undefined),
  );
}

/** Only what is about the subjects: data-missing is tidemark's own. */
function aboutSubjects(transitions: readonly Transition[]): Transition[] {
  return transitions.filter(({ code }) => code === plainRule.code);
}

test('no transition without evidence of this very poll', () => {
  fc.assert(
    fc.property(trace, (polls) => {
      const story = new Story();
      for (const one of polls) {
        for (const transition of aboutSubjects(story.poll(asked(one), one.afterMs))) {
          const shown = one.letters[subjectIndex(transition)];
          if (transition.type === 'raised') assert.equal(shown, 'R');
          if (transition.type === 'changed')
            assert.deepEqual([transition.held, transition.changed], [shown === 'U', ['held']]);
          if (transition.type !== 'cleared') continue;
          const expected = { C: 'recovered', S: 'superseded', U: 'hold-expired' }[shown as string];
          assert.equal(transition.reason, expected);
        }
      }
    }),
  );
});

test('every cleared finding was raised, once, under the same ID; no ID is ever used again', () => {
  fc.assert(
    fc.property(trace, (polls) => {
      const story = new Story();
      for (const one of polls) story.poll(asked(one), one.afterMs);
      const open = new Map<number, string>();
      const used = new Set<string>();
      for (const transition of aboutSubjects(story.transitions)) {
        const index = subjectIndex(transition);
        if (transition.type === 'raised') {
          assert.ok(!open.has(index) && !used.has(transition.id));
          open.set(index, transition.id);
          used.add(transition.id);
        } else {
          assert.equal(open.get(index), transition.id);
          if (transition.type === 'cleared') open.delete(index);
        }
      }
      const ids = story.open.filter(({ code }) => code === plainRule.code).map(({ id }) => id);
      assert.deepEqual(ids.sort(), [...open.values()].sort());
    }),
  );
});

test('absence never clears: without a verdict, or with none that decides, what is open stays open', () => {
  fc.assert(
    fc.property(trace, fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (polls, verdictGiven) => {
      const story = new Story();
      for (const one of polls) story.poll(asked(one), one.afterMs);
      const before = story.open.map(({ id }) => id);
      for (const given of verdictGiven)
        story.poll(given ? subjects.map((subject) => ({ subject, verdict: verdicts.U })) : []);
      // 200 polls of 15 s are less than the hour that a finding is held; what came before may have used some of it up.
      const expired = story.transitions.filter((one) => one.type === 'cleared' && one.reason === 'hold-expired');
      const kept = story.open.map(({ id }) => id);
      for (const id of before) assert.ok(kept.includes(id) || expired.some((one) => one.id === id));
    }),
  );
});

/** By time, and within a poll by subject: of what order they come in nothing is promised. */
function inOrder(transitions: readonly Transition[]): Transition[] {
  return transitions.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

test('a restart in the middle neither re-raises nor clears: the transitions are those of a process that went on', () => {
  fc.assert(
    fc.property(trace, fc.nat(), (polls, at) => {
      const [whole, broken] = [new Story(), new Story()];
      for (const [index, one] of polls.entries()) {
        whole.poll(asked(one), one.afterMs);
        if (index === at % polls.length) broken.restart(0);
        broken.poll(asked(one), one.afterMs);
      }
      assert.deepEqual(inOrder(broken.transitions), inOrder(whole.transitions));
      assert.deepEqual(broken.open, whole.open);
    }),
  );
});

test('however long tidemark was away, what was open is open, held or not, and no hold has run out meanwhile', () => {
  fc.assert(
    fc.property(trace, fc.integer({ min: 0, max: 7 * 86_400_000 }), (polls, awayMs) => {
      const story = new Story();
      for (const one of polls) story.poll(asked(one), one.afterMs);
      const before = story.open;
      story.restart(awayMs);
      assert.deepEqual(story.open, before);
      const transitions = story.poll(subjects.map((subject) => ({ subject, verdict: verdicts['?'] })));
      assert.ok(transitions.every(({ type }) => type === 'changed'));
    }),
  );
});
