import { Type } from 'typebox';
import { clear, defineRule, eventHysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const logTruncated = defineRule({
  code: 'log-truncated',
  subject: 'partition',
  severity: 'critical',
  thresholds: Type.Object(eventHysteresis()),
  doc: {
    meaning:
      'The end of the log went back: records that were committed to Kafka, and perhaps read, are gone, and others take their offsets.',
    source:
      'End offset below the highest of the same topic ID at two polls running; leader epochs before and after (KIP-101, KIP-320).',
    advice:
      'A replica that lagged behind, or had lost its disk, became leader. Find out which (leader epochs, the controller log, unclean.leader.election.enable), stop further elections of that kind, and have producers send again what was cut off. Groups that stood beyond the new end go by auto.offset.reset.',
  },
  suspect: ({ partitions }, row) => !Number.isNaN(partitions.truncatedFrom[row]!),
  judge(row) {
    const { truncation, highWatermark } = row;
    if (truncation === null || highWatermark === null) {
      return row.staleCollector === null ? clear() : unread(row.staleCollector);
    }
    return {
      is: 'raise',
      evidence: {
        endOffsetBefore: truncation.endOffsetBefore,
        endOffset: highWatermark,
        truncatedRecords: truncation.endOffsetBefore - highWatermark,
        leaderEpochBefore: truncation.leaderEpochBefore,
        leaderEpoch: row.leaderEpoch,
        leader: row.leader,
        uncleanLeaderElection: row.uncleanLeaderElection,
      },
    };
  },
  renew: (before, now) => ({ ...now, truncatedRecords: before.truncatedRecords + now.truncatedRecords }),
  summary({ endOffsetBefore, endOffset, truncatedRecords, leaderEpochBefore, leaderEpoch }, { topic, partition }) {
    const hasEpochs = leaderEpochBefore !== null && leaderEpoch !== null && leaderEpoch !== leaderEpochBefore;
    const election = hasEpochs ? `, leader epoch from ${leaderEpochBefore} to ${leaderEpoch}` : '';
    return `${topic} p${partition} lost the last ${countOf(truncatedRecords, 'record')} of its log: the end offset went from ${endOffsetBefore} back to ${endOffset}${election}`;
  },
});
