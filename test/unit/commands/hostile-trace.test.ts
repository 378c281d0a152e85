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
async function replay(text: string | Uint8Array) {
  const { status, printed, complaints } = await runInProcess(['replay', '--reports', '-'], { input: inOnePiece(text) });
  const reports = printed.split('\n').filter((line) => line.startsWith('{"type":"report"')).length;
  return { status, complaints, reports };
}

async function* inOnePiece(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

type Path = readonly (string | number)[];

/** Where each value stands. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...inner.flatMap(([key, entry]) => pathsOf(entry, [...path, key]))];
}

function replaced(value: Json, [key, ...rest]: Path, by: Json): Json {
  if (key === undefined) return by;
  const copy = structuredClone(value) as { [key: string | number]: Json };
  copy[key] = replaced(copy[key]!, rest, by);
  return copy as Json;
}

const topicOf = (partition: number, highWatermark: number) => ({
  topic: 't',
  partitions: [{ partition, leader: 1, replicas: [1], inSyncReplicas: [1], logStartOffset: 0, highWatermark }],
});
const groupOf = (groupId: string, committedOffset: number) => ({
  groupId,
  state: 'Stable',
  members: [{ memberId: 'm', subscribedTopics: ['t'], assignment: [{ topic: 't', partitions: [0] }] }],
  committed: [{ topic: 't', partition: 0, committedOffset }],
});

function withPartition(partition: object): string {
  return JSON.stringify({ cluster: 'c1', atMs: 1, topics: [{ topic: 't', partitions: [partition] }] });
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

  it('may be anything at all, line by line', async () => {
    const [good] = lines as [string];
    const patched = fc
      .tuple(fc.constantFrom(...pathsOf(JSON.parse(good))), fc.oneof(fc.jsonValue(), fc.constantFrom(...replacements)))
      .map(([path, value]) => JSON.stringify(replaced(JSON.parse(good), path, value as Json)));
    const cut = fc.nat({ max: good.length }).map((length) => good.slice(0, length));
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), patched, patched, cut);
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 12 }), async (told) => {
        const text = told.map((line) => line.replaceAll('\n', ' ')).join('\n');
        const { status, complaints, reports } = await replay(text);
        assert.ok(complaints.every((line) => /^-:\d+: damaged: /.test(line) && !line.includes('tidemark failed')));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be told
        assert.ok(complaints.every((line) => !/[\u0000-\u001f\u007f-\u009f]/.test(line)));
        assert.equal(status, complaints.length === 0 ? 0 : 1);
        assert.ok(complaints.length + reports <= told.length);
        assert.deepEqual(Object.keys(Object.prototype), []);
      }),
      { numRuns: 300 },
    );
  });

  const hostile: Record<string, [line: string | Uint8Array, damage: RegExp]> = {
    'deep arrays': ['['.repeat(1_000_000), /nested deeper than 32 levels/],
    'deep objects': ['{"a":'.repeat(100_000), /nested deeper than 32 levels/],
    'deep in a field that nobody reads': [
      `{"cluster":"c1","atMs":1,"x":${'['.repeat(99)}${']'.repeat(99)}}`,
      /nested deeper/,
    ],
    'millions of values': [`{"cluster":"c1","atMs":1,"x":[${'0,'.repeat(8_000_000)}0]}`, /more than 8000000 values/],
    'many wrong ones': [
      `{"cluster":"c1","atMs":1,"topics":[${'0,'.repeat(600_000)}0]}`,
      /not a snapshot; it has more than/,
    ],
    'a key called __proto__': ['{"cluster":"c1","atMs":1,"__proto__":{"polluted":1}}', /a key is called __proto__/],
    'one of them further in': ['{"cluster":"c1","atMs":1,"read":{"__proto__":{"observedAtMs":1}}}', /__proto__/],
    'a number beyond all': ['{"cluster":"c1","atMs":1e308}', /\/atMs must be <= /],
    'an infinite one': ['{"cluster":"c1","atMs":1e999}', /\/atMs must be /],
    NaN: ['{"cluster":"c1","atMs":NaN}', /not JSON/],
    'a time before all time': ['{"cluster":"c1","atMs":-1}', /\/atMs must be >= 0/],
    'a negative offset': [withPartition({ partition: 0, highWatermark: -1 }), /highWatermark/],
    'half a record': [withPartition({ partition: 0, highWatermark: 0.5 }), /highWatermark/],
    'an offset that no double holds': [withPartition({ partition: 0, logStartOffset: 2 ** 53 }), /logStartOffset/],
    'a partition number of billions': [withPartition({ partition: 4e9 }), /partition must be <= 99999/],
    'partitions of the smallest number': [withPartition({ partition: -1 }), /partition must be >= 0/],
    'a million partitions in one line': [
      JSON.stringify({
        cluster: 'c1',
        atMs: 1,
        topics: Array.from({ length: 11 }, (_, n) => ({ topic: `t${n}`, partitions: [{ partition: 99_999 }] })),
      }),
      /more than 1000000 partitions/,
    ],
    'a million series': [
      JSON.stringify({
        cluster: 'c1',
        atMs: 1,
        groups: Array.from({ length: 11 }, (_, n) => ({
          groupId: `g${n}`,
          committed: [{ topic: 't', partition: 99_999, committedOffset: 1 }],
        })),
      }),
      /more than 1000000 series/,
    ],
    'a name longer than Kafka has': [
      JSON.stringify({ cluster: 'c1', atMs: 1, topics: [{ topic: 'x'.repeat(40_000) }] }),
      /topic must not have more/,
    ],
    'bytes that are no UTF-8': [Uint8Array.of(0x7b, 0xff, 0x7d), /not UTF-8/],
    'UTF-16': [Buffer.from('{"cluster":"c1","atMs":1}', 'utf16le'), /not JSON/],
    'a line for a terminal': ['\u001b[2J{', /not JSON/],
  };
  for (const [name, [line, damage]] of Object.entries(hostile)) {
    it(`is named and skipped: ${name}`, async () => {
      const bytes = Buffer.concat([Buffer.from(`${lines[0]}\n`), Buffer.from(line), Buffer.from(`\n${lines[1]}\n`)]);
      const { status, complaints, reports } = await replay(bytes);
      assert.deepEqual({ status, reports, complaints: complaints.length }, { status: 1, reports: 2, complaints: 1 });
      assert.match(complaints[0]!, /^-:2: damaged: /);
      assert.match(complaints[0]!, damage);
    });
  }

  const odd: Record<string, object> = {
    'groups and topics that stand twice': {
      topics: [topicOf(0, 5), topicOf(0, 9), topicOf(1, 1)],
      groups: [groupOf('g', 1), groupOf('g', 3), { groupId: 'g' }],
    },
    'names that every object has': {
      topics: [{ topic: 'constructor', partitions: [{ partition: 0, highWatermark: 3 }] }],
      groups: [
        {
          groupId: 'toString',
          state: 'hasOwnProperty',
          committed: [{ topic: 'constructor', partition: 0, committedOffset: 1 }],
        },
      ],
      failures: [{ collector: 'constructor', code: 'x' }],
      collectors: ['toString', 'cluster', 'end-offsets', 'group-membership', 'committed-offsets'],
      read: { constructor: { observedAtMs: 1, brokers: { 1: 2 } } },
    },
    'times of reads before and after all time': {
      ...{ topics: [topicOf(0, 5)], groups: [groupOf('g', 1)] },
      read: { 'end-offsets': { observedAtMs: 0 }, 'committed-offsets': { observedAtMs: 8.64e15, brokers: { 1: 0 } } },
    },
    'the last moment of all': { atMs: 8.64e15, topics: [topicOf(0, 2 ** 53 - 1)], groups: [groupOf('g', 2 ** 53 - 1)] },
  };
  for (const [name, part] of Object.entries(odd)) {
    it(`is judged: ${name}`, async () => {
      const told = [1, 2, 3].map((poll) => JSON.stringify({ cluster: 'c1', atMs: poll * 15_000, ...part }));
      const { status, complaints, reports } = await replay(('atMs' in part ? told.slice(0, 1) : told).join('\n'));
      assert.deepEqual({ status, complaints }, { status: 0, complaints: [] });
      assert.equal(reports, 'atMs' in part ? 1 : told.length);
    });
  }
});
