import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJudge, type Gone, type JudgeContext, type JudgeSettings } from '../../../src/engine/judge.ts';
import { defaultFindingSettings } from '../../../src/evaluators/index.ts';
import type { Transition } from '../../../src/model/finding.ts';
import type { Tables } from '../../../src/model/report.ts';
import { finished } from '../../support/engine-run.ts';
import {
  makeReport,
  type PartitionFixture,
  type ReportFixture,
  type SeriesFixture,
} from '../../support/report-fixture.ts';
import { collectorStatus, policy } from '../../support/rule-rows.ts';

const pollMs = 15_000;
const startMs = 1_700_000_000_000;
const nothingGone: Gone = { groups: [], topics: [], series: [], offsets: [] };
const settings: JudgeSettings = {
  staleMs: 60_000,
  rebalanceWindowMs: 3_600_000,
  findings: defaultFindingSettings(),
  measures: {},
  policies: [],
};

/** A judge through many polls. */
class Court {
  judge;
  atMs = startMs;
  monotonicMs = 600_000;
  transitions: Transition[] = [];

  constructor(over: Partial<JudgeSettings> = {}) {
    this.judge = createJudge({ ...settings, ...over });
  }

  poll(tables: Tables, over: Partial<JudgeContext> = {}): string[] {
    this.atMs += pollMs;
    this.monotonicMs += pollMs;
    const steps = this.judge.judge(tables, {
      cluster: 'c1',
      clusterId: 'id-of-c1',
      atMs: this.atMs,
      monotonicMs: this.monotonicMs,
      gone: nothingGone,
      absence: () => null,
      recentEvents: [],
      collectors: [],
      reachable: true,
      brokerConfig: {},
      ...over,
    });
    const { transitions } = finished(steps);
    this.transitions.push(...transitions);
    return transitions.map((one) => `${one.type} ${one.code}${one.type === 'cleared' ? ` ${one.reason}` : ''}`);
  }
}

const healthy = {
  offline: false,
  replicaIds: [1, 2, 3],
  inSyncReplicaIds: [1, 2, 3],
  replicas: 3,
  inSyncReplicas: 3,
  addingReplicas: 0,
};
const offline = { ...healthy, offline: true, inSyncReplicaIds: [2], inSyncReplicas: 1 };

function cluster(partition: PartitionFixture, over: ReportFixture = {}, topicId = 'id-of-orders'): Tables {
  return makeReport({ topics: [{ topic: 'orders', topicId, partitions: [healthy, partition] }], ...over });
}

const lostSeries: SeriesFixture = {
  topic: 'orders',
  partition: 1,
  committedOffset: 1000,
  lostNow: 500,
  codes: { ownership: 'owned', outlook: 'losing', age: 'current' },
};
const lossOf = (series: Partial<SeriesFixture> = {}, groupId = 'billing') =>
  cluster(
    { ...healthy, logStartOffset: 1500 },
    { groups: [{ groupId, members: 1, series: [{ ...lostSeries, ...series }] }] },
  );

test('judge: raises on suspect rows and clears on the rows of what is open', () => {
  const court = new Court();
  assert.deepEqual(court.poll(cluster(offline)), []);
  assert.deepEqual(court.poll(cluster(offline)), ['raised offline-partition']);
  const [raised] = court.transitions;
  assert.ok(raised?.type === 'raised');
  const { topic, topicId, partition, severity, sinceMs, cluster: name } = raised;
  assert.deepEqual(
    { topic, topicId, partition, severity, sinceMs, name },
    {
      topic: 'orders',
      topicId: 'id-of-orders',
      partition: 1,
      severity: 'critical',
      sinceMs: startMs + pollMs,
      name: 'c1',
    },
  );
  for (const expected of [[], [], ['cleared offline-partition recovered']])
    assert.deepEqual(court.poll(cluster(healthy)), expected);
});

