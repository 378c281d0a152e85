import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { decodeTraceLine } from '../../../src/model/trace-decode.ts';
import { encodeTraceLine } from '../../../src/model/trace-encode.ts';
import { normalised, snapshots } from './arbitrary-snapshot.ts';

function decoded(line: unknown): Snapshot {
  const result = decodeTraceLine(JSON.stringify(line));
  assert.ok('snapshot' in result, 'damage' in result ? result.damage : '');
  return result.snapshot;
}

function damageOf(text: string): string {
  const result = decodeTraceLine(text);
  assert.ok('damage' in result, 'the line was taken');
  return result.damage;
}

describe('a trace line', () => {
  it('holds all that tidemark reads: snapshot -> line -> snapshot', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const result = decodeTraceLine(encodeTraceLine(snapshot));
        assert.ok('snapshot' in result, 'damage' in result ? result.damage : '');
        assert.deepEqual(normalised(result.snapshot), normalised(snapshot));
      }),
    );
  });

  it('needs no more than cluster and time: then nothing was read', () => {
    assert.deepEqual(decoded({ cluster: 'c', atMs: 5 }), {
      cluster: 'c',
      atMs: 5,
      completeness: 'full',
      reads: {},
      failures: [],
    });
  });

  it('ignores what this version does not use', () => {
    const { reads, failures } = decoded({
      cluster: 'c',
      atMs: 5,
      'a later section': [[[]]],
      failures: [{ collector: 'a-later-collector', code: 'upstream.timeout' }],
    });
    assert.deepEqual({ reads, failures }, { reads: {}, failures: [] });
  });

  it('reads a quorum and permissions that tell only a part, and passes over operations that it does not know', () => {
    const { reads } = decoded({
      cluster: 'c',
      atMs: 5,
      permissions: { cluster: ['describe', 'levitate'] },
      quorum: { leaderId: 1, voters: [{ brokerId: 1, lag: 0 }] },
    });
    assert.deepEqual(reads.permissions?.value, { principal: null, cluster: ['describe'], topics: [] });
    assert.deepEqual(reads.quorum?.value, {
      leaderId: 1,
      leaderEpoch: null,
      voters: [{ brokerId: 1, lag: 0, lastFetchMs: null, lastCaughtUpMs: null }],
    });
  });

  it('takes the brokers of a line that tidemark did not write for living, also without their addresses', () => {
    const topics = [{ topic: 't', partitions: [{ partition: 0 }] }];
    const { reads } = decoded({ cluster: 'c', atMs: 5, topics, brokers: [{ brokerId: 4 }] });
    assert.deepEqual(reads.cluster?.value.brokers, [{ brokerId: 4, host: '', port: 0, rack: null }]);
  });

  it('says that leaders and brokers were not read where topics come without them', () => {
    const topics = [{ topic: 't', partitions: [{ partition: 0, highWatermark: 7 }] }];
    const { reads } = decoded({ cluster: 'c', atMs: 5, topics });
    assert.equal(reads.cluster?.value.brokersUnread, true);
    assert.equal(reads.cluster?.value.topics[0]?.partitions[0]?.stateUnread, true);
    assert.deepEqual(reads['end-offsets']?.value, [
      { topic: 't', partitions: [0], highWatermarks: [7], lastStableOffsets: [Number.NaN] },
    ]);
    assert.equal(reads['log-start-offsets'], undefined);
  });

  it('takes a section that a failure covers wholly for unread', () => {
    const { reads, failures } = decoded({
      cluster: 'c',
      atMs: 5,
      groups: [],
      topics: [],
      failures: [
        { collector: 'group-membership', code: 'upstream.timeout' },
        { collector: 'cluster', code: 'upstream.timeout', brokerId: 3 },
      ],
    });
    assert.equal(reads['group-membership'], undefined);
    assert.deepEqual(
      failures.map(({ collector }) => collector),
      ['group-membership'],
    );
    assert.deepEqual(
      reads.cluster?.failures.map(({ brokerId }) => brokerId),
      [3],
    );
  });

  it('does not take a group that stands there for its commits alone for gone', () => {
    const groups = [
      { groupId: 'described', state: 'Empty' },
      { groupId: 'committed', committed: [{ topic: 't', partition: 0, committedOffset: 3 }] },
    ];
    const { reads } = decoded({ cluster: 'c', atMs: 5, groups });
    assert.deepEqual(
      reads['group-membership']?.value.map(({ groupId }) => groupId),
      ['described'],
    );
    assert.deepEqual(reads['group-membership']?.failures[0]?.groupIds, ['committed']);
  });

  it('uses the read times that the line gives', () => {
    const topics = [{ topic: 't', partitions: [{ partition: 0, highWatermark: 7, logStartOffset: 0 }] }];
    const read = { 'end-offsets': { observedAtMs: 6, brokers: { 2: 8 } } };
    const { reads } = decoded({ cluster: 'c', atMs: 5, topics, read });
    assert.equal(reads['end-offsets']?.observedAtMs, 6);
    assert.deepEqual(reads['end-offsets']?.brokers, { 2: 8 });
    assert.equal(reads['log-start-offsets']?.observedAtMs, 5);
  });
});

