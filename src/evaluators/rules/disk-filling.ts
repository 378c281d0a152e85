import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { percentOf, spokenBytes, spokenSeconds } from '../wording.ts';

export const diskFilling = defineRule({
  code: 'disk-filling',
  subject: 'log-dir',
  severity: 'warning',
  thresholds: Type.Object({
    warningRatio: Type.Number({
      default: 0.7,
      minimum: 0,
      maximum: 1,
      description: 'share of the volume: what is left must hold the replicas of a broker that dies',
    }),
    criticalRatio: Type.Number({
      default: 0.85,
      minimum: 0,
      maximum: 1,
      description: 'share from which it is critical: a full volume takes all of its replicas offline at once',
    }),
    margin: Type.Number({
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: 'share that must be free again below warningRatio before it ends: each deleted segment moves it',
    }),
    fullWithin: Duration('24h', 'a volume that will be full within this time is one for today'),
    ...hysteresis({
      raiseAfter: '2m',
      clearAfterPolls: 12,
      because: 'log directories are read once a minute, so that two reads must show it',
    }),
  }),
  doc: {
    meaning:
      'The volume of a log directory is nearly full, or will be within a day at the pace at which it grew. A full volume takes its replicas offline.',
    source:
      'DescribeLogDirs: total and usable bytes (KIP-827, Kafka 3.3). Growth is that of the feet of whole retention teeth, or of a rise that nothing interrupted, projected no farther than it was watched; at least measures.diskWatchMin.',
    advice:
      'Find the largest topics; lower retention.ms or retention.bytes of those that can bear it (readers that lag lose records: look at their time to loss first), or give the broker more disk.',
  },
  supersededBy: ['log-dir-offline'],
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.error !== null) return unknown('log-dir-offline');
    const { totalBytes, usableBytes, fill } = row;
    if (totalBytes === null || usableBytes === null || totalBytes <= 0) return unknown('totals-unread');
    const usedRatio = 1 - usableBytes / totalBytes;
    const fullInSeconds = fill?.fullInSeconds ?? null;
    const fillsSoon = fullInSeconds !== null && fullInSeconds * 1000 <= thresholds.fullWithin;
    if (usedRatio >= thresholds.warningRatio || fillsSoon) {
      return {
        is: 'raise',
        severity: usedRatio >= thresholds.criticalRatio ? 'critical' : 'warning',
        evidence: { usedRatio, totalBytes, usableBytes, fill, fillsSoon },
      };
    }
    if (usedRatio > thresholds.warningRatio - thresholds.margin) return unknown('near-the-edge');
    // What was said of its pace before a restart cannot be taken back before its pace is known again.
    return fill === null ? unknown('insufficient-data') : clear();
  },
  summary({ usedRatio, usableBytes, fill, fillsSoon }, { brokerId, logDir }) {
    const used = `${logDir} of broker ${brokerId} is ${percentOf(usedRatio)} full, ${spokenBytes(usableBytes)} are free`;
    const { fullInSeconds } = fill ?? { fullInSeconds: null };
    if (!fillsSoon || fullInSeconds === null) return used;
    return `${used}: at the pace of the last ${spokenSeconds(fill?.overSeconds ?? 0)} it is full in ${spokenSeconds(fullInSeconds)}`;
  },
});
