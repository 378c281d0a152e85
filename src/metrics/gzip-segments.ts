import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

/**
 * Gzip put together from parts that were compressed apart (RFC 1951, 1952). Each segment is raw deflate that ends on a byte border
 * (a sync flush) and looks back at nothing before it, so segments can be joined in any order into one gzip member: a family is
 * compressed once, and both pages and both text formats are made from it. Several members in a row would be simpler; not every
 * client reads past the first.
 */
export interface Segment {
  deflated: Uint8Array;
  /** Of the text, before compression. */
  crc: number;
  length: number;
}

/** Part of a page: compressed ahead, or text that is too short for that and is compressed with its neighbours when it is asked for. */
export type Part = Segment | Uint8Array;

/** A deflate state costs half a millisecond to set up: not worth it for a text below this. */
const shortBytes = 32 * 1024;

const deflate = promisify(deflateRaw);

/** Compresses in one of libuv's threads; a short text is copied instead. The text may be overwritten once the promise has settled. */
export async function makePart(text: Uint8Array): Promise<Part> {
  return text.length < shortBytes ? Uint8Array.from(text) : compressSegment(text);
}

async function compressSegment(text: Uint8Array): Promise<Segment> {
  // Such text shrinks to a sixteenth; the output buffer is kept as it is, so it should not be much larger.
  const chunkSize = Math.max(1024, Math.ceil(text.length / 12));
  const deflated: Uint8Array = await deflate(text, { level: 1, finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
  return { deflated, crc: crc32(text), length: text.length };
}

/** One gzip file of the parts' texts, one after the other. */
export async function gzipParts(parts: readonly Part[]): Promise<Buffer> {
  const segments: Promise<Segment>[] = [];
  let texts: Uint8Array[] = [];
  const compressTexts = () => {
    if (texts.length > 0) segments.push(compressSegment(Buffer.concat(texts)));
    texts = [];
  };
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      texts.push(part);
      continue;
    }
    compressTexts();
    segments.push(Promise.resolve(part));
  }
  compressTexts();
  return joinSegments(await Promise.all(segments));
}

const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
/** The last deflate block: final, fixed codes, empty. */
const lastBlock = Uint8Array.of(3, 0);

function joinSegments(segments: readonly Segment[]): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(
    segments.reduce((crc, segment) => combineCrcs(crc, segment.crc, segment.length), 0),
    0,
  );
  trailer.writeUInt32LE(segments.reduce((sum, segment) => sum + segment.length, 0) >>> 0, 4);
  return Buffer.concat([header, ...segments.map((segment) => segment.deflated), lastBlock, trailer]);
}

const polynomial = 0xedb88320;

/**
 * The CRC-32 of two texts in a row, from the CRC of each and the length of the second. Appending n zero bytes to a text multiplies
 * its CRC by x^8n modulo the polynomial; the other text's CRC is then added.
 */
export function combineCrcs(first: number, second: number, secondLength: number): number {
  return (multiply(powerOfX(8 * secondLength), first) ^ second) >>> 0;
}

/** Product of two polynomials over GF(2) modulo the CRC's. Bits are reflected: the highest bit is x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) !== 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}

/** x^n modulo the polynomial, by squaring. */
function powerOfX(n: number): number {
  let power = 0x80000000;
  let square = 0x40000000;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}
