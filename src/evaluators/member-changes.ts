import type { GroupMember } from '../model/snapshot.ts';

/** A member, as far as its coming and going is told by. */
interface Seen {
  memberId: string;
  clientId: string;
  clientHost: string;
}

/** Who came while a finding was open, from poll to poll. A static member that came back under its instance is nobody new (KIP-345). */
export interface MemberChanges {
  /** Same host and client under a new member ID: a session or max.poll timeout, or a process that restarts where it is. */
  rejoinedFromSameHost: number;
  /** From hosts that were not there before: replaced instances. */
  joinedFromNewHosts: number;
  /** The members that were seen last, to compare the next ones with. */
  lastSeen: readonly Seen[];
}

/** Enough to tell a pattern by; a group of thousands is not kept in evidence. */
const rememberedAtMost = 100;

export function firstMembers(members: readonly GroupMember[]): MemberChanges {
  return { rejoinedFromSameHost: 0, joinedFromNewHosts: 0, lastSeen: seenOf(members) };
}

/** Adds what changed since `before`; where no members are told (not Stable), nothing did. */
export function addMemberChanges(before: MemberChanges, now: MemberChanges): MemberChanges {
  if (now.lastSeen.length === 0) return before;
  const knownIds = new Set(before.lastSeen.map(({ memberId }) => memberId));
  const knownPlaces = new Set(before.lastSeen.map(placeOf));
  const joined = before.lastSeen.length === 0 ? [] : now.lastSeen.filter(({ memberId }) => !knownIds.has(memberId));
  const rejoined = joined.filter((member) => knownPlaces.has(placeOf(member))).length;
  return {
    rejoinedFromSameHost: before.rejoinedFromSameHost + rejoined,
    joinedFromNewHosts: before.joinedFromNewHosts + joined.length - rejoined,
    lastSeen: now.lastSeen,
  };
}

function seenOf(members: readonly GroupMember[]): Seen[] {
  return members.slice(0, rememberedAtMost).map(({ memberId, groupInstanceId, clientId, clientHost }) => {
    return { memberId: groupInstanceId ?? memberId, clientId, clientHost };
  });
}

function placeOf({ clientId, clientHost }: Seen): string {
  return `${clientHost}\0${clientId}`;
}
