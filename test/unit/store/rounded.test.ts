import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromCode, maxRoundingError, toCode } from '../../../src/store/rounded.ts';

const seconds = fc.double({ min: 1e-30, max: 1e30, noNaN: true });

test('a number comes back with two to three digits', () => {
  fc.assert(
    fc.property(seconds, (value) => {
      assert.ok(Math.abs(fromCode(toCode(value)) - value) <= maxRoundingError * value);
    }),
  );
});

test('codes rise with the numbers, so that the largest of some codes is that of the largest number', () => {
  fc.assert(fc.property(seconds, seconds, (a, b) => (a <= b ? toCode(a) <= toCode(b) : toCode(a) >= toCode(b))));
});

test('none, nothing and for ever are themselves', () => {
  for (const value of [Number.NaN, 0, Number.POSITIVE_INFINITY]) assert.equal(fromCode(toCode(value)), value);
  assert.notEqual(toCode(0), toCode(Number.NaN));
});
