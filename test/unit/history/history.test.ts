import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appendToCurve, curveTime } from '../../../src/history/curve.ts';
import { dropForLogSpacing, Points } from '../../../src/history/points.ts';
import { nextCapacity, Rows } from '../../../src/history/rows.ts';

function timeOn(curve: Points, offset: number): number {
  return curveTime(curve.times, curve.values, curve.start(0), curve.count(0), offset);
}

function curveOf(samples: readonly (readonly [atMs: number, offset: number])[]): Points {
  const curve = new Points(48);
  curve.reserve(1);
  for (const [atMs, offset] of samples) appendToCurve(curve, 0, atMs, offset);
  return curve;
}

test('between two samples an offset has the time on the line', () => {
  const curve = curveOf([
    [1000, 0],
    [2000, 100],
  ]);
  assert.equal(timeOn(curve, 25), 1250);
});

test('a flat stretch resolves to its late end: the record at that offset came after it', () => {
  const curve = curveOf([
    [1000, 0],
    [2000, 100],
    [3000, 100],
    [9000, 100],
    [10_000, 200],
  ]);
  assert.equal(timeOn(curve, 100), 9000);
  assert.equal(timeOn(curve, 99), 1990);
});

test('standing still takes no room, however long', () => {
  const curve = curveOf([[0, 0], ...Array.from({ length: 1000 }, (_, i) => [1000 * (i + 1), 50] as const)]);
  assert.equal(curve.count(0), 3);
});

test('older than the curve, or an empty one: no time', () => {
  assert.ok(Number.isNaN(timeOn(curveOf([[1000, 10]]), 9)));
  assert.ok(Number.isNaN(timeOn(curveOf([]), 9)));
});

test('a full row keeps its newest half, its oldest point, and spreads the others by age', () => {
  const points = new Points(16);
  points.reserve(1);
  for (let at = 0; at < 1000; at++)
    points.append(0, at, at, 0, (start, count) => dropForLogSpacing(points.times, start, count));
  const times = [...points.times.subarray(points.start(0), points.start(0) + points.count(0))];
  assert.equal(times.length, 16);
  assert.equal(times[0], 0);
  assert.deepEqual(times.slice(-7), [993, 994, 995, 996, 997, 998, 999]);
  const ages = times.map((at) => 1000 - at);
  for (let i = 2; i < 8; i++) assert.ok(ages[i - 1]! / ages[i]! < 6, `${ages}`);
});

test('property: the points of a row stay in order of time and never exceed their number', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 300 }), (gaps) => {
      const points = new Points(12, { firstRoom: 3, withExtras: true });
      points.reserve(2);
      let at = 0;
      for (const gap of gaps) {
        at += gap;
        points.append(1, at, at * 2, gap, (start, count) => dropForLogSpacing(points.times, start, count));
        points.append(0, at, -1, 0, () => 0);
      }
      assert.ok(points.count(1) <= 12);
      for (let i = points.start(1); i < points.start(1) + points.count(1); i++) {
        assert.equal(points.values[i], points.times[i]! * 2);
        if (i > points.start(1)) assert.ok(points.times[i]! >= points.times[i - 1]!);
      }
    }),
  );
});

test('rows without points take no block, and cleared blocks are used again', () => {
  const points = new Points(4);
  points.reserve(1000);
  assert.equal(points.times.length, 0);
  points.append(7, 1, 1, 0, () => 0);
  const size = points.times.length;
  for (let round = 0; round < 500; round++) {
    points.clear(7);
    points.append(7, round, round, 0, () => 0);
  }
  assert.equal(points.times.length, size);
  assert.equal(points.count(7), 1);
});

test('freed rows are handed out again before new ones', () => {
  const rows = new Rows();
  assert.equal(rows.take(), -1);
  rows.reserve(nextCapacity(0));
  const taken = [rows.take(), rows.take(), rows.take()];
  rows.release(taken[1]!);
  assert.equal(rows.living, 2);
  assert.equal(rows.take(), taken[1]);
  assert.equal(rows.count, 3);
});