describe('a damaged trace line is named', () => {
  const partition = (fields: object) =>
    JSON.stringify({ cluster: 'c', atMs: 5, topics: [{ topic: 't', partitions: [{ partition: 0, ...fields }] }] });
  const lines: Record<string, [text: string, naming: RegExp]> = {
    'cut off': ['{"cluster":"c","atMs":', /not JSON/],
    'no object': ['[]', /object/],
    'no cluster': ['{"atMs":5}', /cluster/],
    'an empty cluster name': ['{"cluster":"","atMs":5}', /cluster/],
    'a time in words': ['{"cluster":"c","atMs":"now"}', /atMs/],
    'a time beyond all dates': ['{"cluster":"c","atMs":1e300}', /atMs/],
    'a number beyond a double': ['{"cluster":"c","atMs":1e999}', /atMs/],
    'an offset beyond what a double holds exactly': [partition({ highWatermark: 2 ** 60 }), /highWatermark/],
    'a negative offset': [partition({ logStartOffset: -1 }), /logStartOffset/],
    'half an offset': [partition({ highWatermark: 1.5 }), /highWatermark/],
    'an offset in words': [partition({ highWatermark: 'seven' }), /highWatermark/],
    'a partition that no topic has': [
      '{"cluster":"c","atMs":5,"topics":[{"topic":"t","partitions":[{"partition":2147483647}]}]}',
      /partition/,
    ],
    'topics that are no list': ['{"cluster":"c","atMs":5,"topics":{}}', /topics/],
    'a group without a name': ['{"cluster":"c","atMs":5,"groups":[{"state":"Empty"}]}', /groups\/0/],
    'a key that reaches for the prototype': ['{"cluster":"c","atMs":5,"__proto__":{"a":1}}', /__proto__/],
    'a value nested deeper than any stack': [`{"cluster":"c","atMs":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, /./],
  };
  for (const [name, [text, naming]] of Object.entries(lines)) {
    it(name, () => assert.match(damageOf(text), naming));
  }

  it('and no text at all makes the decoder throw', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object({ key: fc.constantFrom('cluster', 'atMs', 'topics', 'groups') }).map((line) => JSON.stringify(line)),
    );
    fc.assert(fc.property(hostile, (text) => void decodeTraceLine(text)));
  });

  it('but a group may be called __proto__', () => {
    const groups = [{ groupId: '__proto__', state: 'Empty' }];
    assert.equal(decoded({ cluster: 'c', atMs: 5, groups }).reads['group-membership']?.value[0]?.groupId, '__proto__');
  });
});
