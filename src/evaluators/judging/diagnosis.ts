import type { GroupRow } from '../rows/row-types.ts';

/** What the members of a group tell about why it does not do well. */
type Sign =
  | 'members-time-out'
  | 'instances-replaced'
  | 'more-hosts-than-partitions'
  | 'no-static-members'
  | 'eager-assignor';

/** A type, not an interface: evidence is a record. */
export type Diagnosis = {
  members: number | null;
  /** Hosts that the members run on; null where members are not told. */
  hosts: number | null;
  /** Partitions of all topics that they subscribe to: as many members at most have work; null while the group has not settled. */
  partitions: number | null;
  /** Members with a group.instance.id (KIP-345). */
  staticMembers: number;
  assignor: string | null;
  /** null: no classic group, or its assignor is not known. */
  eagerAssignor: boolean | null;
  membersLeft: number;
  rejoinedFromSameHost: number;
  joinedFromNewHosts: number;
  /** The trailing time in which they left and came. */
  changesWithinSeconds: number;
  signs: readonly Sign[];
};

/** Assignors of the classic protocol that stop all members at each rebalance (before KIP-429). */
const eagerAssignors: ReadonlySet<string> = new Set(['range', 'roundrobin', 'sticky']);

/** Diagnosis from membership, for the evidence of findings that members may explain. */
export function diagnosisOf(row: GroupRow): Diagnosis {
  const { members, memberList, memberChanges, assignor, type } = row;
  const hosts = memberList.length === 0 ? null : new Set(memberList.map(({ clientHost }) => clientHost)).size;
  const isClassic = type === 'classic' || type === 'unknown';
  const facts = {
    members,
    hosts,
    partitions: partitionsToShare(row),
    staticMembers: memberList.filter(({ groupInstanceId }) => groupInstanceId !== null).length,
    assignor,
    eagerAssignor: isClassic && assignor !== null ? eagerAssignors.has(assignor) : null,
    membersLeft: memberChanges.left,
    rejoinedFromSameHost: memberChanges.rejoinedFromSameHost,
    joinedFromNewHosts: memberChanges.joinedFromNewHosts,
    changesWithinSeconds: row.rebalanceWindowMs / 1000,
  };
  return { ...facts, signs: signsOf(facts) };
}

function signsOf(facts: Omit<Diagnosis, 'signs'>): Sign[] {
  const { hosts, partitions, members, staticMembers, eagerAssignor, rejoinedFromSameHost, joinedFromNewHosts } = facts;
  const signs: Sign[] = [];
  if (rejoinedFromSameHost > 0) signs.push('members-time-out');
  if (joinedFromNewHosts > 0 && facts.membersLeft > 0) signs.push('instances-replaced');
  if (hosts !== null && partitions !== null && hosts > partitions) signs.push('more-hosts-than-partitions');
  if (members !== null && members > 0 && staticMembers === 0) signs.push('no-static-members');
  if (eagerAssignor === true) signs.push('eager-assignor');
  return signs;
}

/** What decides, as the end of a summary; '' where members came and went too little to say. */
export function decisiveWords({ signs, rejoinedFromSameHost, joinedFromNewHosts }: Diagnosis): string {
  const timeOut = signs.includes('members-time-out');
  const replaced = signs.includes('instances-replaced');
  if (timeOut && (!replaced || rejoinedFromSameHost >= joinedFromNewHosts))
    return '; members come back from the same hosts (session or max.poll timeouts, or a process that restarts)';
  return replaced ? '; members are replaced by new hosts (a crash loop of instances, or deployments)' : '';
}

/** Those that members have, and those that none has; null where one of the two is not told. */
function partitionsToShare({ memberList, unassigned }: GroupRow): number | null {
  if (unassigned === null || memberList.length === 0) return null;
  let partitions = 0;
  for (const { assignment } of memberList) for (const topic of assignment ?? []) partitions += topic.partitions.length;
  for (const topic of unassigned) partitions += topic.partitions.length;
  return partitions;
}
