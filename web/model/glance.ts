/** The first glance: ONE sentence about everything that is watched. */
import type { ClusterAnswer, Finding, GroupFinding, GroupSummary } from './answers.ts';
import { lossCodes } from './codes.ts';
import { freshness } from './freshness.ts';
import type { Tone } from './outlook.ts';
import { durationWords, plural } from './words.ts';

export interface Sentence {
  /** The part that is coloured. */
  lead: string;
  rest: string;
  /** The quieter line beneath. */
  beneath: string;
  tone: Tone;
}

export interface Glance {
  clusters: readonly ClusterAnswer[];
  /** By risk; those after the first page change nothing here. */
  groups: readonly GroupSummary[];
  findings: readonly Finding[];
  nowMs: number;
}

/** Open, not muted, explained by nothing else, and worth acting on. */
export function isActionable(finding: Pick<GroupFinding, 'severity' | 'cause' | 'muted'>): boolean {
  return finding.severity !== 'info' && finding.cause === null && finding.muted !== true;
}

/** Seconds until the group loses its first unread record; 0 where it loses now; Infinity where it does not. */
export function deadlineSeconds(group: GroupSummary): number {
  if (group.outlook === 'losing') return 0;
  return group.outlook === 'loses-first' ? (group.timeToLossEarliestSeconds ?? 0) : Number.POSITIVE_INFINITY;
}

/**
 * Groups that lose data, soonest first: confirmed by a raised finding, or suspected, where only the outlook says so yet
 * (the rule waits for several polls of evidence).
 */
export function groupsAtRisk(groups: readonly GroupSummary[]): {
  confirmed: GroupSummary[];
  suspected: GroupSummary[];
} {
  const watched = groups.filter((group) => !group.muted).toSorted((a, b) => deadlineSeconds(a) - deadlineSeconds(b));
  const confirmed = watched.filter((group) => group.findings.some((f) => lossCodes.has(f.code) && isActionable(f)));
  const suspected = watched.filter(
    (group) => deadlineSeconds(group) < Number.POSITIVE_INFINITY && !confirmed.includes(group),
  );
  return { confirmed, suspected };
}

/** What a reader woken at 3 a.m. must know first. */
export function sentenceOf(glance: Glance): Sentence {
  const beneath = beneathOf(glance);
  const { confirmed, suspected } = groupsAtRisk(glance.groups);
  const blind = glance.clusters.filter((cluster) => !cluster.reachable && cluster.problem !== null);
  const alsoBlind = blind.length === 0 ? '' : ` ${namesOf(blind)} cannot be reached.`;
  if (confirmed.length > 0) {
    return { ...lossSentence(confirmed), rest: `${lossSentence(confirmed).rest}${alsoBlind}`, beneath, tone: 'bad' };
  }
  if (blind.length > 0) return blindSentence(blind, beneath, glance.nowMs);
  if (glance.clusters.every((cluster) => cluster.atMs === null)) {
    return {
      lead: 'The first reading is under way',
      rest: '.',
      beneath: 'Numbers appear as soon as it ends.',
      tone: 'unknown',
    };
  }
  if (suspected.length > 0) return { ...suspectedSentence(suspected), beneath, tone: 'warn' };
  const open = glance.findings.filter(isActionable);
  if (open.length > 0) {
    const rest = open.length === 1 ? 'one finding needs a look.' : `${open.length} findings need a look.`;
    return { lead: 'Nothing loses data', rest: `; ${rest}`, beneath, tone: 'warn' };
  }
  return {
    lead: 'Nothing is at risk.',
    rest: ` ${watchedWords(glance)}.`,
    beneath: quietBeneath(glance, beneath),
    tone: 'good',
  };
}

