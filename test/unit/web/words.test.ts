import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asSentence,
  bytesWords,
  countWords,
  durationWords,
  momentWords,
  percentWords,
  plural,
  rateWords,
  spanWords,
} from '../../../web/model/words.ts';

function table<Input extends readonly unknown[]>(
  name: string,
  words: (...input: Input) => string,
  rows: [...Input, string][],
) {
  for (const row of rows) {
    const input = row.slice(0, -1) as unknown as Input;
    test(`${name}(${input.join(', ')})`, () => assert.equal(words(...input), row.at(-1)));
  }
}

table('durationWords', durationWords, [
  [0, '0 s'],
  [0.4, 'less than 1 s'],
  [59.6, '1 min'],
  [270, '4 min 30 s'],
  [41 * 60, '41 min'],
  [41 * 60 + 29, '41 min'],
  [3_599, '1 h'],
  [3 * 3600 + 13 * 60, '3 h 13 min'],
  [86_399, '1 d'],
  [6 * 86_400 + 23 * 3600, '6 d 23 h'],
  [400 * 86_400, '400 d'],
]);

table('spanWords', spanWords as (earliest: number, latest: number | null) => string, [
  [38 * 60, 49 * 60, '38 to 49 min'],
  [3 * 3600, 3 * 3600 + 40 * 60, '3 h to 3 h 40 min'],
  [30, 90, '30 s to 1 min 30 s'],
  [60, 61 * 60, '1 min to 1 h 1 min'],
  [600, 601, '10 to 11 min'],
  [353, 385, '5 to 7 min'],
  [20, 300, '0 to 5 min'],
  [600.2, 600.2, '10 to 11 min'],
  [600, 600, 'about 10 min'],
  [600, null, 'at least 10 min'],
  [11.7 * 86_400, 22.5 * 86_400, '11 to 23 d'],
  [86_400, 14 * 86_400, '1 to 14 d'],
  [4.1 * 86_400, 4.2 * 86_400, '4 d 2 h to 4 d 5 h'],
]);

table('asSentence', asSentence, [
  ['its offset does not move', 'Its offset does not move.'],
  ['retention.ms deletes it', 'retention.ms deletes it.'],
  ['Done.', 'Done.'],
]);

table('countWords', countWords, [
  [0, '0'],
  [0.44, '0.4'],
  [1840, '1,840'],
  [9_999, '9,999'],
  [12_300, '12 k'],
  [999_600, '1.0 M'],
  [1_210_334, '1.2 M'],
  [88_000_000, '88 M'],
  [-12_300, '-12 k'],
]);

table('rateWords', rateWords, [
  [1840.4, '1,840 records/s'],
  [0.42, '0.4 records/s'],
  [1 / 3600, '1 records/h'],
  [0, '0 records/s'],
]);

table('bytesWords', bytesWords, [
  [999, '999 B'],
  [1_600, '1.6 kB'],
  [312e9, '312 GB'],
]);

table('percentWords', percentWords, [
  [0, '0 %'],
  [0.004, 'under 1 %'],
  [0.61, '61 %'],
  // Rounding up would say that nothing is left.
  [0.996, 'over 99 %'],
  [1.2, '120 %'],
]);

test('plural says one as one', () => {
  assert.equal(plural(1, 'group'), '1 group');
  assert.equal(plural(1_234, 'group'), '1,234 groups');
});

test('a moment of another day is named with its day', () => {
  const nowMs = Date.UTC(2026, 10, 21, 2, 55);
  assert.equal(momentWords(nowMs - 41 * 60_000, nowMs, 'UTC'), '02:14');
  assert.equal(momentWords(nowMs - 30 * 3_600_000, nowMs, 'UTC'), '19 Nov 20:55');
});