test('judge: counts what was ever raised, by code, over a restart', () => {
  const court = new Court();
  court.poll(lossOf());
  const next = new Court();
  next.judge.restore(structuredClone(court.judge.memory()));
  const steps = next.judge.judge(lossOf({}, 'shipping'), {
    ...{
      cluster: 'c1',
      clusterId: 'id-of-c1',
      atMs: court.atMs + pollMs,
      monotonicMs: 5,
      gone: nothingGone,
      absence: () => null,
    },
    ...{ recentEvents: [], collectors: [], reachable: true, brokerConfig: {} },
  });
  const { findings, findingsRaised } = finished(steps);
  assert.equal(findingsRaised.get('lost-data'), 2);
  assert.deepEqual(
    findings.map(({ groupId, held }) => [groupId, held]),
    [
      ['billing', true],
      ['shipping', false],
    ],
  );
});

test('judge: memory taken before the first judgement is what was restored', () => {
  const court = new Court();
  court.poll(lossOf());
  const memory = court.judge.memory();
  const next = new Court();
  next.judge.restore(memory);
  assert.deepEqual(next.judge.memory(), memory);
});

test('judge: a row that is nowhere holds its finding: absence clears nothing', () => {
  const court = new Court();
  court.poll(lossOf());
  assert.deepEqual(court.poll(makeReport({})), ['changed lost-data']);
  assert.equal(court.transitions[1]?.type === 'changed' && court.transitions[1].held, true);
});

test('judge: a stale row holds its finding, whatever its numbers say', () => {
  const court = new Court();
  court.poll(lossOf());
  const stale = lossOf({ codes: { ownership: 'owned', outlook: 'keeps-up', age: 'stale' }, lostNow: 0 });
  assert.deepEqual(court.poll(stale), ['changed lost-data']);
});

const departures: readonly (readonly [what: string, gone: Partial<Gone>, cleared: string])[] = [
  ['its group was deleted', { groups: ['billing'] }, 'group-deleted'],
  ['its topic was deleted', { topics: [{ topic: 'orders', topicId: 'id-of-orders' }] }, 'topic-deleted'],
  [
    'its topic was deleted, on a broker without topic IDs',
    { topics: [{ topic: 'orders', topicId: null }] },
    'topic-deleted',
  ],
];
for (const [what, gone, reason] of departures) {
  test(`judge: ${what}: cleared at once as ${reason}`, () => {
    const court = new Court();
    court.poll(lossOf());
    assert.deepEqual(court.poll(makeReport({}), { gone: { ...nothingGone, ...gone } }), [
      `cleared lost-data ${reason}`,
    ]);
  });
}

test('judge: what is gone elsewhere clears nothing here', () => {
  const court = new Court();
  court.poll(lossOf());
  const gone = {
    groups: ['shipping'],
    topics: [{ topic: 'orders', topicId: 'id-of-an-older-orders' }],
    series: [{ groupId: 'billing', topic: 'orders', partition: 0 }],
    offsets: [],
  };
  assert.deepEqual(court.poll(lossOf({ lostNow: 0 }), { gone }), []);
});

test('judge: a topic of the same name with another ID is another topic', () => {
  const court = new Court();
  for (const _ of '12') court.poll(cluster(offline));
  assert.deepEqual(court.poll(cluster(offline, {}, 'id-of-new-orders')), ['cleared offline-partition topic-deleted']);
  assert.deepEqual(court.poll(cluster(offline, {}, 'id-of-new-orders')), ['raised offline-partition']);
});

test('judge: rows of what is gone are not looked at, even before they are used again', () => {
  const court = new Court();
  const tables = cluster(offline);
  tables.partitions.alive[1] = 0;
  for (const _ of '123') assert.deepEqual(court.poll(tables), []);
});

test('judge: partitions whose numbers have holes are found by number', () => {
  const court = new Court();
  const tables = cluster(offline);
  tables.partitions.partition[1] = 7;
  court.poll(tables);
  court.poll(tables);
  const well = cluster(healthy);
  well.partitions.partition[1] = 7;
  for (const _ of '12') court.poll(well);
  assert.deepEqual(court.poll(well), ['cleared offline-partition recovered']);
});

