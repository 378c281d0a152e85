/** Groups and topics of groups that nobody reads any more: no alert, but what stopped yesterday must be found here by a newcomer. */
import { formatAddress, groupAddress } from './address.ts';
import type { Finding } from './answers.ts';
import { countWords, durationWords, grouped, momentWords, spanWords } from './words.ts';

export const leftBehindCodes = ['abandoned-group', 'dropped-topic'] as const;

export interface LeftBehindRow {
  key: string;
  groupId: string;
  href: string;
  /** `orders`, or how many partitions of the group. */
  what: string;
  unread: string;
  oldest: string;
  loss: string;
  since: string;
  /** The whole sentence, on hover. */
  title: string;
}

/** Those that no policy mutes: soonest loss first, then by how much is unread. */
export function leftBehindRows(findings: readonly Finding[], nowMs: number): LeftBehindRow[] {
  return findings
    .filter(({ muted }) => muted !== true)
    .toSorted(
      (a, b) => lossOf(a) - lossOf(b) || (numberIn(b, 'unreadRecords') ?? 0) - (numberIn(a, 'unreadRecords') ?? 0),
    )
    .map((finding) => rowOf(finding, nowMs));
}

function rowOf(finding: Finding, nowMs: number): LeftBehindRow {
  const { cluster, groupId = '', topic, id, sinceMs, summary } = finding;
  const oldest = numberIn(finding, 'oldestUnreadSeconds');
  const partitions = numberIn(finding, 'partitions');
  const all = numberIn(finding, 'allPartitions');
  return {
    key: id,
    groupId,
    href: formatAddress(groupAddress(cluster, groupId)),
    what:
      topic ?? (partitions === all ? 'all it reads' : `${grouped(partitions ?? 0)} of ${grouped(all ?? 0)} partitions`),
    unread: countWords(numberIn(finding, 'unreadRecords') ?? 0),
    oldest: oldest === null ? 'not known' : durationWords(oldest),
    loss: lossWords(finding),
    since: momentWords(sinceMs, nowMs),
    title: summary,
  };
}

function lossWords(finding: Finding): string {
  const earliest = numberIn(finding, 'timeToLossEarliestSeconds');
  if (earliest === null) return 'none ahead';
  return earliest < 1 ? 'now' : spanWords(earliest, numberIn(finding, 'timeToLossLatestSeconds'));
}

function lossOf(finding: Finding): number {
  return numberIn(finding, 'timeToLossEarliestSeconds') ?? Number.MAX_VALUE;
}

function numberIn({ evidence }: Finding, name: string): number | null {
  const value = evidence[name];
  return typeof value === 'number' ? value : null;
}
