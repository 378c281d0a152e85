import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlockEncoder, decodeBlockPlane, isKeyBlock } from '../../../src/store/block-codec.ts';
import {
  type Cells,
  DamagedBlockError,
  decodePlane,
  encodePlane,
  maxCellBytes,
} from '../../../src/store/plane-codec.ts';
import { blockSize, newCells, planes } from '../../../src/store/planes.ts';

const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1000 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.double() },
);

/** Cells as they were at successive ticks: most of them stay, as offsets do. */
const histories = fc.array(fc.array(fc.tuple(fc.nat(39), numbers), { maxLength: 12 }), { minLength: 1, maxLength: 8 });

test('a plane reads back as it was written, tick after tick, whatever the numbers', () => {
  fc.assert(
    fc.property(histories, (ticks) => {
      const written = new Float64Array(40).fill(Number.NaN);
      const read = new Float64Array(40).fill(Number.NaN);
      const current = written.slice();
      const bytes = Buffer.alloc(40 * maxCellBytes);
      for (const changes of ticks) {
        for (const [slot, value] of changes) current[slot] = value;
        const end = encodePlane(written, current, bytes, 0);
        decodePlane(bytes, 0, end, read, 39);
        assert.deepEqual([...read].map(plain), [...current].map(plain));
      }
    }),
  );
});

test('what did not change takes no byte', () => {
  const cells = Float64Array.from({ length: 1000 }, (_, slot) => (slot % 3 === 0 ? Number.NaN : slot * 1e9));
  const bytes = Buffer.alloc(1000 * maxCellBytes);
  assert.equal(encodePlane(cells.slice(), cells, bytes, 0), 0);
});

test('small steps of all cells take one byte a cell', () => {
  const before = Uint16Array.from({ length: 1000 }, (_, slot) => 5000 + slot);
  const after = before.map((code, slot) => code + (slot % 20) - 10);
  const bytes = Buffer.alloc(1000 * maxCellBytes);
  assert.ok(encodePlane(before, after, bytes, 0) <= 1000);
});

test('reading up to a slot gives that slot and those before it', () => {
  const current = Float64Array.from({ length: 100 }, (_, slot) => slot ** 3);
  const bytes = Buffer.alloc(100 * maxCellBytes);
  const end = encodePlane(new Float64Array(100), current, bytes, 0);
  const read = new Float64Array(100);
  decodePlane(bytes, 0, end, read, 50);
  assert.deepEqual(read.slice(0, 51), current.slice(0, 51));
});

test('bytes that nobody wrote are told as damage, never as numbers beyond the block', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      const cells = new Float64Array(8);
      try {
        decodePlane(Buffer.from(noise), 0, noise.length, cells, 7);
      } catch (error) {
        assert.ok(error instanceof DamagedBlockError, String(error));
      }
      assert.equal(cells.length, 8);
    }),
  );
  assert.throws(() => decodePlane(Buffer.from([3, 200]), 0, 2, new Float64Array(8), 7), DamagedBlockError);
  assert.throws(() => decodePlane(Buffer.from([2, 1]), 0, 2, new Float64Array(8), 7), DamagedBlockError);
});

test('a block holds its planes apart, and one with nothing new is not written', () => {
  const encoder = new BlockEncoder();
  const held: Cells[] = planes.series.map(newCells);
  const current: Cells[] = planes.series.map(newCells);
  current[1]![7] = 42;
  current[6]![1023] = 9;
  const key = encoder.encode('series', held, (plane) => current[plane]!, true);
  assert.ok(key !== null && isKeyBlock(key));
  const read = planes.series.map(newCells);
  for (const index of planes.series.keys()) decodeBlockPlane(key, index, read[index]!, blockSize - 1);
  assert.deepEqual(read, current);
  assert.equal(
    encoder.encode('series', held, (plane) => current[plane]!, false),
    null,
  );
  current[1]![7] = 43;
  const change = encoder.encode('series', held, (plane) => current[plane]!, false);
  assert.ok(change !== null && !isKeyBlock(change));
  assert.ok(change.length < 12, `one change took ${change.length} bytes`);
});

/** The codec does not tell -0 from 0: no quantity here does. */
function plain(value: number): number {
  return value === 0 ? 0 : value;
}
