/**
 * One plane of one block: the values of one field for up to 1,024 neighbours, written as what changed since the cycle before.
 *
 * A plane is a run of pairs: how many neighbours did not change (varint), then what the next one became: 0 = no value, 1 = a
 * double follows as 8 bytes, else the zigzag of the difference, plus 2 (varint). What follows the last pair did not change. So a
 * plane in which nothing moved takes no byte at all.
 */

/** Float64Array holds exact values, NaN = none. Int32Array holds rounded.ts codes, 0 = none; it takes the same road. */
export type Cells = Float64Array | Int32Array;

/** Most bytes that one cell can take: two varints, and a double. */
export const maxCellBytes = 11;

/** Beyond this a difference is written as a double: its zigzag would not fit the integers that a double holds exactly. */
const maxDelta = 2 ** 51;

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
    end = writeVarint(bytes, end, unchanged);
    end = writeChange(bytes, end, Number.isNaN(before) ? 0 : before, value);
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
    slot += readVarint(bytes, cursor) + 1;
    if (slot > lastSlot) {
      if (slot >= cells.length) throw new DamagedBlockError(`a plane names cell ${slot} of ${cells.length}`);
      return;
    }
    const change = readVarint(bytes, cursor);
    if (change === 0) cells[slot] = Number.NaN;
    else if (change === 1) cells[slot] = readDouble(bytes, cursor);
    else {
      const before = cells[slot]!;
      cells[slot] = (Number.isNaN(before) ? 0 : before) + unzigzag(change - 2);
    }
  }
}

function writeChange(bytes: Buffer, at: number, before: number, value: number): number {
  if (Number.isNaN(value)) return writeVarint(bytes, at, 0);
  const delta = value - before;
  // Not every difference of two doubles leads back: fractions, infinities and numbers beyond 2^53 are written as they are.
  if (Math.abs(delta) <= maxDelta && Number.isInteger(delta) && before + delta === value) {
    return writeVarint(bytes, at, 2 + (delta >= 0 ? 2 * delta : -2 * delta - 1));
  }
  return bytes.writeDoubleLE(value, writeVarint(bytes, at, 1));
}

function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

function writeVarint(bytes: Buffer, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[end++] = rest;
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
