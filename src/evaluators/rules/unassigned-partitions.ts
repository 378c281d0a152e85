import { Type } from 'typebox';
import type { TopicPartitions } from '../../model/snapshot.ts';
import { diagnosisOf } from '../judging/diagnosis.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const unassignedPartitions = defineRule({
  code: 'unassigned-partitions',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    ...hysteresis({
      raiseAfter: '330s',
      because:
        'members see new partitions when they refresh their metadata, at the latest after metadata.max.age.ms (5 min), and rebalance then; two polls more',
    }),
  }),
  doc: {
    meaning:
      'The group has settled, its members subscribe to these partitions, and none of them has them: what is written there nobody reads.',
    source:
      "The members' subscriptions, the partitions of those topics, and the members' assignments; never commits, for of a partition that nobody reads there may be none. A member whose subscription Kafka does not tell (a pattern of KIP-848) counts with the topics that it has.",
    advice:
      'Were partitions added, and do the members refresh their metadata seldom (metadata.max.age.ms)? May they describe the topic? Is the assignor one of your own? Restarting a member makes the group share out everything anew.',
  },
  suspect: ({ groups }, row) => (groups.unassigned[row]?.length ?? 0) > 0,
  judge(row, thresholds) {
    if (row.staleCollector === 'group-membership') return unread(row.staleCollector);
    if (row.unassigned === null) return unknown(row.state === null ? 'membership-unread' : 'not-settled');
    if (row.unassigned.length === 0) return clear();
    const partitions = row.unassigned.reduce((sum, topic) => sum + topic.partitions.length, 0);
    return {
      is: 'raise',
      evidence: {
        partitions,
        topics: row.unassigned.length,
        unassigned: firstOf(row.unassigned),
        limitSeconds: thresholds.raiseAfter / 1000,
        unreadRecords: row.reading.unreadRecords,
        diagnosis: diagnosisOf(row),
      },
    };
  },
  summary({ partitions, topics, unassigned, limitSeconds, diagnosis }, { groupId }) {
    const [first] = unassigned;
    const where =
      first === undefined ? '' : ` (${first.topic} p${first.partitions[0]}${partitions > 1 ? ', ...' : ''})`;
    const what = `${countOf(partitions, 'partition')} of ${countOf(topics, 'topic')}${where}`;
    return `${groupId} has ${countOf(diagnosis.members ?? 0, 'member')}, and for more than ${spokenSeconds(limitSeconds)} none of them has ${what}, which they subscribe to`;
  },
});

const topicsListedAtMost = 10;
const partitionsListedAtMost = 20;

function firstOf(unassigned: readonly TopicPartitions[]): TopicPartitions[] {
  return unassigned
    .slice(0, topicsListedAtMost)
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.slice(0, partitionsListedAtMost) }));
}
