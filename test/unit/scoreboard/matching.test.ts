/** Which finding counts for which truth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmFor, isFounded } from '../../scoreboard/matching.ts';
import type { Episode } from '../../scoreboard/truth-book.ts';
import type { Alarm } from '../../scoreboard/watch.ts';

const episode: Episode = {
  code: 'stalled',
  subject: { groupId: 'billing' },
  firstPoll: 100,
  lastPoll: 140,
  criticalFromPoll: null,
};

function alarm(over: Partial<Alarm> = {}): Alarm {
  return {
    ...{ code: 'stalled', subject: { groupId: 'billing' }, firstPoll: 102, lastPoll: 140, worst: 'warning' },
    ...{ reached: { info: 102, warning: 105 }, explained: false, summary: '' },
    ...over,
  };
}

test('a finding counts from the poll at which it was urgent enough', () => {
  assert.deepEqual(alarmFor([alarm()], episode, 'info'), { firstPoll: 102, lastPoll: 140 });
  assert.deepEqual(alarmFor([alarm()], episode, 'warning'), { firstPoll: 105, lastPoll: 140 });
  assert.equal(alarmFor([alarm()], episode, 'critical'), undefined);
});

test('a finding counts for what it is about, and may say more', () => {
  assert.equal(alarmFor([alarm({ subject: { groupId: 'shipping' } })], episode, 'warning'), undefined);
  assert.notEqual(
    alarmFor([alarm({ subject: { groupId: 'billing', topic: 'orders' } })], episode, 'warning'),
    undefined,
  );
  const ofPartition = { ...episode, subject: { groupId: 'billing', topic: 'orders', partition: 1 } };
  assert.equal(alarmFor([alarm()], ofPartition, 'warning'), undefined, 'what says less is about something else');
});

test('a finding counts until three polls after what it is about was over', () => {
  const late = (poll: number) => alarm({ firstPoll: poll, lastPoll: poll + 5, reached: { warning: poll } });
  assert.notEqual(alarmFor([late(143)], episode, 'warning'), undefined);
  assert.equal(alarmFor([late(144)], episode, 'warning'), undefined);
});

test('a finding is founded where its rule was met near, and its critical part apart', () => {
  assert.equal(isFounded([episode], alarm({ firstPoll: 175, lastPoll: 200 })), true);
  assert.equal(isFounded([episode], alarm({ firstPoll: 185, lastPoll: 200 })), false);
  assert.equal(isFounded([episode], alarm(), true), false, 'its critical part never was');
  assert.equal(isFounded([{ ...episode, criticalFromPoll: 120 }], alarm(), true), true);
});
