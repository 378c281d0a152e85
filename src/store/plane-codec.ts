/**
 * One plane of one block: the values of one field for up to 1,024 neighbours, written as what changed since the cycle before.
 *
 * A plane is a run of changes, each a varint of 2 * what + (1 where neighbours before it did not change: their number follows as
 * a varint). What: 0 = no value any more, 1 = a double follows as 8 bytes, else 2 + the zigzag of the difference. What comes after
 * the last change did not change. So a plane in which nothing moved takes no byte, and one in which all move takes one or two a cell.
 */

/** Float64Array holds exact values, NaN = none. Uint16Array holds rounded.ts codes, 0 = none; it takes the same road. */
export type Cells = Float64Array | Uint16Array;

/** Most bytes that one cell can take: two varints, and a double. */
export const maxCellBytes = 11;

/** Beyond this a difference is written as a double: its zigzag would not fit the integers that a double holds exactly. */
const maxDelta = 2 ** 50;

/** A block whose bytes are not what encodePlane writes: the file is damaged. */
export class DamagedBlockError extends Error {
  override readonly name = 'DamagedBlockError';
}

/** Writes the changes from `previous` to `current` at `bytes[at]`, makes `previous` equal to `current`, and returns where it ended. */
export function encodePlane(previous: Cells, current: Cells, bytes: Buffer, at: number): number {
  let end = at;
  let unchanged = 0;
  for (let slot = 0; slot < current.length; slot++) {
    const value = current[slot]!;
    const before = previous[slot]!;
    if (value === before || (Number.isNaN(value) && Number.isNaN(before))) {
      unchanged++;
      continue;
    }
    end = writeChange(bytes, end, unchanged, Number.isNaN(before) ? 0 : before, value);
    unchanged = 0;
    previous[slot] = value;
  }
  return end;
}

/** Applies the changes in `bytes[at..end)` to the cells, up to and including `lastSlot`. */
export function decodePlane(bytes: Buffer, at: number, end: number, cells: Cells, lastSlot: number): void {
  const cursor = { at, end };
  let slot = -1;
  while (cursor.at < end) {
    const head = readVarint(bytes, cursor);
    slot += head % 2 === 1 ? 1 + readVarint(bytes, cursor) : 1;
    if (slot >= cells.length) throw new DamagedBlockError(`a plane names cell ${slot} of ${cells.length}`);
    if (slot > lastSlot) return;
    const what = Math.floor(head / 2);
    if (what === 0) cells[slot] = Number.NaN;
    else if (what === 1) cells[slot] = readDouble(bytes, cursor);
    else {
      const before = cells[slot]!;
      cells[slot] = (Number.isNaN(before) ? 0 : before) + unzigzag(what - 2);
    }
  }
}

function writeChange(bytes: Buffer, at: number, unchanged: number, before: number, value: number): number {
  const what = Number.isNaN(value) ? 0 : differenceCode(before, value);
  let end = writeVarint(bytes, at, 2 * what + (unchanged > 0 ? 1 : 0));
  if (unchanged > 0) end = writeVarint(bytes, end, unchanged);
  return what === 1 ? bytes.writeDoubleLE(value, end) : end;
}

/** 1 where the difference does not lead back exactly: fractions, infinities, numbers beyond 2^53. */
function differenceCode(before: number, value: number): number {
  const delta = value - before;
  if (before + delta !== value || Math.floor(delta) !== delta || Math.abs(delta) > maxDelta) return 1;
  return 2 + (delta >= 0 ? 2 * delta : -2 * delta - 1);
}

function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

function writeVarint(bytes: Buffer, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest > 0x7fffffff) {
    bytes[end++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  // Nearly all are small: on 32-bit integers this loop is several times as fast.
  let small = rest | 0;
  while (small >= 0x80) {
    bytes[end++] = (small & 0x7f) | 0x80;
    small >>= 7;
  }
  bytes[end++] = small;
  return end;
}

function readVarint(bytes: Buffer, cursor: { at: number; end: number }): number {
  let value = 0;
  let scale = 1;
  while (cursor.at < cursor.end && scale <= 2 ** 49) {
    const byte = bytes[cursor.at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw new DamagedBlockError('a number in a plane does not end');
}

function readDouble(bytes: Buffer, cursor: { at: number; end: number }): number {
  if (cursor.at + 8 > cursor.end) throw new DamagedBlockError('a plane ends within a number');
  const value = bytes.readDoubleLE(cursor.at);
  cursor.at += 8;
  return value;
}
