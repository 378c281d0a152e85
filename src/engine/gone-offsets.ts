import type { GoneCommit, GoneOffsets } from '../evaluators/rows/row-types.ts';
import type { ClusterHistory } from '../history/cluster-history.ts';
import type { Coverage } from './ingest/coverage.ts';
import type { Intake } from './ingest/index.ts';
import type { VanishedCommit } from './ingest/vanished.ts';

/**
 * Cycles whose Metadata must still list the topics before their commits count as gone: brokers forget the commits of a deleted topic
 * at once, and it takes two cycles to be sure that the topic is gone.
 */
const listingsUntilSure = 2;

/** Commits of one group that went in one cycle, and for the same reason. */
interface Vanished {
  groupId: string;
  how: VanishedCommit['how'];
  /** Engine and wall time. */
  atMs: number;
  goneSinceMs: number;
  listings: number;
  commits: readonly VanishedCommit[];
}

/** Follows commits that are no more until it is clear whether they should have gone. */
export class GoneOffsetsWatch {
  #vanished: readonly Vanished[] = [];

  /** Takes in what this cycle shows to have vanished; tells what should not have, once. */
  observe(intake: Intake, memoryMs: number): void {
    const added = vanishedNow(intake);
    if (added.length === 0 && this.#vanished.length === 0) return;
    const still: Vanished[] = [];
    const found: GoneOffsets[] = [];
    const metadata = intake.coverage('cluster');
    for (const vanished of this.#vanished) {
      if (intake.moment.nowMs - vanished.atMs > memoryMs) continue;
      const isStillAway = vanished.how === 'unused' && !intake.history.groupRows.has(vanished.groupId);
      const followed = isStillAway ? vanished : lookedAt(intake, vanished, metadata);
      if (followed.commits.length === 0) continue;
      const gone = isStillAway || followed.listings < listingsUntilSure ? null : goneOf(intake, followed);
      if (gone === null) still.push(followed);
      else found.push(gone);
    }
    this.#vanished = [...still, ...added];
    intake.gone.offsets.push(...joined(found));
  }
}

function vanishedNow({ vanished, moment, snapshot }: Intake): Vanished[] {
  return [...Map.groupBy(vanished, ({ groupId, how }) => `${how} ${groupId}`).values()].map((commits) => {
    const { groupId, how } = commits[0]!;
    return { groupId, how, atMs: moment.nowMs, goneSinceMs: snapshot.atMs, listings: 0, commits };
  });
}

/** Without what needs no more watching, and one listing further where Metadata knows all topics. */
function lookedAt(intake: Intake, vanished: Vanished, metadata: Coverage): Vanished {
  const commits = vanished.commits.filter((commit) => !isSettled(intake, commit));
  const isRead = intake.snapshot.reads['committed-offsets'] !== undefined;
  const areListed = isRead && commits.every(({ topic }) => !metadata.covers({ topic }));
  return { ...vanished, commits, listings: vanished.listings + (areListed ? 1 : 0) };
}

/** Its topic is gone, or was created anew; or it is there again as it was: some answer lacked it for a moment. */
function isSettled({ history }: Intake, commit: VanishedCommit): boolean {
  const topicRow = history.topicRows.get(commit.topic);
  if (topicRow === undefined || history.topics[topicRow]!.topicId !== commit.topicId) return true;
  const row = seriesRow(history, commit);
  return row >= 0 && history.series.numbers.committedOffset[row] === commit.committedOffset;
}

/** What should not have gone; null: not yet, or nobody misses it. */
function goneOf(intake: Intake, { groupId, how, goneSinceMs, commits }: Vanished): GoneOffsets | null {
  const missed = how === 'unused' ? commits.filter((commit) => isInUse(intake, commit)) : commits;
  if (missed.length === 0) return null;
  const told = how === 'unused' ? 'came-back' : how;
  return { groupId, how: told, goneSinceMs, commits: missed.map((commit) => goneCommit(intake, commit)) };
}

/** A member owns the partition again, or somebody has committed for it: this cycle has read what there is. */
function isInUse(intake: Intake, commit: VanishedCommit): boolean {
  const { history, snapshot } = intake;
  const row = seriesRow(history, commit);
  if (row < 0 || snapshot.reads['committed-offsets'] === undefined) return false;
  if (!Number.isNaN(history.series.numbers.committedOffset[row]!)) return true;
  const { coordinatorId } = history.groups[history.series.links.groupRow[row]!]!;
  const isRead = snapshot.reads['committed-offsets'].value.some(({ groupId }) => groupId === commit.groupId);
  return isRead && !intake.coverage('committed-offsets').covers({ ...commit, coordinatorId });
}

function goneCommit({ history }: Intake, commit: VanishedCommit): GoneCommit {
  const { topic, partition, committedOffset } = commit;
  const row = seriesRow(history, commit);
  const committedNow = row < 0 ? Number.NaN : history.series.numbers.committedOffset[row]!;
  const topicRow = history.topicRows.get(topic)!;
  const partitionRow = history.topics[topicRow]!.rowByPartition[partition] ?? -1;
  const endOffset = partitionRow < 0 ? commit.endOffset : history.partitions.numbers.highWatermark[partitionRow]!;
  const known = (offset: number) => (Number.isNaN(offset) ? null : offset);
  return { topic, partition, committedOffset, committedNow: known(committedNow), endOffset: known(endOffset) };
}

function seriesRow({ groupRows, groups, groupTopics, topicRows }: ClusterHistory, commit: VanishedCommit): number {
  const groupRow = groupRows.get(commit.groupId);
  const topicRow = topicRows.get(commit.topic);
  if (groupRow === undefined || topicRow === undefined) return -1;
  const groupTopicRow = groups[groupRow]!.topics.get(topicRow);
  return groupTopicRow === undefined ? -1 : (groupTopics[groupTopicRow]!.rowByPartition[commit.partition] ?? -1);
}

/** One a group: of several at once, the first names how and since when. */
function joined(found: readonly GoneOffsets[]): GoneOffsets[] {
  return [...Map.groupBy(found, ({ groupId }) => groupId).values()].map((ofGroup) => ({
    ...ofGroup[0]!,
    commits: ofGroup.flatMap(({ commits }) => commits),
  }));
}
