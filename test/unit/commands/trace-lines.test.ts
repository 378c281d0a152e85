import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readLines, type TextLine } from '../../../src/commands/trace-lines.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function linesOf(text: string | Uint8Array, { chunk = 7, atMost = 1000 } = {}): Promise<TextLine[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return Array.fromAsync(readLines(inChunks(bytes, chunk), atMost));
}

describe('lines of a trace', () => {
  it('are the same however the bytes arrive', async () => {
    const text = fc.array(fc.stringMatching(/^[a-zé😀]{0,12}$/u)).map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (written, chunk) => {
        const expected = written
          .split('\n')
          .flatMap((line, index) => (line === '' ? [] : [{ number: index + 1, text: line }]));
        assert.deepEqual(await linesOf(written, { chunk }), expected);
      }),
    );
  });

  it('that are too long are named and not held, and the next one is read', async () => {
    const long = 'x'.repeat(50);
    assert.deepEqual(await linesOf(`${long}\na\n${long}`, { atMost: 40 }), [
      { number: 1, damage: 'longer than 40 bytes' },
      { number: 2, text: 'a' },
      { number: 3, damage: 'longer than 40 bytes' },
    ]);
  });

  it('that are not UTF-8 are named', async () => {
    assert.deepEqual(await linesOf(Buffer.from([0x61, 0xff, 0x0a, 0x62])), [
      { number: 1, damage: 'not UTF-8' },
      { number: 2, text: 'b' },
    ]);
  });

  it('may be blank, and the last one may lack its line feed', async () => {
    assert.deepEqual(await linesOf('\n \r\na\n\n'), [{ number: 3, text: 'a' }]);
    assert.deepEqual(await linesOf(''), []);
  });
});
