import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/until.ts';

test('asks until the answer is truthy, and returns it', async () => {
  const answers = [undefined, 0, '', 'now'];
  assert.equal(await until('it is so', () => answers.shift(), { everyMs: 0 }), 'now');
  assert.equal(answers.length, 0);
});

test('an exception counts as "not yet"', async () => {
  let asked = 0;
  const condition = () => {
    asked++;
    if (asked < 3) throw new Error('not there');
    return true;
  };
  assert.equal(await until('it is there', condition, { everyMs: 0 }), true);
});

test('says what it waited for and what it saw last', async () => {
  const never = until('pigs fly', () => 0, { withinMs: 0 });
  await assert.rejects(never, { message: 'waited 0 ms until pigs fly; last answer: 0' });
  const cause = new Error('no wings');
  const failing = until('pigs fly', () => Promise.reject(cause), { withinMs: 0 });
  await assert.rejects(failing, { message: 'waited 0 ms until pigs fly; last error: Error: no wings', cause });
});

test('ends with the reason of its signal', async () => {
  const reason = new Error('the test is over');
  await assert.rejects(
    until('pigs fly', () => false, { signal: AbortSignal.abort(reason) }),
    reason,
  );
});
