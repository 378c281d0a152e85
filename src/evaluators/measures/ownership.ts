import { hasUntoldMembers, isSettled, rebalancingStates } from '../../history/row-keeping.ts';
import { ownerships } from '../../model/report.ts';
import { codesOf, type MeasureContext, why } from './context.ts';

const owners = codesOf(ownerships);

/**
 * Who owns each series. Members are judged only where the group is settled, and what takes an owner away only when two polls
 * running show it; while a group rebalances the last ownership holds.
 */
export function measureOwnership(context: MeasureContext, from: number, to: number): void {
  const { history, out } = context;
  const { alive } = history.seriesTable.rows;
  const { codes, links, numbers } = history.series;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    if (links.memberIndex[row]! >= 0) codes.everActive[row] = 1;
    const group = history.groups[links.groupRow[row]!]!;
    const holds = group.state !== null && rebalancingStates.has(group.state) && codes.ownership[row] !== 0;
    if (!holds) {
      const seen = ownershipSeen(context, row);
      const takesAway = seen !== owners.owned && seen !== owners.manual;
      const isConfirmed = !takesAway || codes.ownership[row] === 0 || codes.nextOwnership[row] === seen;
      if (isConfirmed) codes.ownership[row] = seen;
      codes.nextOwnership[row] = seen;
    }
    const hasNone = codes.ownership[row] === owners.orphaned || codes.ownership[row] === owners.abandoned;
    if (!hasNone) numbers.ownerlessSince[row] = Number.NaN;
    else if (Number.isNaN(numbers.ownerlessSince[row]!)) numbers.ownerlessSince[row] = context.nowMs;
    out.codes.ownership[row] = codes.ownership[row]!;
    out.codes.whyOwnership[row] = codes.ownership[row] === 0 ? why['membership-unread'] : why.known;
  }
}

/** What this poll shows; 0 where it cannot be known. */
function ownershipSeen(context: MeasureContext, row: number): number {
  const { history, out, settings } = context;
  const { codes, links, numbers } = history.series;
  if (links.memberIndex[row]! >= 0) return owners.owned;
  const group = history.groups[links.groupRow[row]!]!;
  const hasMoved = !Number.isNaN(numbers.lastMovedAt[row]!);
  const standMax = settings.standIntervals * out.numbers.commitIntervalMs[row]!;
  const hasMembers = (group.memberList?.length ?? 0) > 0;
  const { subscribed } = history.groupTopics[links.groupTopicRow[row]!]!;
  const isLetGo = hasMembers && isSettled(group) && subscribed === false;
  const moves = hasMoved && numbers.standMs[row]! <= standMax;
  if (moves && (!isLetGo || isReadByHand(context, row))) return owners.manual;
  if (group.state === null) return 0;
  // Streams groups (KIP-1071) are listed, not described: somebody reads, though nobody knows who, and whoever stands must be judged.
  if (hasUntoldMembers(group)) return owners.manual;
  if (hasMembers) {
    if (!isSettled(group) || subscribed === null) return codes.ownership[row]!;
    return subscribed ? owners.unassigned : owners.dropped;
  }
  return isAbandoned(context, row) ? owners.abandoned : owners.orphaned;
}

/** The last commit of the member that let it go is no sign of another reader: one that reads by hand goes on. */
function isReadByHand({ history }: MeasureContext, row: number): boolean {
  const { ownership, nextOwnership, movedNow } = history.series.codes;
  if (ownership[row] === owners.manual) return true;
  const wasLetGo = ownership[row] === owners.dropped || nextOwnership[row] === owners.dropped;
  return wasLetGo && movedNow[row] === 1;
}

/** Without owner and movement for long, or in all the first time that it was watched. */
function isAbandoned({ history, settings, nowMs }: MeasureContext, row: number): boolean {
  const { codes, numbers } = history.series;
  if (codes.everActive[row] === 0) {
    // After a restart the series may have been without a reader for longer than it has been watched since.
    const { watchedSince, ownerlessSince } = numbers;
    const isKnownLonger = ownerlessSince[row]! < watchedSince[row]!;
    const since = isKnownLonger ? ownerlessSince : watchedSince;
    return nowMs - since[row]! > settings.abandonedWatch;
  }
  return nowMs - numbers.ownerlessSince[row]! > settings.abandonedAfter;
}
