import type { Severity } from './answers.ts';
import type { Tone } from './outlook.ts';

/** What a finding's code says of its subject: "billing" + "will lose data". */
const verdictWords: Readonly<Record<string, string>> = {
  'will-lose-data': 'will lose data',
  'lost-data': 'has lost data',
  'stuck-partition': 'has a stuck partition',
  'rebalance-storm': 'rebalances too often',
  'stuck-rebalance': 'does not come out of a rebalance',
  'idle-members': 'has members without a partition',
  'unassigned-partitions': 'has partitions that no member reads',
  'abandoned-group': 'is read by nobody',
  'dropped-topic': 'is not subscribed to any more',
  stalled: 'has stalled',
  stopped: 'has stopped',
  'offline-partition': 'is offline',
  'under-min-isr': 'is under min ISR',
  'under-replicated': 'is under-replicated',
  'broker-missing': 'does not live',
  'broker-skew': 'has far more than the others',
  'too-many-partitions': 'has too many replicas',
  'disk-filling': 'is filling up',
  'log-dir-offline': 'is offline',
  'quorum-unhealthy': 'has an unhealthy metadata quorum',
  'permission-missing': 'hides a part from tidemark',
  'cluster-unreachable': 'cannot be reached',
  'data-missing': 'has data missing',
  'collector-failing': 'is failing',
};

/** Words of a finding's code; one that this page does not know yet reads as it is spelled. */
export function codeWords(code: string): string {
  return verdictWords[code] ?? code.replaceAll('-', ' ');
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