test('judge: an unreachable cluster is said once, explains its failing collectors, and ends', () => {
  const court = new Court();
  const failing = collectorStatus({ collector: 'cluster', outcome: 'failed', failingPolls: 3, lastSuccessMs: null });
  const blind = { reachable: false, collectors: [failing], clusterId: null };
  assert.deepEqual(court.poll(makeReport({}), blind), ['raised collector-failing']);
  assert.deepEqual(
    court.poll(makeReport({}), blind),
    ['raised cluster-unreachable', 'changed collector-failing'].sort().reverse(),
  );
  const well = { collectors: [collectorStatus({ collector: 'cluster' })] };
  for (const _ of '12') assert.deepEqual(court.poll(cluster(healthy), well), []);
  assert.deepEqual(court.poll(cluster(healthy), well).sort(), [
    'cleared cluster-unreachable recovered',
    'cleared collector-failing recovered',
  ]);
});

test('judge: partitions are held once Metadata is a minute old, not before', () => {
  const court = new Court();
  court.poll(cluster(offline));
  court.poll(cluster(offline));
  const lastSuccessMs = court.atMs;
  const held = () =>
    court.judge.memory().findings.find(({ finding }) => finding.code === 'offline-partition')?.finding.held;
  const metadata = collectorStatus({ collector: 'cluster', lastSuccessMs, outcome: 'failed', failingPolls: 1 });
  for (let poll = 0; poll < 4; poll++) court.poll(cluster(offline), { reachable: false, collectors: [metadata] });
  assert.equal(held(), false);
  court.poll(cluster(offline), { reachable: false, collectors: [metadata] });
  assert.equal(held(), true);
});

test('judge: policies mute and name teams, by group and topic', () => {
  const court = new Court({ policies: [policy({ match: { group: 'billing', topic: 'orders' }, team: 'payments' })] });
  court.poll(lossOf());
  court.poll(lossOf({}, 'console-consumer-4711'));
  const told = court.transitions.map((one) =>
    one.type === 'raised' ? [one.groupId, one.team, one.severity, one.muted] : one.type,
  );
  assert.deepEqual(told, [
    ['billing', 'payments', 'critical', undefined],
    'changed',
    ['console-consumer-4711', undefined, 'info', true],
  ]);
});

test('judge: what one rule throws is reported, and the other rules go on', () => {
  const bugs: string[] = [];
  const court = new Court({ onBug: (where) => bugs.push(where) });
  const broken = lossOf();
  Object.defineProperty(broken.partitions, 'offline', { get: () => assert.fail('a bug') });
  assert.deepEqual(court.poll(broken), ['raised lost-data']);
  assert.deepEqual(bugs, ['rule offline-partition']);
});

test('judge: without anybody to report to, what a rule throws goes on', () => {
  const broken = lossOf();
  Object.defineProperty(broken.partitions, 'offline', { get: () => assert.fail('a bug') });
  assert.throws(() => new Court().poll(broken), /a bug/);
});

test('judge: a finding of a code that this version does not have is cleared, not held for ever', () => {
  const court = new Court();
  court.poll(lossOf());
  const memory = structuredClone(court.judge.memory());
  for (const { finding } of memory.findings) finding.code = 'lag-of-the-future';
  const next = new Court();
  next.judge.restore(memory);
  assert.deepEqual(next.poll(cluster(healthy)), ['cleared lag-of-the-future config-changed']);
});

test('judge: a group whose end offsets were never read is unknown, not caught up', () => {
  const standing = {
    lastMovedMs: 0,
    watchedSinceMs: 0,
    pollsWithoutMovement: 99,
    maxCommitIntervalMs: 5000,
    commitIntervalMs: 5000,
  };
  const codes = { ownership: 'owned', outlook: 'keeps-up', age: 'current' };
  const stalledGroup = (lag: number) =>
    cluster(healthy, {
      groups: [
        {
          ...{ groupId: 'billing', members: 1, lag, lastMovedMs: 0 },
          series: [
            {
              ...standing,
              topic: 'orders',
              partition: 1,
              committedOffset: 1000,
              lag,
              unreadRecords: lag,
              waitingSeconds: lag,
              timeLagSeconds: lag,
              codes,
            },
          ],
        },
      ],
    });
  const court = new Court();
  court.poll(stalledGroup(900));
  assert.deepEqual(court.poll(stalledGroup(900)), ['raised stalled']);
  assert.deepEqual(court.poll(stalledGroup(Number.NaN)), ['changed stalled']);
  for (const expected of [['changed stalled'], [], ['cleared stalled recovered']])
    assert.deepEqual(court.poll(stalledGroup(0)), expected);
});
