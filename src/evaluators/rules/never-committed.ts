import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { Outlook } from '../../model/report.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const neverCommitted = defineRule({
  code: 'never-committed',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    records: Type.Integer({
      default: 1,
      minimum: 1,
      description: 'records that must have arrived since the partition was assigned: a reader commits after the first',
    }),
    commitsWithin: Duration('10m', 'time from the first of them within which a reader commits, be its batches long'),
    ...hysteresis({ because: 'the time without a commit is measured by commitsWithin already' }),
  }),
  doc: {
    meaning: 'A member owns the partition, records arrive, and nothing is ever committed for it.',
    source: 'Assignment, end offset, and an answer of OffsetFetch (KIP-88) that holds no commit of this partition.',
    advice:
      'Does the consumer read at all: stuck before its first record, or failing and starting over? Or does it keep its positions elsewhere? Then mute this code by a policy. After a restart it begins where auto.offset.reset says: the outlook in the evidence is that of a group that stands at the log start.',
  },
  suspect({ series }, row, monotonicMs, thresholds) {
    return monotonicMs - series.uncommittedSinceMs[row]! > thresholds.commitsWithin;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.group.staleCollector !== null) return unread(row.group.staleCollector);
    if (row.committedOffset !== null) return clear();
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (row.ownership !== 'owned') return unknown('no-owner');
    if (row.highWatermark === null || row.endWhenAssigned === null) return unknown('not-watched-long-enough');
    const arrivedRecords = row.highWatermark - row.endWhenAssigned;
    const waitedMs = row.uncommittedMs ?? 0;
    if (arrivedRecords < thresholds.records || waitedMs <= thresholds.commitsWithin) {
      return unknown('not-watched-long-enough');
    }
    return {
      is: 'raise',
      evidence: {
        waitedSeconds: Math.round(waitedMs / 1000),
        arrivedRecords,
        endOffset: row.highWatermark,
        logStartOffset: row.logStartOffset,
        outlook: outlookFromLogStart(row),
        memberId: row.member?.memberId ?? null,
        clientId: row.member?.clientId ?? null,
        clientHost: row.member?.clientHost ?? null,
      },
    };
  },
  summary({ waitedSeconds, arrivedRecords, clientHost }, { groupId, topic, partition }) {
    const by = clientHost === null ? 'a member' : `its member on ${clientHost}`;
    return `${groupId} has never committed for ${topic} p${partition}, which ${by} owns: ${countOf(arrivedRecords, 'record')} came since, the first ${spokenSeconds(waitedSeconds)} ago`;
  },
});

/** As if its committed offset were the log start, and never moved: what retention deletes next is what it would have to read first. */
function outlookFromLogStart({ highWatermark, logStartOffset, retentionMs, retentionBytes }: SeriesRow): Outlook {
  if (logStartOffset === null || (retentionMs === null && retentionBytes === null)) return 'insufficient-data';
  return logStartOffset === highWatermark ? 'keeps-up' : 'loses-first';
}
