import { Type } from 'typebox';
import type { SkipEvidence } from '../../model/report.ts';
import { clear, defineRule, eventHysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const skipped = defineRule({
  code: 'skipped',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    records: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'records that must have been jumped over: one or two may be transaction markers',
    }),
    ...eventHysteresis(),
  }),
  doc: {
    meaning: 'The committed offset jumped over records that were there and that the group had not read.',
    source:
      'Movements of the committed offset against members, log start and the best rate that was ever seen (judgement by `by` in the evidence); what retention or DeleteRecords took is left out.',
    advice:
      'Who moved it: a reset by a tool, a new start with auto.offset.reset=latest, a seek to the end? The records from `fromOffset` on are still there: to have them read, set the group back to it before retention takes them. `suspected` means that a fast reader may have read them after all.',
  },
  suspect: ({ series }, row) => series.skippedNow[row]! > 0,
  judge(row, thresholds) {
    const { skippedNow, skippedBy, jumpedFrom } = row;
    if (skippedNow < thresholds.records || skippedBy === null) {
      return row.staleCollector === null ? clear() : unread(row.staleCollector);
    }
    return {
      is: 'raise',
      ...(skippedBy === 'suspected' ? { severity: 'info' as const } : {}),
      evidence: {
        skippedRecords: skippedNow,
        by: skippedBy,
        fromOffset: jumpedFrom,
        committedOffset: row.committedOffset,
        endOffset: row.endOffset,
        logStartOffset: row.logStartOffset,
        bestRate: row.bestRate,
        members: row.group.members,
        ownership: row.ownership,
      },
    };
  },
  renew: (before, now) => ({
    ...now,
    skippedRecords: before.skippedRecords + now.skippedRecords,
    fromOffset: before.fromOffset === null ? now.fromOffset : Math.min(before.fromOffset, now.fromOffset ?? Infinity),
  }),
  summary({ skippedRecords, by, fromOffset }, { groupId, topic, partition }) {
    const may = by === 'suspected' ? 'may have' : 'has';
    const from = fromOffset === null ? '' : ` from offset ${fromOffset} on`;
    return `${groupId} ${may} skipped ${countOf(skippedRecords, 'unread record')} of ${topic} p${partition}${from}: ${because[by]}`;
  },
});

const because: Record<NonNullable<SkipEvidence>, string> = {
  'no-members': 'its committed offset jumped ahead while it had no members',
  'commit-absent': 'its commit was gone, and came back further on',
  'too-fast': 'its committed offset went ahead many times faster than it was ever seen to read',
  suspected: 'its committed offset went ahead faster than it was ever seen to read',
};
