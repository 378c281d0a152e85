/** What the scoreboard's figures are made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile } from '../../scoreboard/statistics.ts';

test('the median is the middle one, or the mean of two', () => {
  assert.equal(median([9, 1, 2]), 2);
  assert.equal(median([9, 1, 2, 4]), 3);
  assert.equal(median([]), Number.NaN);
});

test('a quantile is one of the values', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 3);
  assert.equal(quantile([4, 1, 3, 2], 1), 4);
});
