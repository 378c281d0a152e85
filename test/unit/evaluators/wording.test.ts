import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockTime, countOf, spokenRate, spokenSeconds } from '../../../src/evaluators/wording.ts';

const durations = [
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [2460, '41 min'],
  [7800, '2 h 10 min'],
  [7200, '2 h'],
  [90_000, '1 d 1 h'],
  [86_400 * 9, '9 d'],
] as const;
for (const [seconds, text] of durations) {
  test(`${seconds} seconds read "${text}"`, () => assert.equal(spokenSeconds(seconds), text));
}

test('counts have separators and the right number', () => {
  assert.equal(countOf(1, 'record'), '1 record');
  assert.equal(countOf(1_234_567, 'record'), '1,234,567 records');
  assert.equal(countOf(0, 'record'), '0 records');
});

test('rates have three digits, and clocks are UTC', () => {
  assert.deepEqual([0, 0.2525, 18.54, 1840.4].map(spokenRate), ['0/s', '0.253/s', '18.5/s', '1,840/s']);
  assert.deepEqual([0, 1_700_000_000_999].map(clockTime), ['00:00:00', '22:13:20']);
});
