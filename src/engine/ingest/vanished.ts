import { gapMs } from '../../evaluators/measures/index.ts';
import type { Intake } from './intake.ts';

/** A commit that is no more, and whether somebody used it: only then it should not have gone. */
export interface VanishedCommit {
  groupId: string;
  topic: string;
  topicId: string | null;
  partition: number;
  committedOffset: number;
  /** NaN: unread */
  endOffset: number;
  how: 'with-members' | 'not-empty' | 'unused';
}

/** Of a group that is still there. Brokers forget the commits of a topic that its members do not subscribe to: that is no loss. */
export function noteCommitVanished(intake: Intake, row: number): void {
  const { history } = intake;
  const { links, codes } = history.series;
  const members = history.groupColumns.numbers.members[links.groupRow[row]!]!;
  const { subscribed } = history.groupTopics[links.groupTopicRow[row]!]!;
  if (members > 0 && subscribed === false) return;
  const isUsed = codes.assigned[row] === 1 || (members > 0 && subscribed === true);
  note(intake, row, isUsed ? 'with-members' : 'unused');
}

/** Of a group that is gone as a whole: brokers forget one only long after its members have left, and delete none that has any. */
export function noteGroupVanished(intake: Intake, groupRow: number): void {
  const { history, moment, intervalMs } = intake;
  // That it is gone may take two polls to be sure of.
  const unseenMs = moment.nowMs - history.groupColumns.numbers.inUseAt[groupRow]!;
  const how = unseenMs <= gapMs(intervalMs) + 2 * intervalMs ? 'not-empty' : 'unused';
  for (const row of history.groups[groupRow]!.seriesRows) note(intake, row, how);
}

function note({ history, vanished }: Intake, row: number, how: VanishedCommit['how']): void {
  const { links, numbers } = history.series;
  const committedOffset = numbers.committedOffset[row]!;
  if (Number.isNaN(committedOffset)) return;
  const { topic, topicId } = history.topics[history.groupTopics[links.groupTopicRow[row]!]!.topicRow]!;
  const partitionRow = links.partitionRow[row]!;
  vanished.push({
    groupId: history.groups[links.groupRow[row]!]!.groupId,
    topic,
    topicId,
    partition: history.partitions.links.partition[partitionRow]!,
    committedOffset,
    endOffset: history.partitions.numbers.highWatermark[partitionRow]!,
    how,
  });
}
