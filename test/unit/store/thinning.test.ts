import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { thin } from '../../../src/store/thinning.ts';

function track(values: readonly number[], gapsBefore: readonly number[] = []) {
  const afterGap = new Uint8Array(values.length);
  for (const index of gapsBefore) afterGap[index] = 1;
  return { atMs: values.map((_, index) => index * 10), values: Float64Array.from(values), afterGap };
}

test('few points are all kept, with a mark in each gap', () => {
  assert.deepEqual(thin(track([1, 2, 3], [2]), 'last', 0, 20, 10), [
    [0, 1],
    [10, 2],
    [11, Number.NaN],
    [20, 3],
  ]);
});

for (const { keep, expected } of [
  { keep: 'last', expected: [2, 8] },
  { keep: 'max', expected: [5, 9] },
  { keep: 'min', expected: [1, 7] },
] as const) {
  test(`of many, ${keep} stands for a slice, at its own time`, () => {
    const points = thin(track([5, 1, 2, 7, 9, 8]), keep, 0, 59, 2);
    assert.deepEqual(
      points.map(([, value]) => value),
      expected,
    );
    for (const [atMs, value] of points) assert.equal([5, 1, 2, 7, 9, 8][atMs / 10], value);
  });
}

test('a slice without any number is a gap, one with some is not', () => {
  const points = thin(track([Number.NaN, Number.NaN, 3, Number.NaN]), 'last', 0, 39, 2);
  assert.deepEqual(
    points.map(([, value]) => value),
    [Number.NaN, 3],
  );
});

test('a gap wider than a slice stays visible', () => {
  const wide = {
    atMs: [0, 1, 2, 90, 91, 92],
    values: Float64Array.of(1, 1, 1, 2, 2, 2),
    afterGap: Uint8Array.of(0, 0, 0, 1, 0, 0),
  };
  assert.deepEqual(thin(wide, 'last', 0, 99, 5), [
    [2, 1],
    [3, Number.NaN],
    [92, 2],
  ]);
});

test('never more points than asked for, their times rise, and each value was there', () => {
  const tracks = fc.array(fc.record({ step: fc.integer({ min: 2, max: 500 }), value: fc.nat(9), gap: fc.boolean() }));
  fc.assert(
    fc.property(
      tracks,
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('last', 'max', 'min'),
      (steps, atMost, keep) => {
        let at = 0;
        const atMs = steps.map(({ step }) => {
          at += step;
          return at;
        });
        const values = Float64Array.from(steps, ({ value }) => value);
        const afterGap = Uint8Array.from(steps, ({ gap }) => (gap ? 1 : 0));
        const points = thin({ atMs, values, afterGap }, keep, 0, at, atMost);
        assert.ok(points.length <= atMost);
        for (const [index, [pointMs, value]] of points.entries()) {
          assert.ok(index === 0 || pointMs > points[index - 1]![0]);
          if (!Number.isNaN(value)) assert.equal(values[atMs.indexOf(pointMs)], value);
        }
      },
    ),
  );
});
