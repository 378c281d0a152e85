import type { GroupResults, GroupTopicResults } from '../evaluators/measures/aggregates.ts';
import {
  ageCodes,
  type MeasureContext,
  measureSiblingRates,
  type SeriesResults,
} from '../evaluators/measures/index.ts';
import type { ClusterHistory } from '../history/cluster-history.ts';
import { Columns } from '../history/columns.ts';
import type { Rows } from '../history/rows.ts';
import {
  groupColumns,
  groupTopicColumns,
  type PartitionColumn,
  partitionColumns,
  type SeriesColumn,
  seriesCodes,
  seriesColumns,
  type Tables,
} from '../model/report.ts';
import { brokerRows } from './brokers.ts';
import { permissionState, quorumState } from './control-plane.ts';

/** Columns of the series that only measures, rules and store read, before their cycle ends: one set of them serves every cycle. */
const passingColumns = [
  'unreadRecords',
  'waitingSeconds',
  'consumeRateUncertainty',
  'usualTimeLagSeconds',
  'maxCommitIntervalMs',
  'lostNow',
  'skippedNow',
  'rewoundNow',
  'jumpedFrom',
  'committedReadAtMs',
] as const satisfies readonly SeriesColumn[];
type Passing = (typeof passingColumns)[number];

/** The same, as the history holds them. */
const heldColumns = [
  'movementRun',
  'movementRunSinceMs',
  'pollsWithoutMovement',
  'lastMovedMs',
  'commitDelayGrowth',
  'bestRate',
  'endWhenAssigned',
  'uncommittedSinceMs',
] as const satisfies readonly SeriesColumn[];
type Published = Exclude<SeriesColumn, Passing | (typeof heldColumns)[number]>;

const ownNames: ReadonlySet<string> = new Set(seriesColumns).difference(new Set([...passingColumns, ...heldColumns]));
const publishedColumns = seriesColumns.filter((name): name is Published => ownNames.has(name));

/** The two sets of result columns of an engine. */
export function resultBuffers(): readonly [ResultBuffer, ResultBuffer] {
  const passing = new Columns(passingColumns);
  return [new ResultBuffer(passing), new ResultBuffer(passing)];
}

/** One set of result columns. The engine has two: one is published while the other is written. */
export class ResultBuffer {
  readonly #series = new Columns(publishedColumns, seriesCodes, ['groupRow', 'partitionRow', 'memberIndex']);
  readonly #passing: Columns<Passing>;
  readonly groups: GroupResults = new Columns(groupColumns, ['rebalanceSource', 'outlook', 'age']);
  readonly groupTopics: GroupTopicResults = new Columns(
    groupTopicColumns,
    ['lagTrend', 'outlook'],
    ['groupRow', 'topicRow'],
  );
  readonly partitions = new Columns(partitionColumns, ['offline', 'openedUnseen', 'age'], ['topicRow', 'partition']);

  constructor(passing: Columns<Passing>) {
    this.#passing = passing;
  }

