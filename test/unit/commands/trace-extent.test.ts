import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TraceExtent } from '../../../src/commands/trace-extent.ts';
import { decodeTraceLine } from '../../../src/model/trace-decode.ts';

const limits = { clusters: 2, groups: 3, partitions: 10, series: 10, nameLength: 40 };

function snapshotOf(line: object) {
  const decoded = decodeTraceLine(JSON.stringify({ cluster: 'c1', atMs: 1, ...line }));
  if ('damage' in decoded) throw new Error(decoded.damage);
  return decoded.snapshot;
}

const topic = (name: string, ...partitions: number[]) => ({
  topics: [{ topic: name, partitions: partitions.map((partition) => ({ partition, highWatermark: 1 })) }],
});
const group = (groupId: string, name: string, ...partitions: number[]) => ({
  groups: [{ groupId, committed: partitions.map((partition) => ({ topic: name, partition, committedOffset: 1 })) }],
});
const assigned = (groupId: string, name: string, ...partitions: number[]) => ({
  groups: [{ groupId, state: 'Stable', members: [{ memberId: 'm', assignment: [{ topic: name, partitions }] }] }],
});

/** What is refused of some lines, by index. */
function refused(...lines: object[]): [index: number, problem: string][] {
  const extent = new TraceExtent(limits);
  return lines.flatMap((line, index) => {
    const problem = extent.admit(snapshotOf(line));
    return problem === null ? [] : [[index, problem.replace('with it the trace would hold ', '')] as [number, string]];
  });
}

test('what stays within the limits passes, however often it is told', () => {
  const line = { ...topic('t', 0, 9), ...group('g', 't', 0, 9) };
  assert.deepEqual(refused(line, line, line, { cluster: 'c2' }, line), []);
});

test('each limit holds over all lines and clusters, and a number stands for all below it', () => {
  const cases: Record<string, [lines: object[], refused: [number, string][]]> = {
    clusters: [[{}, { cluster: 'c2' }, { cluster: 'c3' }], [[2, 'more than 2 clusters']]],
    groups: [['a', 'b', 'c', 'd'].map((name) => group(name, 't', 0)), [[3, 'more than 3 groups']]],
    'partitions, by their highest number': [[topic('t', 10)], [[0, 'more than 10 partitions']]],
    'partitions of several topics': [[topic('t', 4), topic('u', 4), topic('v', 0)], [[2, 'more than 10 partitions']]],
    'partitions of several clusters': [
      [topic('t', 8), { cluster: 'c2', ...topic('t', 8) }],
      [[1, 'more than 10 partitions']],
    ],
    'series of one group': [[group('g', 't', 10)], [[0, 'more than 10 series']]],
    'series of several': [[group('a', 't', 7), group('b', 't', 7)], [[1, 'more than 10 series']]],
    'series that are only assigned': [[assigned('a', 't', 7), assigned('b', 't', 7)], [[1, 'more than 10 series']]],
    names: [[group('g'.repeat(36), 't', 0), group('h', 't', 0)], [[1, 'names of more than 40 characters']]],
  };
  for (const [name, [lines, expected]] of Object.entries(cases)) assert.deepEqual(refused(...lines), expected, name);
});

test('a line that is refused takes no room from those after it', () => {
  assert.deepEqual(refused({ ...topic('huge', 99_999), ...group('g', 't', 0) }, topic('t', 9), group('a', 't', 9)), [
    [0, 'more than 10 partitions'],
  ]);
});
