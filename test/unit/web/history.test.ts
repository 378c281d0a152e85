import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatColumns, heatRows } from '../../../web/model/heat.ts';
import { aligned, ratesOf } from '../../../web/model/plot-data.ts';
import { clocksSummary } from '../../../web/model/plot-words.ts';
import { sparklineOf } from '../../../web/model/sparkline.ts';

const span = { fromMs: 0, toMs: 60_000 };

test('heat: a column holds the highest share of its time, what was not read stays empty', () => {
  const points: [number, number | null][] = [
    [0, 0.31],
    [500, 0.35],
    [1_000, null],
    [2_000, null],
    [59_999, 1.4],
  ];
  const [row] = heatRows({ series: [{ field: 'retentionUsedRatio', partition: 3, points }] }, span, 10);
  assert.equal(row!.cells.length, heatColumns);
  assert.equal(row!.cells[0]!.step, 3);
  assert.equal(row!.cells[2]!.step, null);
  assert.equal(row!.cells[59]!.step, 10);
  assert.equal(row!.last, 1.4);
  assert.match(row!.cells[2]!.title, /p3, .*: not known/);
});

test('heat: one empty column between two read ones is no outage', () => {
  const points: [number, number][] = [
    [0, 0.2],
    [2_000, 0.2],
  ];
  const [row] = heatRows({ series: [{ field: 'retentionUsedRatio', partition: 0, points }] }, span, 10);
  assert.deepEqual(
    row!.cells.slice(0, 4).map((cell) => cell.step),
    [2, 2, 2, null],
  );
});

test('heat: of too many partitions the fullest are kept, in order of number', () => {
  const series = [0.1, 0.9, 0.2, 0.8].map((ratio, partition) => ({
    field: 'retentionUsedRatio',
    partition,
    points: [[0, ratio]] as [number, number][],
  }));
  assert.deepEqual(
    heatRows({ series }, span, 2).map((row) => row.partition),
    [1, 3],
  );
});

test('rates: over jumps of a committed offset the rate is smooth', () => {
  const points = [0, 10, 20, 30, 40, 50, 60].map((second) => [second * 1000, Math.floor(second / 30) * 300] as const);
  const rates = ratesOf(points, 30);
  assert.deepEqual(rates.at(-1), [60_000, 10]);
});

test('rates: a step back is a gap, not a negative rate', () => {
  assert.deepEqual(
    ratesOf(
      [
        [0, 100],
        [60_000, 50],
      ],
      60,
    ),
    [[60_000, null]],
  );
});

test('rates: gaps in the offsets are bridged by the difference over them', () => {
  assert.deepEqual(
    ratesOf(
      [
        [0, 0],
        [30_000, null],
        [60_000, 600],
      ],
      60,
    ),
    [[60_000, 10]],
  );
});

test('series on one axis: a line goes through the times of the others, and breaks at its own gaps', () => {
  const one = [1_000, 3_000].map((atMs) => [atMs, atMs] as const);
  const { atSeconds, lines } = aligned([one, [[2_000, null]]]);
  assert.deepEqual(atSeconds, [1, 2, 3]);
  assert.deepEqual(lines, [
    [1_000, undefined, 3_000],
    [undefined, null, undefined],
  ]);
});

test('a sparkline spans its box, breaks at a gap, and needs two points', () => {
  const line = sparklineOf(
    [
      [0, 0],
      [50, null],
      [75, 5],
      [100, 10],
    ],
    96,
    18,
  );
  assert.deepEqual(line, { path: 'M0 17M72 9L96 1', least: 0, most: 10 });
  assert.equal(sparklineOf([[0, 1]], 96, 18), null);
  assert.equal(
    sparklineOf(
      [
        [0, 7],
        [100, 7],
      ],
      96,
      18,
    )!.path,
    'M0 9L96 9',
  );
});

test('the clocks in a sentence', () => {
  assert.equal(clocksSummary([[0, 2_460]], [[0, 2_940]], [[0, null]], 'rising'), 'Loss in 41 to 49 min; not draining.');
  assert.equal(clocksSummary([], [], [[0, 0]], 'steady'), 'No loss ahead; caught up.');
  assert.equal(
    clocksSummary([], [], [[0, null]], 'steady'),
    'No loss ahead; steady, the lag neither grows nor drains.',
  );
});
