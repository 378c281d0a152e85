import type { Severity } from './answers.ts';
import type { Tone } from './outlook.ts';

/** What a finding's code says of its subject: "billing" + "will lose data". */
const verdictWords: Readonly<Record<string, string>> = {
  'lost-data': 'has lost data',
  'will-lose-data': 'will lose data',
  skipped: 'has skipped records',
  rewound: 'has gone back to records that it had read',
  'offset-ahead-of-log': 'has committed past the end of the log',
  'never-committed': 'has never committed',
  'offsets-expiring': 'is about to lose its committed offsets',
  'offsets-gone': 'has lost its committed offsets',
  'stuck-partition': 'has a stuck partition',
  stalled: 'has stalled',
  'blocked-by-transaction': 'is blocked by an open transaction',
  stopped: 'has stopped',
  'slo-breached': 'is further behind than its SLO',
  lagging: 'is falling behind',
  'hot-partition': 'has a hot partition',
  'commit-delay-rising': 'commits later and later',
  'lag-cliff': 'has fallen behind all at once',
  'rebalance-storm': 'rebalances too often',
  'stuck-rebalance': 'does not come out of a rebalance',
  'unassigned-partitions': 'has partitions that no member reads',
  'idle-members': 'has members without a partition',
  'abandoned-group': 'is read by nobody',
  'dropped-topic': 'is not subscribed to any more',
  'open-transaction': 'has a transaction open for too long',
  'dead-letter-growing': 'is getting dead letters',
  'retention-shortened': 'has a shorter retention',
  'partitions-added': 'has more partitions than before',
  'partition-skew': 'is written unevenly',
  'log-truncated': 'has been truncated',
  'offline-partition': 'is offline',
  'under-min-isr': 'is under min ISR',
  'under-replicated': 'is under-replicated',
  'at-min-isr': 'is at min ISR',
  'not-preferred-leader': 'is not led by the preferred replica',
  'single-replica': 'has a single replica',
  'unclean-election-allowed': 'is open to unclean leader election',
  'broker-missing': 'does not live',
  'broker-skew': 'has far more than the others',
  'too-many-partitions': 'has too many replicas',
  'disk-filling': 'is filling up',
  'log-dir-offline': 'is offline',
  'quorum-unhealthy': 'has an unhealthy metadata quorum',
  'cluster-unreachable': 'cannot be reached',
  'collector-failing': 'is failing',
  'data-missing': 'has data missing',
  'permission-missing': 'hides a part from tidemark',
};

/** Words of a finding's code, after one subject ("is offline") or several ("are offline"); one that this page does not know yet reads as it is spelled. */
export function codeWords(code: string, subjects = 1): string {
  const words = verdictWords[code] ?? code.replaceAll('-', ' ');
  if (subjects === 1) return words;
  return words
    .replace(/^is /, 'are ')
    .replace(/^has /, 'have ')
    .replace(/^does /, 'do ');
}

const severityTones: Readonly<Record<Severity, Tone>> = { critical: 'bad', warning: 'warn', info: 'plain' };

export function severityTone(severity: Severity): Tone {
  return severityTones[severity];
}

/** info 0, warning 1, critical 2. */
export function severityRank(severity: Severity): number {
  return ['info', 'warning', 'critical'].indexOf(severity);
}

/** Codes that say a group loses records, or will. */
export const lossCodes: ReadonlySet<string> = new Set(['will-lose-data', 'lost-data']);

/** Advice on how topics are set up, not news: one list, apart from the findings, never a card. */
export const lintCodes: ReadonlySet<string> = new Set([
  'at-min-isr',
  'not-preferred-leader',
  'single-replica',
  'unclean-election-allowed',
]);