function lossSentence(confirmed: readonly GroupSummary[]): { lead: string; rest: string } {
  const [first] = confirmed;
  const deadline = deadlineSeconds(first!);
  const one = confirmed.length === 1;
  const where = `${first!.groupId}${placeWords(first!)}`;
  if (deadline === Number.POSITIVE_INFINITY) {
    return { lead: `${plural(confirmed.length, 'group')} ${one ? 'has' : 'have'} lost data`, rest: `: ${where}.` };
  }
  const lead = one ? '1 group loses data' : `${confirmed.length} groups lose data`;
  if (deadline === 0) return { lead, rest: one ? ` now: ${where}.` : `; the first already now: ${where}.` };
  return {
    lead,
    rest: one ? ` in ${durationWords(deadline)}: ${where}.` : `; the first in ${durationWords(deadline)}: ${where}.`,
  };
}

function suspectedSentence(suspected: readonly GroupSummary[]): { lead: string; rest: string } {
  const [first] = suspected;
  const deadline = deadlineSeconds(first!);
  const when = deadline === 0 ? 'now' : `in ${durationWords(deadline)}`;
  const which = suspected.length === 1 ? '' : '; the first';
  return {
    lead: `${plural(suspected.length, 'group')} may lose data`,
    rest: `${which} ${when}: ${first!.groupId}${placeWords(first!)}. Not confirmed yet: seen for too short a time.`,
  };
}

/** ` on orders, partition 17`, or nothing where no partition stands out. */
export function placeWords(group: Pick<GroupSummary, 'worst'>): string {
  return group.worst === null ? '' : ` on ${group.worst.topic}, partition ${group.worst.partition}`;
}

function blindSentence(blind: readonly ClusterAnswer[], beneath: string, nowMs: number): Sentence {
  const [first] = blind;
  const since = freshness(first!, nowMs);
  const last = since.ageSeconds === null ? 'Nothing was ever read of it.' : `What stands here was ${since.words}.`;
  return {
    lead: `${namesOf(blind)} cannot be reached`,
    rest: `. ${last}`,
    beneath: `${first!.problem ?? ''} ${since.ageSeconds === null ? '' : beneath}`.trim(),
    tone: 'bad',
  };
}

function namesOf(clusters: readonly ClusterAnswer[]): string {
  return clusters.map((cluster) => cluster.cluster).join(' and ');
}

/** `412 groups, read 6 s ago`, by the oldest of the clusters. */
function watchedWords({ clusters, nowMs }: Glance): string {
  const groups = clusters.reduce((sum, cluster) => sum + cluster.groups.total, 0);
  const oldest = clusters.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))[0];
  return `${plural(groups, 'group')}, ${oldest ? freshness(oldest, nowMs).words : 'not read yet'}`;
}

function beneathOf({ clusters, findings }: Glance): string {
  const sum = (pick: (cluster: ClusterAnswer) => number) =>
    clusters.reduce((total, cluster) => total + pick(cluster), 0);
  const said = [
    `${plural(
      sum((c) => c.groups.total),
      'group',
    )}, ${plural(
      sum((c) => c.partitions.total),
      'partition',
    )} watched.`,
  ];
  const explained = findings.filter((finding) => finding.cause !== null).length;
  if (explained > 0)
    said.push(
      `${plural(explained, 'more finding')} ${explained === 1 ? 'is' : 'are'} explained by these and shown with their groups.`,
    );
  const unread = sum((c) => c.groups.unread);
  if (unread > 0) said.push(`${plural(unread, 'group')} could not be read.`);
  const filtered = clusters.filter((cluster) => cluster.completeness === 'filtered');
  if (filtered.length > 0)
    said.push(`Of ${namesOf(filtered)} tidemark may not see everything: it lacks Describe on the cluster.`);
  return said.join(' ');
}

/** While windows still fill, "nothing at risk" is said with that reservation. */
function quietBeneath({ clusters }: Glance, beneath: string): string {
  const waiting = clusters.reduce((sum, cluster) => sum + (cluster.groups.byOutlook['insufficient-data'] ?? 0), 0);
  return waiting === 0 ? beneath : `${beneath} Of ${plural(waiting, 'group')} the trend is not known yet.`;
}
