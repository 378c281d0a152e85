import { gapMs } from '../../evaluators/measures/index.ts';
import type { GroupEntry } from '../../history/cluster-history.ts';
import { isSettled, memberIdentity, rebalancingStates } from '../../history/row-keeping.ts';
import type { GroupMember, GroupMembership } from '../../model/snapshot.ts';
import type { Intake } from './intake.ts';
import { unassignedPartitions } from './unassigned.ts';
import { noteGroupVanished } from './vanished.ts';

/** What one described group was before this read, for those who compare: rebalances, events. */
export interface MembershipChange {
  groupRow: number;
  isNew: boolean;
  before: Pick<GroupEntry, 'state' | 'memberList' | 'epoch'>;
  now: GroupMembership;
  /** Engine time of this read and of the one before; NaN where there was none. */
  atMs: number;
  beforeMs: number;
}

/** Groups, their members, and who owns what. Gives back what was read, group by group, for the count of rebalances. */
export function ingestMembership(intake: Intake): readonly MembershipChange[] {
  const { history, snapshot } = intake;
  const read = snapshot.reads['group-membership'];
  if (read === undefined) return [];
  const isFirst = !history.membershipEverRead;
  history.membershipEverRead = true;
  const changes = read.value.map((now) => ingestGroup(intake, now, intake.readAt(read, now.coordinatorId)));
  for (const change of changes) {
    if (change.isNew && !isFirst) tellCreated(intake, change.now.groupId);
    tellMembers(intake, change);
    if (!staysEmpty(change)) assign(intake, change);
    const entry = history.groups[change.groupRow]!;
    entry.unassigned = unassignedPartitions(history, entry);
  }
  dropAbsentGroups(intake, changes);
  return changes;
}

function tellCreated(intake: Intake, groupId: string): void {
  intake.tell('group', 'created', { groupId }, `Group ${groupId} appeared.`);
}

function ingestGroup(intake: Intake, now: GroupMembership, atMs: number): MembershipChange {
  const { history, keeping } = intake;
  const { row: groupRow, isNew } = keeping.groupRow(now.groupId);
  const entry = history.groups[groupRow]!;
  const { numbers, codes } = history.groupColumns;
  const before = { state: entry.state, memberList: entry.memberList, epoch: entry.epoch };
  const beforeMs = numbers.membershipReadAt[groupRow]!;
  if (entry.state !== now.state) numbers.stateSince[groupRow] = atMs;
  if (now.state === 'Empty') numbers.inUseAt[groupRow] = Number.NaN;
  else if (now.state !== 'Dead') numbers.inUseAt[groupRow] = atMs;
  if (now.state !== 'Empty') numbers.emptySince[groupRow] = Number.NaN;
  else if (entry.state !== null && entry.state !== 'Empty') numbers.emptySince[groupRow] = atMs;
  const goesOn = atMs - beforeMs <= gapMs(intake.intervalMs) && entry.epoch === now.epoch;
  if (!rebalancingStates.has(now.state)) numbers.rebalancingSince[groupRow] = Number.NaN;
  else if (!goesOn || Number.isNaN(numbers.rebalancingSince[groupRow]!)) numbers.rebalancingSince[groupRow] = atMs;
  entry.type = now.type;
  entry.protocolType = now.protocolType;
  entry.assignor = now.protocolName;
  entry.state = now.state;
  entry.coordinatorId = now.coordinatorId;
  entry.epoch = now.epoch;
  entry.memberList = now.members;
  numbers.membershipReadAt[groupRow] = atMs;
  numbers.membersBefore[groupRow] = numbers.members[groupRow]!;
  numbers.members[groupRow] = now.members?.length ?? (now.state === 'Empty' || now.state === 'Dead' ? 0 : Number.NaN);
  if (numbers.members[groupRow]! > 0) codes.hadMembers[groupRow] = 1;
  numbers.idleMembers[groupRow] = idleMembers(entry);
  return { groupRow, isNew, before, now, atMs, beforeMs };
}

function idleMembers(entry: GroupEntry): number {
  if (entry.state === 'Empty' || entry.state === 'Dead') return 0;
  if (!isSettled(entry) || entry.memberList!.some(({ assignment }) => assignment === null)) return Number.NaN;
  return entry.memberList!.filter(({ assignment }) => assignment!.every(({ partitions }) => partitions.length === 0))
    .length;
}

/** Nobody owns anything, as the poll before has settled. */
function staysEmpty({ before, now }: MembershipChange): boolean {
  return before.state === 'Empty' && now.state === 'Empty';
}

