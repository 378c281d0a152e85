import { Type } from 'typebox';
import { leftBehindEvidence, leftBehindWords } from '../rows/left-behind.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const droppedTopic = defineRule({
  code: 'dropped-topic',
  subject: 'group-topic',
  severity: 'info',
  thresholds: Type.Object({
    unreadRecords: Type.Integer({ default: 1, minimum: 1, description: 'unread records at least, markers left out' }),
    ...hysteresis({ because: 'that nobody subscribes is confirmed by two polls already' }),
  }),
  doc: {
    meaning:
      'The group has members and commits on this topic, but none of them subscribes to it any more, and records stand unread. Its lag does not count for the group, and never alerts.',
    source: "The members' subscriptions while the group is settled, against the topics that it has committed on.",
    advice:
      'Usually the topic was left on purpose, and the commits go when they expire (offsets.retention.minutes after the last one). If a deployment lost it from its list of topics, or a pattern no longer fits, put it back before the first unread record is deleted.',
  },
  supersededBy: ['abandoned-group'],
  // Where every partition is dropped or abandoned the topic has no outlook, and the lag is that of all.
  suspect({ groupTopics, groups }, row) {
    return (
      groupTopics.outlook[row] === 0 && groupTopics.lag[row]! > 0 && groups.members[groupTopics.groupRow[row]!]! > 0
    );
  },
  judge({ group, dropped }, thresholds) {
    if (group.staleCollector !== null) return unread(group.staleCollector);
    if (dropped.partitions === 0) {
      if (dropped.unknownPartitions > 0 || group.members === null) return unknown('membership-unread');
      return group.members > 0 ? clear() : unknown('no-members');
    }
    if (dropped.unreadRecords < thresholds.unreadRecords) {
      return dropped.staleCollector === null ? clear() : unread(dropped.staleCollector);
    }
    return { is: 'raise', evidence: { ...leftBehindEvidence(dropped), members: group.members } };
  },
  summary(evidence, { groupId, topic }) {
    return `None of the ${countOf(evidence.members ?? 0, 'member')} of ${groupId} subscribes to ${topic} any more: ${leftBehindWords(evidence)}`;
  },
});
