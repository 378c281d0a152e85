import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countMarks } from '../../../src/model/json-bounds.ts';

const loose = { depth: 1_000, marks: 1_000_000 };

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, one) => sum + valuesIn(one), 0);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('property: there are never more values than marks and one, and never deeper ones than counted', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const marks = countMarks(text, loose);
      assert.equal(typeof marks, 'number');
      assert.ok(valuesIn(value) <= (marks as number) + 1);
      const depth = depthOf(value);
      assert.equal(typeof countMarks(text, { ...loose, depth }), 'number');
      if (depth > 0)
        assert.equal(countMarks(text, { ...loose, depth: depth - 1 }), `nested deeper than ${depth - 1} levels`);
    }),
  );
});

test('marks within strings are none, whatever is escaped there', () => {
  for (const text of ['"[[[,,,{"', String.raw`"\"[[[,"`, String.raw`"\\\"[[,"`, '"[,', String.raw`"\\`, '"', '']) {
    assert.equal(countMarks(text, loose), 0, text);
  }
  assert.equal(countMarks(String.raw`["\\",[]]`, loose), 3);
});

test('beyond the bounds it says so, without counting on', () => {
  assert.equal(countMarks('[1,2,3]', { depth: 1, marks: 3 }), 3);
  assert.equal(countMarks('[1,2,3,4]', { depth: 1, marks: 3 }), 'more than 3 values');
  assert.equal(countMarks('[[', { depth: 1, marks: 3 }), 'nested deeper than 1 levels');
});