/** Links each series to its owner; partitions that are assigned and have no commit become series too. */
function assign(intake: Intake, { groupRow, now, atMs }: MembershipChange): void {
  const { history, keeping } = intake;
  const entry = history.groups[groupRow]!;
  for (const row of entry.seriesRows) history.series.links.memberIndex[row] = -1;
  for (const [index, { assignment }] of (now.members ?? []).entries()) {
    for (const { topic, partitions } of assignment ?? []) {
      const topicRow = history.topicRows.get(topic);
      if (topicRow === undefined) continue;
      const groupTopicRow = keeping.groupTopicRow(groupRow, topicRow);
      for (const partition of partitions) {
        const row = keeping.seriesRow(groupTopicRow, partition, atMs);
        if (row >= 0) history.series.links.memberIndex[row] = index;
      }
    }
  }
  if (!rebalancingStates.has(now.state)) settleAssigned(intake, entry);
  for (const groupTopicRow of entry.topics.values()) {
    const groupTopic = history.groupTopics[groupTopicRow]!;
    const subscribed = isSubscribed(entry, history.topics[groupTopic.topicRow]!.topic);
    if (subscribed !== null) groupTopic.subscribed = subscribed;
  }
}

/** Once a group has settled: what has neither owner nor commit is no series any more. */
function settleAssigned(intake: Intake, entry: GroupEntry): void {
  const { history, keeping } = intake;
  for (const groupTopicRow of [...entry.topics.values()]) {
    for (const row of history.groupTopics[groupTopicRow]!.rowByPartition) {
      if (row < 0) continue;
      const { codes, links, numbers } = history.series;
      codes.assigned[row] = links.memberIndex[row]! >= 0 ? 1 : 0;
      if (codes.assigned[row] === 1 || !Number.isNaN(numbers.committedOffset[row]!)) continue;
      intake.gone.series.push(keeping.removeSeries(row, intake.moment.nowMs));
    }
  }
}

/** Whether some member subscribes to a topic; null where that cannot be known: members are filled in only in Stable. */
function isSubscribed(entry: GroupEntry, topic: string): boolean | null {
  if (!isSettled(entry) || entry.memberList!.length === 0) return null;
  const subscribes = ({ subscribedTopics, assignment }: GroupMember) =>
    subscribedTopics?.includes(topic) || assignment?.some((part) => part.topic === topic);
  if (entry.memberList!.some(subscribes)) return true;
  return entry.memberList!.every(({ subscribedTopics }) => subscribedTopics !== null) ? false : null;
}

function tellMembers(intake: Intake, { before, now }: MembershipChange): void {
  if (before.memberList === null || now.members === null) return;
  const identities = (members: readonly GroupMember[]) => new Set(members.map(memberIdentity));
  const was = identities(before.memberList);
  const is = identities(now.members);
  const { groupId } = now;
  const joined = now.members.filter((member) => !was.has(memberIdentity(member)));
  const left = before.memberList.filter((member) => !is.has(memberIdentity(member)));
  const total = is.size === 1 ? '1 member' : `${is.size} members`;
  if (joined.length > 0) intake.tell('member', 'joined', { groupId }, `${named(joined)} joined ${groupId}: ${total}.`);
  if (left.length > 0) intake.tell('member', 'left', { groupId }, `${named(left)} left ${groupId}: ${total}.`);
}

const namedAtMost = 3;

function named(members: readonly GroupMember[]): string {
  const names = members.slice(0, namedAtMost).map(({ clientId, clientHost }) => `${clientId} (${clientHost})`);
  const more = members.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/** A group that a complete read does not hold, and no failure covers, is gone. */
function dropAbsentGroups(intake: Intake, changes: readonly MembershipChange[]): void {
  const { history, keeping } = intake;
  if (!intake.seesAll || changes.length === history.groupRows.size) return;
  const present = new Set(changes.map(({ now }) => now.groupId));
  const coverage = intake.coverage('group-membership');
  for (const [groupId, row] of [...history.groupRows]) {
    const { coordinatorId } = history.groups[row]!;
    if (present.has(groupId) || coverage.covers({ groupId, coordinatorId })) continue;
    intake.gone.groups.push(groupId);
    intake.tell('group', 'deleted', { groupId }, `Group ${groupId} is gone.`);
    noteGroupVanished(intake, row);
    keeping.removeGroup(row, intake.moment.nowMs);
  }
}
