/** Reports of any size and content, made without an engine: what metrics and routes are tested and measured on. */
import type { Finding } from '../../src/model/finding.ts';
import type { Policy } from '../../src/model/policy.ts';
import {
  type Age,
  ages,
  type BrokerRow,
  type CollectorStatus,
  type GroupColumn,
  type GroupTable,
  type GroupTopicColumn,
  type GroupTopicTable,
  groupColumns,
  groupTopicColumns,
  type LagTrend,
  type LogDirRow,
  lagTrends,
  lossCauses,
  type Outlook,
  outlooks,
  ownerships,
  type PartitionColumn,
  type PartitionTable,
  type PermissionState,
  partitionColumns,
  type QuorumState,
  type RebalanceSource,
  type Report,
  rebalanceSources,
  type SeriesCode,
  type SeriesColumn,
  type SeriesTable,
  seriesCodes,
  seriesColumns,
  skipEvidences,
  type TopicChange,
  type TopicTable,
  timeLagMethods,
  unknownReasons,
} from '../../src/model/report.ts';
import type { GroupMember, GroupType, TopicConfig, TopicPartitions } from '../../src/model/snapshot.ts';

export interface TopicFixture {
  topic: string;
  topicId?: string | null;
  config?: TopicConfig | null;
  producedRecords?: number;
  producedAtMs?: number;
  change?: TopicChange | null;
  partitions: readonly PartitionFixture[];
}

export type PartitionFixture = Partial<Record<PartitionColumn, number>> & {
  offline?: boolean;
  openedUnseen?: boolean;
  age?: Age;
  replicaIds?: readonly number[];
  inSyncReplicaIds?: readonly number[];
};

export type SeriesFixture = Partial<Record<SeriesColumn, number>> & {
  topic: string;
  partition: number;
  memberIndex?: number;
  /** Words, as the word lists of report.ts have them. */
  codes?: Partial<Record<SeriesCode, string>>;
};

export type GroupTopicFixture = Partial<Record<GroupTopicColumn, number>> & {
  topic: string;
  lagTrend?: LagTrend;
  outlook?: Outlook;
};

export type GroupFixture = Partial<Record<GroupColumn, number>> & {
  groupId: string;
  type?: GroupType;
  protocolType?: string | null;
  assignor?: string | null;
  state?: string | null;
  coordinatorId?: number | null;
  memberList?: readonly GroupMember[] | null;
  unassigned?: readonly TopicPartitions[] | null;
  rebalanceSource?: RebalanceSource;
  outlook?: Outlook;
  age?: Age;
  policy?: Partial<Policy>;
  series?: readonly SeriesFixture[];
  topics?: readonly GroupTopicFixture[];
};

export interface ReportFixture {
  cluster?: string;
  clusterId?: string | null;
  atMs?: number;
  monotonicMs?: number;
  reachable?: boolean;
  completeness?: Report['completeness'];
  topics?: readonly TopicFixture[];
  groups?: readonly GroupFixture[];
  brokers?: readonly BrokerRow[];
  quorum?: QuorumState;
  permissions?: PermissionState;
  findings?: readonly Finding[];
  findingsRaised?: Readonly<Record<string, number>>;
  collectors?: readonly CollectorStatus[];
}

/** What is not given is unknown (NaN, null), as it is before anything was read. */
export function makeReport(fixture: ReportFixture): Report {
  const topicFixtures = fixture.topics ?? [];
  const groupFixtures = fixture.groups ?? [];
  const topics = topicTable(topicFixtures);
  const partitions = partitionTable(topicFixtures);
  const series = seriesTable(groupFixtures, topics);
  return {
    cluster: fixture.cluster ?? 'c1',
    clusterId: fixture.clusterId === undefined ? 'cluster-id-1' : fixture.clusterId,
    atMs: fixture.atMs ?? 1_700_000_000_000,
    monotonicMs: fixture.monotonicMs ?? 600_000,
    reachable: fixture.reachable ?? true,
    completeness: fixture.completeness ?? 'full',
    topics,
    partitions,
    groups: groupTable(groupFixtures),
    series,
    groupTopics: groupTopicTable(groupFixtures, topics),
    brokers: fixture.brokers ?? [],
    quorum: fixture.quorum ?? null,
    permissions: fixture.permissions ?? null,
    findings: fixture.findings ?? [],
    findingsRaised: new Map(Object.entries(fixture.findingsRaised ?? {})),
    collectors: fixture.collectors ?? [],
    counts: { groups: groupFixtures.length, partitions: partitions.rows, series: series.rows },
  };
}

/** An open finding; what is not given is filled with something plain. */
export function makeFinding(finding: Partial<Finding> & { code: string }): Finding {
  return {
    id: `id-of-${finding.code}`,
    cluster: 'c1',
    severity: 'warning',
    sinceMs: 1_699_999_940_000,
    raisedAtMs: 1_699_999_970_000,
    held: false,
    cause: null,
    evidence: {},
    summary: `${finding.code} holds.`,
    ...finding,
  };
}

