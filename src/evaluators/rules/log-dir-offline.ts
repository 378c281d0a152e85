import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';

export const logDirOffline = defineRule({
  code: 'log-dir-offline',
  subject: 'log-dir',
  severity: 'critical',
  thresholds: Type.Object(hysteresis({ because: 'the answer of one moment may be that of a broker that stops' })),
  doc: {
    meaning: 'A broker has given up a log directory: the replicas in it are not served any more (KIP-112).',
    source: 'DescribeLogDirs: the error of the directory.',
    advice:
      'Look at the disk and at the broker’s log for the first I/O error. Replace or remount it, then restart the broker: it fetches the replicas anew.',
  },
  judge({ staleCollector, error, path }) {
    if (staleCollector !== null) return unread(staleCollector);
    if (error === null) return clear();
    return { is: 'raise', evidence: { path, error } };
  },
  summary({ error }, { brokerId, logDir }) {
    return `Log directory ${logDir} of broker ${brokerId} is offline (${error}): its replicas are not served`;
  },
});
