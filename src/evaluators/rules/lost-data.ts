import { Type } from 'typebox';
import { outlooks } from '../../model/report.ts';
import { isNewcomer, newcomerThresholds } from '../judging/newcomer.ts';
import { clear, defineRule, eventHysteresis, unknown, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

const losing = outlooks.indexOf('losing');

export const lostData = defineRule({
  code: 'lost-data',
  subject: 'series',
  severity: 'critical',
  thresholds: Type.Object({ ...newcomerThresholds, ...eventHysteresis() }),
  doc: {
    meaning: 'Retention deleted records before the group had read them. They are gone for it.',
    source:
      'Log start offset above the committed offset, read in that order, less what DeleteRecords purged (KIP-107).',
    advice: 'Find what else holds the records, then speed the group up or lengthen retention before more are lost.',
  },
  suspect: ({ series }, row) => series.lostNow[row]! > 0 || series.outlook[row] === losing,
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (row.ownership === 'abandoned') return clear('superseded');
    const isBehind = row.outlook === 'losing' && (row.committedOffset ?? 0) < (row.logStartOffset ?? 0);
    if (row.lostNow === 0 && !isBehind) return clear();
    if (row.ownership === null) return unknown(row.whyOwnership ?? 'membership-unread');
    const gap = Math.max(0, (row.logStartOffset ?? 0) - (row.committedOffset ?? row.logStartOffset ?? 0));
    return {
      is: 'raise',
      ...(isNewcomer(row, thresholds) ? { severity: 'info' as const } : {}),
      evidence: {
        lostRecords: Math.max(row.lostNow, gap),
        lostNow: row.lostNow,
        stillLosing: isBehind,
        upperBound: row.compacted || row.lastStableOffset !== row.highWatermark,
        logStartOffset: row.logStartOffset,
        committedOffset: row.committedOffset,
        ownership: row.ownership,
      },
    };
  },
  renew: (before, now) => ({
    ...now,
    lostRecords: Math.max(before.lostRecords + now.lostNow, now.lostRecords),
    upperBound: before.upperBound || now.upperBound,
  }),
  summary({ lostRecords, upperBound, stillLosing }, subject) {
    const count = upperBound ? `up to ${countOf(lostRecords, 'record')}` : countOf(lostRecords, 'record');
    const still = stillLosing ? '; its committed offset still lies before the log start' : '';
    return `Retention deleted ${count} of ${subject.topic} p${subject.partition} before ${subject.groupId} read them${still}`;
  },
});
