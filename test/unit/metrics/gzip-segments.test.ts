import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { combineCrcs, gzipParts, makePart } from '../../../src/metrics/gzip-segments.ts';

describe('gzip from segments', () => {
  it('unpacks to the texts in a row, whatever their order and sizes', async () => {
    const short = fc.uint8Array({ maxLength: 200 });
    const long = fc.integer({ min: 0, max: 255 }).map((byte) => new Uint8Array(40_000).fill(byte));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(short, long), { maxLength: 8 }), async (texts) => {
        const parts = await Promise.all(texts.map(makePart));
        assert.deepEqual(gunzipSync(await gzipParts(parts)), Buffer.concat(texts));
      }),
    );
  });

  it('compresses a long text ahead, and keeps a short one as it was even when its buffer is used again', async () => {
    const long = Buffer.from('tidemark_group_partition_lag_records{group="g"} 12345\n'.repeat(20_000));
    const short = Buffer.from('# EOF\n');
    const expected = Buffer.concat([short, long, short]);
    const parts = [await makePart(short), await makePart(long), await makePart(short)];
    assert.deepEqual(
      parts.map((part) => part instanceof Uint8Array),
      [true, false, true],
    );
    for (const text of [long, short]) text.fill(0);
    const gzip = await gzipParts(parts);
    assert.deepEqual(gunzipSync(gzip), expected);
    assert.ok(gzip.length < expected.length / 50);
  });

  it('combines checksums as if the texts were one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (first, second) => {
        const whole = crc32(Buffer.concat([first, second]));
        assert.equal(combineCrcs(crc32(first), crc32(second), second.length), whole);
      }),
    );
  });
});
