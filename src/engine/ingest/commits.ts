import { type GroupEntry, observations } from '../../history/cluster-history.ts';
import type { GroupCommits, TopicOffsets } from '../../model/snapshot.ts';
import type { Coverage, Place } from './coverage.ts';
import type { Intake } from './intake.ts';
import { forgetUncommitted, observeUncommitted } from './uncommitted.ts';
import { noteCommitVanished } from './vanished.ts';

/** Committed offsets. Called after membership was taken in, so that a group it declared gone is not made again. */
export function ingestCommits(intake: Intake): void {
  const { history, keeping, snapshot } = intake;
  history.series.codes.observedNow.fill(0);
  const read = snapshot.reads['committed-offsets'];
  if (read === undefined) return;
  history.commitsReadBefore = history.commitsReadAt;
  history.commitsReadAt = intake.readAt(read, null);
  reserveSeries(intake, read.value);
  const coverage = intake.coverage('committed-offsets');
  const seen = new Set<number>();
  for (const commits of read.value) {
    const isGone = history.membershipEverRead && intake.gone.groups.includes(commits.groupId);
    if (isGone) continue;
    const { row: groupRow } = keeping.groupRow(commits.groupId);
    seen.add(groupRow);
    const atMs = intake.readAt(read, history.groups[groupRow]!.coordinatorId);
    history.groupColumns.numbers.commitsReadAt[groupRow] = atMs;
    for (const topic of commits.topics) ingestTopicCommits(intake, groupRow, topic, atMs);
    dropAbsentSeries(intake, groupRow, coverage);
  }
  if (!history.membershipEverRead) dropAbsentGroups(intake, seen, coverage);
}

/** Makes room once: growing step by step would leave large arrays behind for the collector. */
function reserveSeries({ history }: Intake, groups: readonly GroupCommits[]): void {
  let series = 0;
  for (const { topics } of groups) for (const { partitions } of topics) series += partitions.length;
  if (series > history.seriesTable.rows.capacity) history.seriesTable.reserve(series + (series >> 4));
}

function ingestTopicCommits(
  intake: Intake,
  groupRow: number,
  { topic, partitions, offsets }: TopicOffsets,
  atMs: number,
): void {
  const { history, keeping } = intake;
  const topicRow = history.topicRows.get(topic);
  // A commit outlives its topic, and may lie on one that is excluded or that tidemark may not see.
  if (topicRow === undefined) return;
  const groupTopicRow = keeping.groupTopicRow(groupRow, topicRow);
  const { rowByPartition } = history.groupTopics[groupTopicRow]!;
  for (let i = 0; i < partitions.length; i++) {
    const known = rowByPartition[partitions[i]!] ?? -1;
    const row = known >= 0 ? known : keeping.seriesRow(groupTopicRow, partitions[i]!, atMs);
    if (row < 0) continue;
    const { numbers, codes } = history.series;
    codes.observedNow[row] = observations.again;
    if (atMs <= numbers.committedReadAt[row]!) continue;
    if (Number.isNaN(numbers.committedOffset[row]!)) {
      keeping.recallCommit(row);
      forgetUncommitted(history, row);
    }
    numbers.previousCommitted[row] = numbers.committedOffset[row]!;
    numbers.previousReadAt[row] = numbers.committedReadAt[row]!;
    numbers.committedOffset[row] = offsets[i]!;
    numbers.committedReadAt[row] = atMs;
    codes.observedNow[row] = observations.anew;
  }
}

/** A series that its group's complete answer does not hold has no commit any more; it lives on only where a member owns it. */
function dropAbsentSeries(intake: Intake, groupRow: number, coverage: Coverage): void {
  const { history } = intake;
  const group = history.groups[groupRow]!;
  const { numbers, codes } = history.series;
  const { seriesRows } = group;
  // Of all series nearly none: an iterator would make an object for each of the others.
  for (let i = 0; i < seriesRows.length; i++) {
    const row = seriesRows[i]!;
    if (codes.observedNow[row] !== observations.none) continue;
    const place = placeOf(intake, group, row);
    if (coverage.covers(place)) continue;
    if (Number.isNaN(numbers.committedOffset[row]!)) observeUncommitted(intake, row);
    else if (intake.seesAll) dropSeries(intake, row);
  }
}

function placeOf({ history }: Intake, { groupId, coordinatorId }: GroupEntry, row: number): Place {
  const { links } = history.series;
  const { topicRow } = history.groupTopics[links.groupTopicRow[row]!]!;
  const partition = history.partitions.links.partition[links.partitionRow[row]!]!;
  return { groupId, coordinatorId, topic: history.topics[topicRow]!.topic, partition };
}

function dropSeries(intake: Intake, row: number): void {
  const { history, keeping, moment, gone } = intake;
  const { numbers, codes } = history.series;
  noteCommitVanished(intake, row);
  if (codes.assigned[row] === 1) {
    keeping.rememberCommit(row, moment.nowMs, true);
    numbers.committedOffset[row] = Number.NaN;
  } else gone.series.push(keeping.removeSeries(row, moment.nowMs));
}

/** Without membership (a trace may have none) the commits tell which groups there are. */
function dropAbsentGroups(intake: Intake, seen: ReadonlySet<number>, coverage: Coverage): void {
  const { history, keeping } = intake;
  for (const [groupId, row] of [...history.groupRows]) {
    const { coordinatorId } = history.groups[row]!;
    if (seen.has(row) || !intake.seesAll || coverage.covers({ groupId, coordinatorId })) continue;
    intake.gone.groups.push(groupId);
    keeping.removeGroup(row, intake.moment.nowMs);
  }
}
