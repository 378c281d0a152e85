import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const offsetsExpiring = defineRule({
  code: 'offsets-expiring',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    expiresWithin: Duration('24h', 'time before the commits expire from which on it is said: a day to bring it back'),
    retentionShare: Type.Number({
      default: 0.25,
      minimum: 0,
      maximum: 1,
      description:
        'but no earlier than this share of offsets.retention.minutes before: where that is short, a day is all of it',
    }),
    ...hysteresis({ because: 'the time without members is measured by the broker already' }),
  }),
  doc: {
    meaning: 'The group has had no members for so long that the broker will soon forget its committed offsets.',
    source:
      'State Empty since a moment that was seen, or its last commit where that came later; offsets.retention.minutes of the brokers (KIP-211).',
    advice:
      'If the group will be used again, start it once, or commit its offsets anew: else it begins where auto.offset.reset says, and skips or repeats records. If it will not, delete it.',
  },
  suspect({ groups }, row, monotonicMs, thresholds) {
    return groups.commitsExpireAtMs[row]! - monotonicMs <= thresholds.expiresWithin;
  },
  judge(row, thresholds) {
    const { offsetsRetentionMs, commitsExpireInMs } = row;
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.state === null) return unknown('membership-unread');
    if (row.state !== 'Empty') return clear();
    if (offsetsRetentionMs === null) return unknown('offsets-retention-unread');
    if (commitsExpireInMs === null) return unknown('empty-since-unknown');
    const config = { offsetsRetentionMs };
    const leadMs = Math.min(thresholds.expiresWithin, thresholds.retentionShare * offsetsRetentionMs);
    if (commitsExpireInMs > leadMs) return clear('recovered', config);
    const partitions = row.series.filter(({ committedOffset }) => committedOffset !== null).length;
    if (partitions === 0) return clear();
    const leftMs = Math.max(0, commitsExpireInMs);
    const { unreadRecords, unreadPartitions } = row.reading;
    return {
      is: 'raise',
      evidence: {
        expiresInSeconds: Math.round(leftMs / 1000),
        keptSeconds: Math.round((offsetsRetentionMs - commitsExpireInMs) / 1000),
        partitions,
        unreadRecords,
        unreadPartitions,
        config,
      },
    };
  },
  summary({ expiresInSeconds, keptSeconds, partitions, unreadRecords }, { groupId }) {
    const when = expiresInSeconds === 0 ? 'at any moment' : `in ${spokenSeconds(expiresInSeconds)}`;
    const what = `${groupId} will lose its committed offsets of ${countOf(partitions, 'partition')} ${when}`;
    return `${what}: it has had no members for ${spokenSeconds(keptSeconds)}, and ${countOf(unreadRecords, 'record')} wait for it`;
  },
});