export function makeBroker(broker: Partial<BrokerRow> & { brokerId: number }): BrokerRow {
  return {
    host: `b${broker.brokerId}`,
    port: 9092,
    rack: null,
    up: true,
    leaders: 0,
    replicas: 0,
    sizeBytes: null,
    logDirs: [],
    ...broker,
  };
}

export function makeLogDir(dir: Partial<LogDirRow> = {}): LogDirRow {
  return {
    path: '/d0',
    totalBytes: 1e12,
    usableBytes: 4e11,
    error: null,
    age: 'current',
    fill: null,
    ...dir,
  };
}

/** A cluster where every group reads all of some topics: sizes as the benchmark's. */
export function bulkReport(size: {
  topics: number;
  partitions: number;
  groups: number;
  seriesPerGroup: number;
}): Report {
  const topics = Array.from({ length: size.topics }, (_, topic) => ({
    topic: `bench-topic-${topic}`,
    producedRecords: 1000,
    config: { retentionMs: 604_800_000, retentionBytes: -1, cleanupPolicy: ['delete'], minInSyncReplicas: 2 },
    partitions: Array.from({ length: size.partitions }, (_, partition) => ({
      logStartOffset: 1000 + partition,
      highWatermark: 5_000_000 + topic * 1000 + partition,
      replicas: 3,
      inSyncReplicas: 3,
      addingReplicas: 0,
      age: 'current' as const,
    })),
  }));
  const groups = Array.from({ length: size.groups }, (_, group) => bulkGroup(group, size));
  return makeReport({ topics, groups });
}

function bulkGroup(group: number, size: { topics: number; partitions: number; seriesPerGroup: number }): GroupFixture {
  const first = (group * size.seriesPerGroup) % (size.topics * size.partitions);
  const series = Array.from({ length: size.seriesPerGroup }, (_, i) => {
    const at = (first + i) % (size.topics * size.partitions);
    return {
      topic: `bench-topic-${Math.floor(at / size.partitions)}`,
      partition: at % size.partitions,
      committedOffset: 4_000_000 + at * 17,
      lag: (at * 31) % 1000,
      timeLagSeconds: ((at * 7919) % 100_000) / 1000,
      codes: { age: 'current', outlook: 'keeps-up' },
    };
  });
  const topics = [...new Set(series.map(({ topic }) => topic))].map((topic) => ({
    topic,
    lag: 1000,
    maxLag: 999,
    maxTimeLagSeconds: 12.345,
    lagGrowthPerSecond: -0.5,
    retentionUsedRatio: 0.01,
    uncommittedPartitions: 0,
    lastProgressMs: 1_700_000_000_000,
    committedRecords: 1,
    lostRecords: 0,
    skippedRecords: 0,
    rewoundRecords: 0,
    lagTrend: 'steady' as const,
    outlook: 'keeps-up' as const,
  }));
  return {
    groupId: `bench-group-${group}`,
    state: 'Stable',
    outlook: 'keeps-up',
    age: 'current',
    members: 1,
    idleMembers: 0,
    rebalances: 0,
    rebalancingSeconds: 0,
    commitsReadAtMs: 1_700_000_000_000,
    series,
    topics,
  };
}

function topicTable(topics: readonly TopicFixture[]): TopicTable {
  let next = 0;
  return {
    rows: topics.length,
    alive: new Uint8Array(topics.length).fill(1),
    topic: topics.map(({ topic }) => topic),
    topicId: topics.map(({ topic, topicId }) => (topicId === undefined ? `id-of-${topic}` : topicId)),
    config: topics.map(({ config }) => config ?? null),
    partitionRows: topics.map(({ partitions }) => Int32Array.from(partitions, () => next++)),
    producedRecords: topics.map(({ producedRecords }) => producedRecords ?? Number.NaN),
    producedAtMs: topics.map(({ producedAtMs }) => producedAtMs ?? Number.NaN),
    change: topics.map(({ change }) => change ?? null),
  };
}

function partitionTable(topics: readonly TopicFixture[]): PartitionTable {
  const rows = topics.flatMap(({ partitions }, topicRow) =>
    partitions.map((fixture, partition) => ({ fixture, partition, topicRow })),
  );
  const fixtures = rows.map(({ fixture }) => fixture);
  return {
    ...columnsOf(partitionColumns, fixtures),
    rows: rows.length,
    alive: new Uint8Array(rows.length).fill(1),
    topicRow: Int32Array.from(rows, ({ topicRow }) => topicRow),
    partition: Int32Array.from(rows, ({ partition }) => partition),
    openedUnseen: Uint8Array.from(fixtures, ({ openedUnseen }) => (openedUnseen === true ? 1 : 0)),
    offline: Uint8Array.from(fixtures, ({ offline }) => (offline === true ? 1 : 0)),
    age: codesOf(ages, fixtures, ({ age }) => (age === undefined ? 'current' : age)),
    replicaIds: fixtures.map(({ replicaIds }) => replicaIds ?? []),
    inSyncReplicaIds: fixtures.map(({ inSyncReplicaIds }) => inSyncReplicaIds ?? []),
  };
}

