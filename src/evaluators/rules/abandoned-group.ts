import { Type } from 'typebox';
import { ownerships } from '../../model/report.ts';
import { leftBehindEvidence, leftBehindWords } from '../rows/left-behind.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

const abandoned = ownerships.indexOf('abandoned');

export const abandonedGroup = defineRule({
  code: 'abandoned-group',
  subject: 'group',
  severity: 'info',
  thresholds: Type.Object({
    unreadRecords: Type.Integer({ default: 1, minimum: 1, description: 'unread records at least, markers left out' }),
    ...hysteresis({ because: 'ownership is decided over an hour, or abandonedAfter, already' }),
  }),
  doc: {
    meaning:
      'Records stand unread before the commits of this group, and nobody has read there: not since tidemark came (a first hour is waited for), or not for longer than measures.abandonedAfter. Never an alert: it may have been left years ago. It may as well have stopped the day before tidemark was installed, so it is listed.',
    source: 'Members and movements of committed offsets, kept over restarts of tidemark.',
    advice:
      'Is the group meant to live? Then start it: the evidence says when the first unread record is deleted. Otherwise delete it (kafka-consumer-groups --delete), or let its offsets expire.',
  },
  suspect({ groups, series }, row) {
    if (groups.members[row]! > 0) return false;
    const seriesRows = groups.seriesRows[row]!;
    for (let i = 0; i < seriesRows.length; i++) {
      if (series.ownership[seriesRows[i]!] === abandoned && series.lag[seriesRows[i]!]! > 0) return true;
    }
    return false;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const left = row.abandoned;
    if (left.partitions === 0) {
      if (left.unknownPartitions > 0 || row.members === null) return unknown('membership-unread');
      // Orphaned, and never seen to move: tidemark forgot what it knew of it. An hour will tell.
      return row.members > 0 || row.standingMs !== null ? clear() : unknown('not-watched-long-enough');
    }
    if (left.unreadRecords < thresholds.unreadRecords) {
      return left.staleCollector === null ? clear() : unread(left.staleCollector);
    }
    return { is: 'raise', evidence: leftBehindEvidence(left) };
  },
  summary(evidence, { groupId }) {
    const { partitions, allPartitions } = evidence;
    const where =
      partitions < allPartitions ? `${partitions} of its ${countOf(allPartitions, 'partition')}` : 'its topics';
    return `Nobody reads ${where} for ${groupId}: ${leftBehindWords(evidence)}`;
  },
});
