import type { KafkaPort, ListedGroup, PortFailure } from '../kafka/port.ts';
import type { GroupMembership, GroupType, KnownGroup } from '../model/snapshot.ts';
import type { Collector, CollectorInput } from './collector.ts';

/** A listing may lack a group whose coordinator is moving: only this many complete ones in a row are evidence. */
const listingsUntilGone = 3;

/** Groups, their states and members. The listing only discovers: what is known goes on being asked at its coordinator. */
export const groupMembership: Collector<'group-membership'> = {
  facet: 'group-membership',
  every: '0s',
  timeout: '10s',
  doc: 'groups, their states, members and assignments',
  async collect(kafka, known, signal) {
    const listing = await kafka.listGroups(signal);
    const listed = listing.value.groups.filter(({ groupId }) => known.scope.hasGroup(groupId));
    const listedIds = new Set(listed.map(({ groupId }) => groupId));
    const unlisted = unlistedGroups(listedIds, listing.value.complete, known);
    const candidates = [...listed.map(discovered), ...unlisted];
    const described = await describe(kafka, candidates, listedIds, signal);
    const groups = new Map<string, KnownGroup>();
    for (const candidate of candidates) {
      const membership = described.byId.get(candidate.groupId);
      const group = membership ? confirmed(candidate, membership) : candidate;
      if (group.missingListings < listingsUntilGone) groups.set(group.groupId, group);
    }
    const value = [...groups.values()].flatMap((group) => membershipOf(group, described.byId, listedIds));
    const failures = [...listing.failures, ...described.failures];
    return {
      value,
      brokers: { ...listing.brokers, ...described.brokers },
      failures: [...failures, ...unexplained(groups, value, failures)],
      discovery: { ...known.discovery, groups },
    };
  },
};

function discovered({ groupId, type, protocolType, state, listedBy }: ListedGroup): KnownGroup {
  return { groupId, type, protocolType, state, listedBy, missingListings: 0 };
}

/** Known groups that no broker listed. Only a complete listing of a cluster that we see all of says anything about them. */
function unlistedGroups(listed: ReadonlySet<string>, complete: boolean, known: CollectorInput): KnownGroup[] {
  const counts = complete && known.completeness === 'full';
  return [...known.discovery.groups.values()]
    .filter(({ groupId }) => !listed.has(groupId) && known.scope.hasGroup(groupId))
    .map((group) => ({ ...group, missingListings: group.missingListings + (counts ? 1 : 0) }));
}

/** What its coordinator says of a group that was not listed: alive, it was only left out; Dead, its offsets decide. */
function confirmed(group: KnownGroup, { state, protocolType }: GroupMembership): KnownGroup {
  return { ...group, state, protocolType, missingListings: state === 'Dead' ? group.missingListings : 0 };
}

interface Described {
  byId: ReadonlyMap<string, GroupMembership>;
  brokers: Readonly<Record<number, number>>;
  failures: readonly PortFailure[];
}

const classicTypes: ReadonlySet<GroupType> = new Set(['classic', 'unknown']);

/** Groups that are listed as Empty have nothing more to tell; types but classic and consumer are shown as listed. */
async function describe(
  kafka: KafkaPort,
  groups: readonly KnownGroup[],
  listed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Described> {
  const worthAsking = groups.filter(({ groupId, state }) => state !== 'Empty' || !listed.has(groupId));
  const classic = worthAsking.filter(({ type }) => classicTypes.has(type));
  const consumer = worthAsking.filter(({ type }) => type === 'consumer');
  const answers = await Promise.all([
    kafka.describeClassicGroups(classic, signal),
    kafka.describeConsumerGroups(consumer, signal),
  ]);
  // Listed, and unknown when described: it changed its type, or ended between the two answers. The next cycle will tell.
  const believed = answers
    .flatMap(({ value }) => value)
    .filter(({ groupId, state }) => state !== 'Dead' || !listed.has(groupId));
  return {
    byId: new Map(believed.map((membership) => [membership.groupId, membership])),
    brokers: Object.assign({}, ...answers.map(({ brokers }) => brokers)),
    failures: answers.flatMap(({ failures }) => failures),
  };
}

/** None where the group should have been described and was not. */
function membershipOf(
  group: KnownGroup,
  described: ReadonlyMap<string, GroupMembership>,
  listed: ReadonlySet<string>,
): GroupMembership[] {
  const { groupId, type, protocolType, state, listedBy } = group;
  const membership = described.get(groupId);
  if (membership) return [{ ...membership, type }];
  const isDescribable = classicTypes.has(type) || type === 'consumer';
  if (!listed.has(groupId) || (state !== 'Empty' && isDescribable)) return [];
  return [
    { groupId, type, protocolType, protocolName: null, state, coordinatorId: listedBy, epoch: null, members: null },
  ];
}

/** Known groups of which nothing was read for no reason given so far: absent without a failure would mean gone. */
function unexplained(
  groups: ReadonlyMap<string, KnownGroup>,
  read: readonly GroupMembership[],
  failures: readonly PortFailure[],
): PortFailure[] {
  const explained = new Set([
    ...read.map(({ groupId }) => groupId),
    ...failures.flatMap(({ groupIds }) => groupIds ?? []),
  ]);
  const groupIds = [...groups.keys()].filter((groupId) => !explained.has(groupId));
  if (groupIds.length === 0) return [];
  const message = 'listings and coordinators disagree about these groups, or do not tell; the next cycles will';
  return [{ code: 'upstream.transient', message, groupIds }];
}
