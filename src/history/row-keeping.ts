import type { Policy } from '../model/policy.ts';
import type { GroupMember } from '../model/snapshot.ts';
import {
  type ClusterHistory,
  type GroupEntry,
  type GroupTopicEntry,
  returns,
  type TopicEntry,
} from './cluster-history.ts';

/** The policy of a group, or of a group on a topic. */
export type PolicyOf = (groupId: string, topic?: string) => Policy;

/** The last commit of a series that is gone, so that its return can be compared with it. */
interface FormerCommit {
  committedOffset: number;
  /** When it was found gone, engine ms. */
  atMs: number;
  /** A member held the partition at that moment. */
  wasOwned: boolean;
}

export interface GonePlace {
  groupId: string;
  topic: string;
  partition: number;
}

/** Makes and frees the rows of a cluster's history, and keeps what links them in step. */
export class RowKeeping {
  readonly #history: ClusterHistory;
  readonly #policyOf: PolicyOf;
  readonly #formerCommits = new Map<string, FormerCommit>();

  constructor(history: ClusterHistory, policyOf: PolicyOf) {
    this.#history = history;
    this.#policyOf = policyOf;
  }

  addTopic(topic: string, topicId: string | null): number {
    const { topics, topicTable, topicRows } = this.#history;
    const row = topicTable.take();
    const partitionRows = new Int32Array(0);
    topics[row] = {
      topic,
      topicId,
      config: null,
      rowByPartition: [],
      partitionRows,
      producedRecords: 0,
      producedAt: Number.NaN,
      read: { partitions: null, config: null },
      change: null,
    };
    topicRows.set(topic, row);
    return row;
  }

  /** Frees a topic with its partitions and every series on it. */
  removeTopic(row: number): void {
    const { topics, topicTable, topicRows, groupTopics, groupTopicTable, partitionTable } = this.#history;
    const entry = topics[row]!;
    for (let gt = 0; gt < groupTopicTable.rows.count; gt++) {
      if (groupTopicTable.rows.alive[gt] === 1 && groupTopics[gt]!.topicRow === row) this.removeGroupTopic(gt);
    }
    for (const partitionRow of entry.partitionRows) partitionTable.rows.release(partitionRow);
    if (topicRows.get(entry.topic) === row) topicRows.delete(entry.topic);
    topicTable.rows.release(row);
  }

  addPartition(topicRow: number, partition: number): number {
    const { topics, partitionTable, partitions, replicaIds, inSyncReplicaIds } = this.#history;
    const row = partitionTable.take();
    this.#resetPartition(row);
    partitions.links.topicRow[row] = topicRow;
    partitions.links.partition[row] = partition;
    partitions.numbers.longestLogStartStep[row] = 0;
    replicaIds[row] = [];
    inSyncReplicaIds[row] = [];
    const entry = topics[topicRow]!;
    setAt(entry.rowByPartition, partition, row);
    entry.partitionRows = present(entry);
    return row;
  }

  partitionRow(topicRow: number, partition: number): number {
    return this.#history.topics[topicRow]!.rowByPartition[partition] ?? -1;
  }

  /** The row of a living group; made where it is new. */
  groupRow(groupId: string): { row: number; isNew: boolean } {
    const { groupRows, groupTable, groups, groupColumns } = this.#history;
    const known = groupRows.get(groupId);
    if (known !== undefined) return { row: known, isNew: false };
    const row = groupTable.take();
    groupColumns.reset(row);
    groupColumns.numbers.rebalances[row] = 0;
    groupColumns.numbers.rebalancingSeconds[row] = 0;
    groups[row] = {
      groupId,
      type: 'unknown',
      protocolType: null,
      assignor: null,
      state: null,
      coordinatorId: null,
      epoch: null,
      memberList: null,
      unassigned: null,
      policy: this.#policyOf(groupId),
      topics: new Map(),
      seriesRows: new Int32Array(0),
      seriesChanged: false,
    };
    groupRows.set(groupId, row);
    return { row, isNew: true };
  }

