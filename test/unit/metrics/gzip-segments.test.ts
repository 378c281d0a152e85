import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { combineCrcs, compressSegment, compressSmall, joinSegments } from '../../../src/metrics/gzip-segments.ts';

describe('gzip from segments', () => {
  it('unpacks to the texts in a row, whatever their order and sizes', async () => {
    const text = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 6 }), async (texts) => {
        const segments = await Promise.all(texts.map(compressSegment));
        assert.deepEqual(gunzipSync(joinSegments(segments)), Buffer.concat(texts));
      }),
    );
  });

  it('holds texts that are compressed in another thread', async () => {
    const long = Buffer.from('tidemark_group_partition_lag_records{group="g"} 12345\n'.repeat(20_000));
    const short = Buffer.from('# EOF\n');
    const joined = joinSegments([compressSmall(short), await compressSegment(long), compressSmall(short)]);
    assert.deepEqual(gunzipSync(joined), Buffer.concat([short, long, short]));
    assert.ok(joined.length < long.length / 50);
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
