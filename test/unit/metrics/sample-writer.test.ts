import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chunkBytes, SampleWriter } from '../../../src/metrics/sample-writer.ts';

const head = Buffer.from('{kafka_cluster="c1"');
const tail = Buffer.from(',topic="t"');

function written(writer: SampleWriter): string {
  writer.flush();
  return Buffer.concat(writer.full).toString();
}

describe('the writer of samples', () => {
  it('writes a line a sample', () => {
    const writer = new SampleWriter();
    writer.begin('a');
    writer.write(head, tail, undefined, 1);
    writer.write(head, tail, ',trend="é"', -0.5);
    assert.equal(
      written(writer),
      'a{kafka_cluster="c1",topic="t"} 1\na{kafka_cluster="c1",topic="t",trend="é"} -0.5\n',
    );
    assert.equal(writer.samples, 2);
  });

  it('writes every number so that it reads back as it was', () => {
    const number = fc.oneof(
      fc.nat(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeNat(),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
        const writer = new SampleWriter();
        writer.begin('a');
        for (const value of numbers) writer.write(head, tail, undefined, value);
        const values = written(writer)
          .split('\n')
          .slice(0, -1)
          .map((line) => Number(line.split(' ')[1]));
        assert.deepEqual(
          values.map((value) => value + 0),
          numbers.map((value) => value + 0),
        );
      }),
    );
  });

  it('goes on in another chunk when one is full, within no line, and loses nothing when buffers are used again', () => {
    const writer = new SampleWriter();
    writer.begin('some_name');
    const lines = Math.ceil((2.5 * chunkBytes) / 40);
    let text = '';
    for (let i = 0; i < lines; i++) {
      writer.write(head, tail, undefined, i);
      for (const chunk of writer.full.splice(0)) {
        text += Buffer.from(chunk).toString();
        assert.ok(chunk.length <= chunkBytes && chunk.at(-1) === 10);
        writer.recycle(chunk);
      }
    }
    text += written(writer);
    const expected = Array.from({ length: lines }, (_, i) => `some_name{kafka_cluster="c1",topic="t"} ${i}\n`);
    assert.equal(text, expected.join(''));
  });

  it('takes a line that is longer than a chunk', () => {
    const writer = new SampleWriter();
    writer.begin('a');
    const long = Buffer.from(`,group="${'x'.repeat(chunkBytes)}"`);
    writer.write(head, tail, undefined, 1);
    writer.write(head, long, undefined, 2);
    writer.write(head, tail, undefined, 3);
    const text = written(writer);
    assert.equal(text.split('\n').length, 4);
    assert.ok(text.endsWith('} 3\n'));
  });
});
