import { type Cells, DamagedBlockError, decodePlane, encodePlane, maxCellBytes } from './plane-codec.ts';
import { absent, blockSize, type Kind, planes } from './planes.ts';

/**
 * A block in one tick: a byte that says whether it is a key block (written against nothing, so that reading can begin there),
 * then each plane as its length (2 bytes, little endian) and its bytes. Planes at the end in which nothing changed are left out.
 */
const keyFlag = 1;
const lengthBytes = 2;
const mostPlanes = Math.max(...Object.values(planes).map((list) => list.length));

/** Every block is written as a key block at least once in so many ticks of its tier. */
export const keyEvery = 32;

/** Encodes blocks one at a time into one buffer: what `encode` returns is good until its next call. */
export class BlockEncoder {
  readonly #bytes = Buffer.alloc(1 + mostPlanes * (lengthBytes + blockSize * maxCellBytes));

  /** Null where nothing changed and no key block is asked for. Makes `previous` equal to `current`. */
  encode(kind: Kind, previous: readonly Cells[], current: (plane: number) => Cells, key: boolean): Buffer | null {
    const bytes = this.#bytes;
    bytes[0] = key ? keyFlag : 0;
    let at = 1;
    let end = 1;
    for (const [index, plane] of planes[kind].entries()) {
      const before = previous[index]!;
      if (key) before.fill(absent(plane));
      const planeEnd = encodePlane(before, current(index), bytes, at + lengthBytes);
      const length = planeEnd - at - lengthBytes;
      bytes.writeUInt16LE(length, at);
      at = planeEnd;
      if (length > 0) end = at;
    }
    return key || end > 1 ? bytes.subarray(0, end) : null;
  }
}

export function isKeyBlock(data: Buffer): boolean {
  return data[0] === keyFlag;
}

/** Applies one plane of an encoded block to its cells, up to and including `lastSlot`. */
export function decodeBlockPlane(data: Buffer, plane: number, cells: Cells, lastSlot: number): void {
  let at = 1;
  for (let index = 0; at < data.length; index++) {
    if (at + lengthBytes > data.length) throw new DamagedBlockError('a block ends within the length of a plane');
    const start = at + lengthBytes;
    const end = start + data.readUInt16LE(at);
    if (end > data.length) throw new DamagedBlockError('a block ends within a plane');
    if (index === plane) {
      decodePlane(data, start, end, cells, lastSlot);
      return;
    }
    at = end;
  }
}
