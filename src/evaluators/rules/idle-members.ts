import { Type } from 'typebox';
import { type Diagnosis, diagnosisOf } from '../judging/diagnosis.ts';
import type { GroupRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

/** Why a member has nothing to do. */
type Ceiling = 'partitions' | 'range-by-topic' | 'standby' | 'other-topics' | 'unknown';

/** Kafka Streams gives instances standby tasks, which are no assignment of the consumer protocol. */
const streamsAssignor = 'stream';

export const idleMembers = defineRule({
  code: 'idle-members',
  subject: 'group',
  severity: 'info',
  thresholds: Type.Object({
    idleMembers: Type.Integer({ default: 1, minimum: 1, description: 'members without a partition, at least' }),
    ...hysteresis({
      raiseAfterPolls: 3,
      because: 'a cooperative assignor gives a new member its partitions only in a second rebalance',
    }),
  }),
  doc: {
    meaning:
      'Members of the group have no partition: they cost, and read nothing. A partition is read by one member of a group at a time, so partitions are the ceiling of how many members can work.',
    source: 'Assignment of the members of a group that has settled (Stable).',
    advice:
      'Scale the group down to its partitions, or add partitions (keys then move). Standbys are fine; so are idle instances of a KIP-848 or static group that wait for another to fail. Where the assignor is range, each topic is shared out by itself: another assignor spreads several topics over more members.',
  },
  suspect: ({ groups }, row, _monotonicMs, thresholds) => groups.idleMembers[row]! >= thresholds.idleMembers,
  judge(row, thresholds) {
    if (row.staleCollector === 'group-membership') return unread(row.staleCollector);
    if (row.idleMembers === null) return unknown(row.state === null ? 'membership-unread' : 'not-settled');
    if (row.idleMembers < thresholds.idleMembers) return clear();
    const diagnosis = diagnosisOf(row);
    return {
      is: 'raise',
      evidence: { idleMembers: row.idleMembers, ceiling: ceilingOf(row, diagnosis), idle: idleOf(row), diagnosis },
    };
  },
  summary({ idleMembers: idle, ceiling, diagnosis }, { groupId }) {
    const { members, partitions } = diagnosis;
    const of = `${groupId}: ${idle} of ${countOf(members ?? idle, 'member')} ${idle === 1 ? 'has' : 'have'} no partition`;
    return `${of}, ${said[ceiling](partitions ?? 0)}`;
  },
});

const said: Record<Ceiling, (partitions: number) => string> = {
  partitions: (partitions) => `for the topics have ${countOf(partitions, 'partition')}: that is the ceiling`,
  'range-by-topic': (partitions) =>
    `though there are ${countOf(partitions, 'partition')}: range shares out each topic by itself`,
  standby: () => 'perhaps standbys of Kafka Streams',
  'other-topics': () => 'for the topics that they subscribe to have fewer partitions than readers, or do not exist',
  unknown: (partitions) => `though there are ${countOf(partitions, 'partition')}: the assignor left them out`,
};

/** More members than partitions is plain; else it depends on who subscribes to what, and how the assignor shares it out. */
function ceilingOf({ memberList, assignor }: GroupRow, { members, partitions }: Diagnosis): Ceiling {
  if (assignor === streamsAssignor) return 'standby';
  if (members !== null && partitions !== null && members > partitions) return 'partitions';
  const subscriptions = new Set(memberList.map(({ subscribedTopics }) => subscribedTopics?.toSorted().join('\0')));
  if (subscriptions.size > 1) return 'other-topics';
  return assignor === 'range' ? 'range-by-topic' : 'unknown';
}

const listedAtMost = 10;

function idleOf({ memberList }: GroupRow) {
  return memberList
    .filter(({ assignment }) => assignment?.every(({ partitions }) => partitions.length === 0))
    .slice(0, listedAtMost)
    .map(({ memberId, groupInstanceId, clientId, clientHost, subscribedTopics }) => {
      return { memberId, groupInstanceId, clientId, clientHost, subscribedTopics };
    });
}