  removeGroup(row: number, nowMs: number): void {
    const { groups, groupRows, groupTable } = this.#history;
    const entry = groups[row]!;
    for (const gt of [...entry.topics.values()]) {
      for (const series of this.#history.groupTopics[gt]!.rowByPartition)
        if (series >= 0) this.rememberCommit(series, nowMs, false);
      this.removeGroupTopic(gt);
    }
    groupRows.delete(entry.groupId);
    groupTable.rows.release(row);
  }

  groupTopicRow(groupRow: number, topicRow: number): number {
    const { groups, topics, groupTopics, groupTopicTable, counters } = this.#history;
    const group = groups[groupRow]!;
    const known = group.topics.get(topicRow);
    if (known !== undefined) return known;
    const row = groupTopicTable.take();
    counters.reset(row);
    for (const name in counters.numbers) counters.numbers[name as keyof typeof counters.numbers][row] = 0;
    const policy = this.#policyOf(group.groupId, topics[topicRow]!.topic);
    groupTopics[row] = { groupRow, topicRow, policy, rowByPartition: [], subscribed: null };
    group.topics.set(topicRow, row);
    return row;
  }

  removeGroupTopic(row: number): void {
    const { groupTopics, groupTopicTable, groups } = this.#history;
    const entry = groupTopics[row]!;
    for (const series of entry.rowByPartition) if (series >= 0) this.#release(series, entry);
    groups[entry.groupRow]!.topics.delete(entry.topicRow);
    groupTopicTable.rows.release(row);
  }

  /** The row of a group on a partition; made where it is new. */
  seriesRow(groupTopicRow: number, partition: number, nowMs: number): number {
    const { groupTopics, seriesTable, series, movements, leaps, groups } = this.#history;
    const entry = groupTopics[groupTopicRow]!;
    const known = entry.rowByPartition[partition] ?? -1;
    if (known >= 0) return known;
    const partitionRow = this.partitionRow(entry.topicRow, partition);
    if (partitionRow < 0) return -1;
    const row = seriesTable.take();
    series.reset(row);
    movements.clear(row);
    leaps.delete(row);
    setAt(entry.rowByPartition, partition, row);
    groups[entry.groupRow]!.seriesChanged = true;
    series.links.groupRow[row] = entry.groupRow;
    series.links.groupTopicRow[row] = groupTopicRow;
    series.links.partitionRow[row] = partitionRow;
    startSeries(this.#history, row, nowMs);
    return row;
  }

  /** Remembers the commit of a series that has none any more. */
  rememberCommit(row: number, nowMs: number, wasOwned: boolean): void {
    const { series, groupTopics, partitions } = this.#history;
    const committedOffset = series.numbers.committedOffset[row]!;
    if (Number.isNaN(committedOffset)) return;
    const entry = groupTopics[series.links.groupTopicRow[row]!]!;
    const partition = partitions.links.partition[series.links.partitionRow[row]!]!;
    this.#formerCommits.set(this.#seriesKey(entry, partition), { committedOffset, atMs: nowMs, wasOwned });
  }

  /** Called where a commit comes to a series that had none: what it had before is compared with it by this poll. */
  recallCommit(row: number): void {
    if (this.#formerCommits.size === 0) return;
    const { series, groupTopics, partitions } = this.#history;
    const entry = groupTopics[series.links.groupTopicRow[row]!]!;
    const key = this.#seriesKey(entry, partitions.links.partition[series.links.partitionRow[row]!]!);
    const former = this.#formerCommits.get(key);
    if (former === undefined) return;
    this.#formerCommits.delete(key);
    series.numbers.committedOffset[row] = former.committedOffset;
    series.numbers.committedReadAt[row] = former.atMs;
    series.codes.returned[row] = former.wasOwned ? returns.stillOwned : returns.nobodyLeft;
  }

  /** Frees a series whose commit is no more. */
  removeSeries(row: number, nowMs: number): GonePlace {
    const { series, groupTopics, groups, topics, partitions } = this.#history;
    const entry = groupTopics[series.links.groupTopicRow[row]!]!;
    const place = {
      groupId: groups[entry.groupRow]!.groupId,
      topic: topics[entry.topicRow]!.topic,
      partition: partitions.links.partition[series.links.partitionRow[row]!]!,
    };
    this.rememberCommit(row, nowMs, false);
    this.#release(row, entry);
    if (entry.rowByPartition.every((other) => other < 0)) this.removeGroupTopic(series.links.groupTopicRow[row]!);
    return place;
  }

  /** Rebuilds the list of series of each group whose series changed. */
  refreshSeriesRows(): void {
    const { groups, groupTable, groupTopics, topics } = this.#history;
    for (let row = 0; row < groupTable.rows.count; row++) {
      const entry = groups[row]!;
      if (groupTable.rows.alive[row] === 0 || !entry.seriesChanged) continue;
      const byTopic = [...entry.topics.values()].map((gt) => groupTopics[gt]!);
      byTopic.sort((a, b) => (topics[a.topicRow]!.topic < topics[b.topicRow]!.topic ? -1 : 1));
      entry.seriesRows = Int32Array.from(byTopic.flatMap(({ rowByPartition }) => rowByPartition.filter((s) => s >= 0)));
      entry.seriesChanged = false;
    }
  }

  /** Forgets gone series that will not be compared any more. */
  forgetGone(beforeMs: number): void {
    for (const [key, { atMs }] of this.#formerCommits) if (atMs < beforeMs) this.#formerCommits.delete(key);
  }

  #resetPartition(row: number): void {
    const { partitions, ends, curves, seeds, logStarts } = this.#history;
    partitions.reset(row);
    for (const points of [ends, curves, seeds, logStarts]) points.clear(row);
  }

  #release(row: number, entry: GroupTopicEntry): void {
    const { series, seriesTable, groups, partitions } = this.#history;
    entry.rowByPartition[partitions.links.partition[series.links.partitionRow[row]!]!] = -1;
    groups[entry.groupRow]!.seriesChanged = true;
    seriesTable.rows.release(row);
  }

  #seriesKey({ groupRow, topicRow }: GroupTopicEntry, partition: number): string {
    const { topic, topicId } = this.#history.topics[topicRow]!;
    return `${this.#history.groups[groupRow]!.groupId}\n${topicId ?? topic}\n${partition}`;
  }
}

/** Begins the watch of a series: nothing about its movements is known yet. */
export function startSeries({ series }: ClusterHistory, row: number, nowMs: number): void {
  series.numbers.watchedSince[row] = nowMs;
  series.numbers.standMs[row] = 0;
  series.numbers.movementRun[row] = 0;
  series.numbers.movementRunSince[row] = Number.NaN;
  series.numbers.pollsWithoutMovement[row] = 0;
}

/** Sets an element of a list that may be shorter; those skipped become -1. */
function setAt(list: number[], index: number, value: number): void {
  while (list.length < index) list.push(-1);
  list[index] = value;
}

function present(entry: TopicEntry): Int32Array {
  return Int32Array.from(entry.rowByPartition.filter((row) => row >= 0));
}

/** States in which members and assignments are in flux: who owned a partition before still counts as its owner. */
export const rebalancingStates: ReadonlySet<string> = new Set([
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
]);

/** Identity of a member over its restarts: a static member gets a new memberId and stays the same (KIP-345). */
export function memberIdentity({ memberId, groupInstanceId }: GroupMember): string {
  return groupInstanceId ?? memberId;
}

/** Whether the group's members were described and it is settled, so that who owns what is known. */
export function isSettled(group: GroupEntry): boolean {
  return group.state === 'Stable' && group.memberList !== null;
}

/** Whether the group has members of which nothing was told. */
export function hasUntoldMembers({ state, memberList }: GroupEntry): boolean {
  return memberList === null && state !== null && state !== 'Empty' && state !== 'Dead';
}
