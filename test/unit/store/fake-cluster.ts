import type { EngineMemory } from '../../../src/model/engine-memory.ts';
import type { ClusterEvent, Finding, Transition } from '../../../src/model/finding.ts';
import {
  groupColumns,
  groupTopicColumns,
  partitionColumns,
  type Report,
  seriesCodes,
  seriesColumns,
} from '../../../src/model/report.ts';
import type { Discovery, Snapshot } from '../../../src/model/snapshot.ts';
import type { Cycle } from '../../../src/store/store.ts';

export interface Layout {
  topics: { topic: string; topicId: string | null; partitions: number }[];
  /** Each group has a series on every partition of its topics. */
  groups: { groupId: string; topics: string[] }[];
}

const noMemory: EngineMemory = {
  atMs: 0,
  findings: [],
  groupTopics: [],
  groups: [],
  topics: [],
  readers: [],
  findingsRaised: [],
};
const noDiscovery: Discovery = { groups: new Map(), missingTopics: new Map() };

/** A report as the engine makes it, whose columns a test fills as it likes. Rows lie in the order of the layout. */
export class FakeCluster {
  readonly report: Report;

  constructor(layout: Layout, cluster = 'c1') {
    this.report = reportOf(layout, cluster);
  }

  partitionRow(topic: string, partition: number): number {
    const { topics, partitions } = this.report;
    const row = partitions.topicRow.findIndex(
      (topicRow, at) => topics.topic[topicRow] === topic && partitions.partition[at] === partition,
    );
    if (row < 0) throw new RangeError(`no partition ${topic} ${partition}`);
    return row;
  }

  seriesRow(groupId: string, topic: string, partition: number): number {
    const { groups, series } = this.report;
    const partitionRow = this.partitionRow(topic, partition);
    const row = series.groupRow.findIndex(
      (groupRow, at) => groups.groupId[groupRow] === groupId && series.partitionRow[at] === partitionRow,
    );
    if (row < 0) throw new RangeError(`no series ${groupId} ${topic} ${partition}`);
    return row;
  }

  /** Marks everything as read at that time. */
  readAll(atMs: number): void {
    this.report.partitions.endReadAtMs.fill(atMs);
    this.report.partitions.logStartReadAtMs.fill(atMs);
    this.report.series.committedReadAtMs.fill(atMs);
  }

  cycle(atMs: number, parts: Partial<Cycle> & { transitions?: Transition[]; events?: ClusterEvent[] } = {}): Cycle {
    this.report.atMs = atMs;
    this.report.monotonicMs = atMs;
    const { transitions = [], events = [] } = parts;
    return {
      snapshot: parts.snapshot ?? this.snapshot(atMs),
      advance: { report: this.report, transitions, events, timeProbes: [] },
      memory: parts.memory ?? noMemory,
      discovery: parts.discovery ?? noDiscovery,
    };
  }

  snapshot(atMs: number): Snapshot {
    const { cluster, clusterId } = this.report;
    const brokers = [{ brokerId: 1, host: 'b1', port: 9092, rack: null }];
    const reads = { cluster: { value: { clusterId, brokers, topics: [] }, observedAtMs: atMs, failures: [] } };
    return { cluster, atMs, completeness: 'full', reads, failures: [] };
  }
}

function columns<Name extends string>(names: readonly Name[], rows: number): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(rows).fill(Number.NaN)])) as Record<
    Name,
    Float64Array
  >;
}

function reportOf({ topics, groups }: Layout, cluster: string): Report {
  const partitions = topics.flatMap((topic, topicRow) =>
    Array.from({ length: topic.partitions }, (_, partition) => ({ topicRow, partition })),
  );
  const series = groups.flatMap((group, groupRow) =>
    partitions.flatMap(({ topicRow }, partitionRow) =>
      group.topics.includes(topics[topicRow]!.topic) ? [{ groupRow, partitionRow }] : [],
    ),
  );
  const alive = (rows: number) => new Uint8Array(rows).fill(1);
  const codes = Object.fromEntries(seriesCodes.map((code) => [code, new Uint8Array(series.length)]));
  return {
    cluster,
    clusterId: 'kafka-1',
    atMs: 0,
    monotonicMs: 0,
    reachable: true,
    completeness: 'full',
    topics: {
      rows: topics.length,
      alive: alive(topics.length),
      topic: topics.map(({ topic }) => topic),
      topicId: topics.map(({ topicId }) => topicId),
      config: topics.map(() => null),
      partitionRows: [],
      producedRecords: [],
      producedAtMs: [],
      change: [],
    },
    partitions: {
      rows: partitions.length,
      alive: alive(partitions.length),
      topicRow: Int32Array.from(partitions, ({ topicRow }) => topicRow),
      partition: Int32Array.from(partitions, ({ partition }) => partition),
      offline: new Uint8Array(partitions.length),
      openedUnseen: new Uint8Array(partitions.length),
      age: new Uint8Array(partitions.length),
      replicaIds: [],
      inSyncReplicaIds: [],
      ...columns(partitionColumns, partitions.length),
    },
    groups: {
      rows: groups.length,
      alive: alive(groups.length),
      groupId: groups.map(({ groupId }) => groupId),
      ...columns(groupColumns, groups.length),
    } as unknown as Report['groups'],
    series: {
      rows: series.length,
      alive: alive(series.length),
      groupRow: Int32Array.from(series, ({ groupRow }) => groupRow),
      partitionRow: Int32Array.from(series, ({ partitionRow }) => partitionRow),
      memberIndex: new Int32Array(series.length),
      ...columns(seriesColumns, series.length),
      ...codes,
    } as unknown as Report['series'],
    groupTopics: { rows: 0, ...columns(groupTopicColumns, 0) } as unknown as Report['groupTopics'],
    brokers: [],
    quorum: null,
    permissions: null,
    findings: [],
    findingsRaised: new Map(),
    collectors: [],
    counts: { groups: groups.length, partitions: partitions.length, series: series.length },
  };
}

export function finding(id: string, atMs: number): Finding {
  return {
    id,
    cluster: 'c1',
    code: 'stalled',
    severity: 'warning',
    groupId: 'g1',
    sinceMs: atMs,
    raisedAtMs: atMs,
    held: false,
    cause: null,
    evidence: {},
    summary: 'It stands still.',
  };
}

export function raised(id: string, atMs: number): Transition {
  return { ...finding(id, atMs), type: 'raised', atMs };
}
