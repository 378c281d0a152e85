import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeTraceLine } from '../../../src/model/trace-encode.ts';
import { runInProcess } from '../../support/command-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

const lines: string[] = [];
new TraceBuilder()
  .topic('orders', { partitions: 2, rate: 100, config: { retentionMs: 600_000, segmentMs: 60_000 } })
  .group('slow', { topics: ['orders'], rate: 20 })
  .run(8 * 15_000, (snapshot) => {
    lines.push(encodeTraceLine(snapshot));
    return [];
  });

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const replacements: readonly Json[] = [null, -1, 0.5, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER, 8.64e15, 'x', [], {}, true];

/** The value with some of it lost, repeated, turned around or replaced, as the random numbers say. */
function damaged(value: Json, random: () => number): Json {
  if (random() < 0.01) return replacements[Math.floor(random() * replacements.length)]!;
  if (Array.isArray(value)) {
    const entries = value.map((entry) => damaged(entry, random));
    const fate = random();
    if (fate < 0.03) return entries.slice(1);
    if (fate < 0.06) return [...entries, ...entries];
    return fate < 0.08 ? entries.reverse() : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random() > 0.005);
  return Object.fromEntries(kept.map(([key, entry]) => [key, damaged(entry, random)]));
}

/** Replays the text; gives back the status, what was complained of, and how many snapshots were judged. */
async function replay(text: string) {
  const { status, printed, complaints } = await runInProcess(['replay', '--reports', '-'], { input: text });
  const reports = printed.split('\n').filter((line) => line.startsWith('{"type":"report"')).length;
  return { status, complaints, reports };
}

describe('a trace from who knows where', () => {
  it('is judged or named line by line, and meets no bug', async () => {
    const randoms = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }));
    await fc.assert(
      fc.asyncProperty(randoms, async (stream) => {
        const random = () => stream.next().value as number;
        const text = lines.map((line) => JSON.stringify(damaged(JSON.parse(line), random))).join('\n');
        const { status, complaints, reports } = await replay(text);
        assert.deepEqual(
          complaints.filter((complaint) => complaint.includes('tidemark failed')),
          [],
        );
        assert.equal(complaints.length + reports, lines.length);
        assert.equal(status, complaints.length === 0 ? 0 : 1);
      }),
      { numRuns: 60 },
    );
  });
});
