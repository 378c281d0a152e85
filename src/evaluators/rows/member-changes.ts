import { memberIdentity } from '../../history/row-keeping.ts';
import type { GroupMember } from '../../model/snapshot.ts';

/** How the members of a group came and went within a time. A static member that came back under its instance is nobody new (KIP-345). */
export interface MemberChanges {
  left: number;
  /** Same host and client under a new member ID: a session or max.poll timeout, or a process that restarts where it is. */
  rejoinedFromSameHost: number;
  /** From hosts that were not there before: replaced instances, or more of them. */
  joinedFromNewHosts: number;
}

interface Change {
  atMs: number;
  kind: keyof MemberChanges;
  /** Host and client of one that left; null once another has come back to it. */
  freed: { place: string; host: string } | null;
}

/** Enough to tell a pattern by: a crash loop of a thousand instances needs no more. */
const rememberedAtMost = 2000;

/** Remembers how the members of one group came and went. */
export class MemberTurnover {
  #members: readonly GroupMember[] | null = null;
  #changes: Change[] = [];

  /** One read of the group; `members` null: this one did not tell. What happened before `sinceMs` is forgotten. */
  step(members: readonly GroupMember[] | null, atMs: number, sinceMs: number): void {
    if (this.#changes.length > 0) this.#changes = this.#changes.filter((change) => change.atMs > sinceMs);
    if (members === null) return;
    const before = this.#members;
    this.#members = members;
    if (before === null || areSame(before, members)) return;
    const was = new Set(before.map(memberIdentity));
    const is = new Set(members.map(memberIdentity));
    for (const member of before) {
      if (is.has(memberIdentity(member))) continue;
      this.#changes.push({ atMs, kind: 'left', freed: { place: placeOf(member), host: member.clientHost } });
    }
    const joined = members.filter((member) => !was.has(memberIdentity(member)));
    this.#addJoined(joined, new Set(before.map(({ clientHost }) => clientHost)), atMs);
    this.#changes = this.#changes.slice(-rememberedAtMost);
  }

  counts(): MemberChanges {
    const counts = { left: 0, rejoinedFromSameHost: 0, joinedFromNewHosts: 0 };
    for (const { kind } of this.#changes) counts[kind]++;
    return counts;
  }

  /** A second instance on a host that stays is neither: somebody scaled out there. */
  #addJoined(joined: readonly GroupMember[], hosts: ReadonlySet<string>, atMs: number): void {
    for (const member of joined) {
      const place = placeOf(member);
      const freed = this.#changes.find((change) => change.freed?.place === place);
      if (freed !== undefined) {
        freed.freed = null;
        this.#changes.push({ atMs, kind: 'rejoinedFromSameHost', freed: null });
      } else if (!hosts.has(member.clientHost) && !this.#hasLeft(member.clientHost)) {
        this.#changes.push({ atMs, kind: 'joinedFromNewHosts', freed: null });
      }
    }
  }

  #hasLeft(host: string): boolean {
    return this.#changes.some(({ freed }) => freed?.host === host);
  }
}

/** Kafka lists the members of a group in the same order as long as nobody comes or goes. */
function areSame(before: readonly GroupMember[], now: readonly GroupMember[]): boolean {
  return (
    before.length === now.length && before.every((member, i) => memberIdentity(member) === memberIdentity(now[i]!))
  );
}

function placeOf({ clientId, clientHost }: GroupMember): string {
  return `${clientHost}\0${clientId}`;
}
