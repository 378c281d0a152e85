import { Type } from 'typebox';
import { isNewcomer, newcomerThresholds } from '../judging/newcomer.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const offsetAheadOfLog = defineRule({
  code: 'offset-ahead-of-log',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    ...newcomerThresholds,
    ...hysteresis({ because: 'a new leader may tell an end offset that is too low for a moment (KIP-207)' }),
  }),
  doc: {
    meaning: 'The group has committed an offset that the log does not have: it lies beyond the end of the partition.',
    source: 'Committed offset and high watermark, read in that order, so that no race can make it look so.',
    advice:
      'Was the log cut off (log-truncated), or the offset committed by a tool? A reader that starts there goes by auto.offset.reset, else it misses what is written until the log has grown that far: reset the group to an offset that it has read.',
  },
  suspect({ series, partitions }, row) {
    return series.committedOffset[row]! > partitions.highWatermark[series.partitionRow[row]!]!;
  },
  judge(row, thresholds) {
    const { committedOffset, highWatermark } = row;
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (committedOffset === null) return clear();
    if (highWatermark === null) return unknown('end-offset-unread');
    if (committedOffset <= highWatermark) return clear();
    if (!row.endIsYounger) return unknown('end-offset-older-than-commit');
    if (row.ownership === null) return unknown(row.whyOwnership ?? 'membership-unread');
    const isLeft = row.ownership === 'abandoned' || isNewcomer(row, thresholds);
    return {
      is: 'raise',
      ...(isLeft ? { severity: 'info' as const } : {}),
      evidence: {
        committedOffset,
        endOffset: highWatermark,
        recordsAhead: committedOffset - highWatermark,
        logStartOffset: row.logStartOffset,
        ownership: row.ownership,
        members: row.group.members,
      },
    };
  },
  summary({ committedOffset, endOffset, recordsAhead }, { groupId, topic, partition }) {
    return `${groupId} has committed offset ${committedOffset} of ${topic} p${partition}, which is ${countOf(recordsAhead, 'record')} beyond its end (${endOffset})`;
  },
});
