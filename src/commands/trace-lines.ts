import { isUtf8 } from 'node:buffer';

/** One line of a trace: its text, or what is wrong with it. Lines are numbered from 1. */
export type TextLine = { number: number; text: string } | { number: number; damage: string };

/** Four times a snapshot of 200,000 series. A longer line is no snapshot, and to hold it would be to trust it. */
const lineBytesAtMost = 64 * 2 ** 20;
const lineFeed = 0x0a;

/** Splits bytes into lines, holding one at a time. Blank lines are passed over; the last one needs no line feed. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  atMostBytes = lineBytesAtMost,
): AsyncGenerator<TextLine> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const end = (): TextLine | null => {
    const line = size > atMostBytes ? tooLong(number, atMostBytes) : lineOf(number, pieces);
    pieces = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to !== -1; to = chunk.indexOf(lineFeed, from)) {
      number++;
      keep(chunk.subarray(from, to));
      from = to + 1;
      const line = end();
      if (line !== null) yield line;
    }
    keep(chunk.subarray(from));
  }
  number++;
  const last = size === 0 ? null : end();
  if (last !== null) yield last;

  function keep(piece: Uint8Array): void {
    size += piece.length;
    if (size > atMostBytes) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  }
}

function tooLong(number: number, atMostBytes: number): TextLine {
  return { number, damage: `longer than ${atMostBytes} bytes` };
}

function lineOf(number: number, pieces: readonly Uint8Array[]): TextLine | null {
  const bytes =
    pieces.length === 1
      ? Buffer.from(pieces[0]!.buffer, pieces[0]!.byteOffset, pieces[0]!.length)
      : Buffer.concat(pieces);
  if (!isUtf8(bytes)) return { number, damage: 'not UTF-8' };
  const text = bytes.toString('utf8');
  return /\S/.test(text) ? { number, text } : null;
}