  /** Makes room for all rows of the history, and gives back the columns of the series. */
  reserve(history: ClusterHistory): SeriesResults {
    for (const columns of [this.#series, this.#passing]) columns.reserve(history.seriesTable.rows.capacity);
    this.groups.reserve(history.groupTable.rows.capacity);
    this.groupTopics.reserve(history.groupTopicTable.rows.capacity);
    this.partitions.reserve(history.partitionTable.rows.capacity);
    const { series } = history;
    const held = {
      movementRun: series.numbers.movementRun,
      movementRunSinceMs: series.numbers.movementRunSince,
      pollsWithoutMovement: series.numbers.pollsWithoutMovement,
      lastMovedMs: series.numbers.lastMovedAt,
      commitDelayGrowth: series.numbers.commitDelayGrowth,
      bestRate: series.numbers.bestRate,
      endWhenAssigned: series.numbers.endWhenAssigned,
      uncommittedSinceMs: series.numbers.uncommittedSince,
    };
    const { numbers, codes, links } = this.#series;
    return { numbers: { ...numbers, ...this.#passing.numbers, ...held }, codes, links };
  }
}

/** Columns that partitions carry from cycle to cycle and publish as they are. */
const carried = [
  'logStartOffset',
  'highWatermark',
  'lastStableOffset',
  'produceRate',
  'produceRateUncertainty',
  'sizeBytes',
  'bytesPerRecord',
  'leader',
  'leaderEpoch',
  'truncatedFrom',
  'truncatedEpoch',
  'replicas',
  'inSyncReplicas',
  'addingReplicas',
  'endAtOpenTransaction',
  'freedOffset',
] as const satisfies readonly PartitionColumn[];

/** The tables of a report: the buffer's columns, and copies of what the next cycle would change under the reader. */
export function tablesOf(
  { history, out, nowMs, wallOffsetMs, staleAfterMs }: MeasureContext,
  buffer: ResultBuffer,
): Tables {
  publishPartitions(history, buffer, nowMs, wallOffsetMs, staleAfterMs.ends);
  measureSiblingRates(history, buffer.partitions.numbers.siblingProduceRate);
  const { topics, groups } = history;
  return {
    topics: {
      ...shape(history.topicTable.rows),
      topic: topics.map(({ topic }) => topic),
      topicId: topics.map(({ topicId }) => topicId),
      config: topics.map(({ config }) => config),
      partitionRows: topics.map(({ partitionRows }) => partitionRows),
      producedRecords: topics.map(({ producedRecords }) => producedRecords),
      producedAtMs: topics.map(({ producedAt }) => producedAt),
      change: topics.map(({ change }) => change),
    },
    partitions: {
      ...shape(history.partitionTable.rows),
      ...buffer.partitions.numbers,
      ...buffer.partitions.codes,
      ...buffer.partitions.links,
      replicaIds: [...history.replicaIds],
      inSyncReplicaIds: [...history.inSyncReplicaIds],
    },
    groups: {
      ...shape(history.groupTable.rows),
      ...buffer.groups.numbers,
      ...buffer.groups.codes,
      groupId: groups.map(({ groupId }) => groupId),
      type: groups.map(({ type }) => type),
      protocolType: groups.map(({ protocolType }) => protocolType),
      assignor: groups.map(({ assignor }) => assignor),
      state: groups.map(({ state }) => state),
      coordinatorId: groups.map(({ coordinatorId }) => coordinatorId),
      memberList: groups.map(({ memberList }) => memberList),
      unassigned: groups.map(({ unassigned }) => unassigned),
      policy: groups.map(({ policy }) => policy),
      seriesRows: groups.map(({ seriesRows }) => seriesRows),
    },
    series: {
      ...shape(history.seriesTable.rows),
      ...out.numbers,
      ...out.codes,
      ...out.links,
    },
    groupTopics: {
      ...shape(history.groupTopicTable.rows),
      ...buffer.groupTopics.numbers,
      ...buffer.groupTopics.codes,
      ...buffer.groupTopics.links,
    },
    brokers: brokerRows(history, nowMs - staleAfterMs.logDirs),
    quorum: quorumState(history, nowMs, nowMs + wallOffsetMs, nowMs - staleAfterMs.quorum),
    permissions: permissionState(history, nowMs - staleAfterMs.permissions),
  };
}

function shape(rows: Rows): { rows: number; alive: Uint8Array } {
  return { rows: rows.count, alive: rows.alive.slice(0, rows.count) };
}

function publishPartitions(
  { partitions, partitionTable }: ClusterHistory,
  { partitions: out }: ResultBuffer,
  nowMs: number,
  wallOffsetMs: number,
  staleAfterMs: number,
): void {
  for (const name of carried) out.numbers[name].set(partitions.numbers[name]);
  for (const name of ['topicRow', 'partition'] as const) out.links[name].set(partitions.links[name]);
  for (const name of ['offline', 'openedUnseen'] as const) out.codes[name].set(partitions.codes[name]);
  out.numbers.openTransactionSinceMs.set(partitions.numbers.openTransactionSince);
  out.numbers.freedAtMs.set(partitions.numbers.freedAt);
  out.numbers.ledSinceMs.set(partitions.numbers.ledSince);
  const { endReadAt, logStartReadAt } = partitions.numbers;
  for (let row = 0; row < partitionTable.rows.count; row++) {
    out.numbers.endReadAtMs[row] = endReadAt[row]! + wallOffsetMs;
    out.numbers.logStartReadAtMs[row] = logStartReadAt[row]! + wallOffsetMs;
    out.codes.age[row] = nowMs - endReadAt[row]! > staleAfterMs ? ageCodes.stale : ageCodes.current;
  }
}