const seriesWords: Readonly<Record<SeriesCode, readonly (string | null)[]>> = {
  everActive: [null, 'yes'],
  ownership: ownerships,
  lagTrend: lagTrends,
  timeLagMethod: timeLagMethods,
  lossBy: lossCauses,
  outlook: outlooks,
  age: ages,
  skippedBy: skipEvidences,
  whyLag: unknownReasons,
  whyConsumeRate: unknownReasons,
  whyTimeLag: unknownReasons,
  whyTimeToDrain: unknownReasons,
  whyTimeToLoss: unknownReasons,
  whyOwnership: unknownReasons,
};

function seriesTable(groups: readonly GroupFixture[], topics: TopicTable): SeriesTable {
  const topicRows = new Map(topics.topic.map((topic, row) => [topic, row]));
  const rows = groups.flatMap(({ series = [] }, groupRow) => series.map((fixture) => ({ fixture, groupRow })));
  const fixtures = rows.map(({ fixture }) => fixture);
  const codes = {} as Record<SeriesCode, Uint8Array<ArrayBuffer>>;
  for (const code of seriesCodes) {
    const byDefault = code === 'age' ? 'current' : null;
    codes[code] = codesOf(seriesWords[code], fixtures, (fixture) => fixture.codes?.[code] ?? byDefault);
  }
  return {
    ...columnsOf(seriesColumns, fixtures),
    ...codes,
    rows: rows.length,
    alive: new Uint8Array(rows.length).fill(1),
    groupRow: Int32Array.from(rows, ({ groupRow }) => groupRow),
    partitionRow: Int32Array.from(
      fixtures,
      ({ topic, partition }) => topics.partitionRows[topicRows.get(topic)!]![partition]!,
    ),
    memberIndex: Int32Array.from(fixtures, ({ memberIndex }) => memberIndex ?? -1),
  };
}

const plainPolicy: Policy = {
  match: {},
  isolationLevel: 'read_uncommitted',
  sloSeverity: 'warning',
  lossPageSeconds: 14_400,
  mute: [],
  labels: {},
};

function groupTable(groups: readonly GroupFixture[]): GroupTable {
  let next = 0;
  return {
    ...columnsOf(groupColumns, groups),
    rows: groups.length,
    alive: new Uint8Array(groups.length).fill(1),
    groupId: groups.map(({ groupId }) => groupId),
    type: groups.map(({ type }) => type ?? 'classic'),
    protocolType: groups.map(({ protocolType }) => (protocolType === undefined ? 'consumer' : protocolType)),
    assignor: groups.map(({ assignor }) => assignor ?? null),
    state: groups.map(({ state }) => (state === undefined ? 'Stable' : state)),
    coordinatorId: groups.map(({ coordinatorId }) => coordinatorId ?? null),
    memberList: groups.map(({ memberList }) => memberList ?? null),
    unassigned: groups.map(({ unassigned }) => unassigned ?? null),
    rebalanceSource: codesOf(rebalanceSources, groups, ({ rebalanceSource }) => rebalanceSource ?? null),
    outlook: codesOf(outlooks, groups, ({ outlook }) => outlook ?? null),
    age: codesOf(ages, groups, ({ age }) => (age === undefined ? 'current' : age)),
    seriesRows: groups.map(({ series = [] }) => Int32Array.from(series, () => next++)),
    policy: groups.map(({ policy }) => ({ ...plainPolicy, ...policy })),
  };
}

function groupTopicTable(groups: readonly GroupFixture[], topics: TopicTable): GroupTopicTable {
  const rows = groups.flatMap(({ topics: read = [] }, groupRow) => read.map((fixture) => ({ fixture, groupRow })));
  const fixtures = rows.map(({ fixture }) => fixture);
  return {
    ...columnsOf(groupTopicColumns, fixtures),
    rows: rows.length,
    alive: new Uint8Array(rows.length).fill(1),
    groupRow: Int32Array.from(rows, ({ groupRow }) => groupRow),
    topicRow: Int32Array.from(fixtures, ({ topic }) => topics.topic.indexOf(topic)),
    lagTrend: codesOf(lagTrends, fixtures, ({ lagTrend }) => lagTrend ?? null),
    outlook: codesOf(outlooks, fixtures, ({ outlook }) => outlook ?? null),
  };
}

function columnsOf<Column extends string>(
  columns: readonly Column[],
  fixtures: readonly Partial<Record<Column, number>>[],
): Record<Column, Float64Array<ArrayBuffer>> {
  const table = {} as Record<Column, Float64Array<ArrayBuffer>>;
  for (const column of columns) table[column] = Float64Array.from(fixtures, (fixture) => fixture[column] ?? Number.NaN);
  return table;
}

/** A word that its list lacks is a mistake of the test. */
function codesOf<Fixture>(
  words: readonly (string | null)[],
  fixtures: readonly Fixture[],
  word: (fixture: Fixture) => string | null,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fixtures, (fixture) => {
    const code = words.indexOf(word(fixture));
    if (code < 0) throw new RangeError(`"${word(fixture)}" is none of ${words.join(', ')}`);
    return code;
  });
}
