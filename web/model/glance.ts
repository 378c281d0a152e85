/** The first glance: ONE sentence about everything that is watched. */
import type { ClusterAnswer, Finding, GroupFinding, GroupSummary } from './answers.ts';
import { codeWords, lossCodes } from './codes.ts';
import { subjectWords, worstOf } from './finding-words.ts';
import { clusterFreshness } from './freshness.ts';
import { losesSoon, type Tone } from './outlook.ts';
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
 * (the rule waits for several polls of evidence); one that is far away is not worth a card before it is confirmed.
 */
export function groupsAtRisk(groups: readonly GroupSummary[]): {
  confirmed: GroupSummary[];
  suspected: GroupSummary[];
} {
  const watched = groups.filter((group) => !group.muted).toSorted((a, b) => deadlineSeconds(a) - deadlineSeconds(b));
  const confirmed = watched.filter((group) => group.findings.some((f) => lossCodes.has(f.code) && isActionable(f)));
  const suspected = watched.filter((group) => losesSoon(group) && !confirmed.includes(group));
  return { confirmed, suspected };
}

/** What a reader woken at 3 a.m. must know first. */
export function sentenceOf(glance: Glance): Sentence {
  const beneath = beneathOf(glance);
  const { confirmed, suspected } = groupsAtRisk(glance.groups);
  const blind = glance.clusters.filter((cluster) => isBlind(cluster, glance));
  if (blind.length > 0) return blindSentence(blind, confirmed, glance, beneath);
  const offline = glance.clusters.reduce((sum, cluster) => sum + cluster.partitions.offline, 0);
  const offlineWords = `${plural(offline, 'partition')} ${offline === 1 ? 'is' : 'are'} offline`;
  if (confirmed.length > 0) {
    const { lead, rest } = lossSentence(confirmed);
    return { lead, rest: offline > 0 ? `${rest} ${offlineWords}.` : rest, beneath, tone: 'bad' };
  }
  if (glance.clusters.every((cluster) => cluster.atMs === null)) {
    const soon = 'Numbers appear as soon as it ends.';
    return { lead: 'The first reading is under way', rest: '.', beneath: soon, tone: 'unknown' };
  }
  if (offline > 0) return { lead: offlineWords, rest: ': nothing there can be read or written.', beneath, tone: 'bad' };
  const open = glance.findings.filter(isActionable);
  const critical = open.filter(({ severity }) => severity === 'critical');
  if (critical.length > 0) return { ...criticalSentence(critical), beneath, tone: 'bad' };
  if (suspected.length > 0) return { ...suspectedSentence(suspected), beneath, tone: 'warn' };
  if (open.length > 0) {
    const rest = open.length === 1 ? 'one finding needs a look.' : `${open.length} findings need a look.`;
    return { lead: 'Nothing loses data', rest: `; ${rest}`, beneath, tone: 'warn' };
  }
  const rest = ` ${watchedWords(glance)}.`;
  return { lead: 'Nothing is at risk.', rest, beneath: quietBeneath(glance, beneath), tone: 'good' };
}

/** One cycle that Kafka did not answer is no outage yet: the finding, or the age of the data, says when it is. */
function isBlind(cluster: ClusterAnswer, { findings, nowMs }: Glance): boolean {
  if (cluster.reachable || cluster.atMs === null) return false;
  const { ageSeconds, stale } = clusterFreshness(cluster, nowMs);
  const found = findings.some((one) => one.code === 'cluster-unreachable' && one.cluster === cluster.cluster);
  return found || stale || ageSeconds === null;
}

/** "2 groups lose data; the first in 41 min: billing on orders, partition 17." */
function lossSentence(confirmed: readonly GroupSummary[]): { lead: string; rest: string } {
  const first = confirmed[0]!;
  const deadline = deadlineSeconds(first);
  const one = confirmed.length === 1;
  const where = `${first.groupId}${placeWords(first)}`;
  const groups = plural(confirmed.length, 'group');
  if (deadline === Number.POSITIVE_INFINITY) {
    const willLose = confirmed.some((group) => group.findings.some((finding) => finding.code === 'will-lose-data'));
    if (!willLose) return { lead: `${groups} ${one ? 'has' : 'have'} lost data`, rest: `: ${where}.` };
    return {
      lead: `${groups} ${one ? 'was' : 'were'} losing data`,
      rest: ` by the last data; how soon is not known: ${where}.`,
    };
  }
  const when = deadline === 0 ? 'now' : `in ${durationWords(deadline)}`;
  return {
    lead: `${groups} ${one ? 'loses' : 'lose'} data`,
    rest: one ? ` ${when}: ${where}.` : `; the first ${when}: ${where}.`,
  };
}

/** "2 findings are critical; the first: orders, partition 3 has been truncated." */
function criticalSentence(critical: readonly Finding[]): { lead: string; rest: string } {
  const first = worstOf(critical)!;
  const one = critical.length === 1;
  return {
    lead: `${plural(critical.length, 'finding')} ${one ? 'is' : 'are'} critical`,
    rest: `${one ? '' : '; the first'}: ${subjectWords(first)} ${codeWords(first.code)}.`,
  };
}

function suspectedSentence(suspected: readonly GroupSummary[]): { lead: string; rest: string } {
  const first = suspected[0]!;
  const deadline = deadlineSeconds(first);
  const when = deadline === 0 ? 'now' : `in ${durationWords(deadline)}`;
  const which = suspected.length === 1 ? '' : '; the first';
  return {
    lead: `${plural(suspected.length, 'group')} may lose data`,
    rest: `${which} ${when}: ${first.groupId}${placeWords(first)}. Not confirmed yet: no finding stands on it so far.`,
  };
}

/** ` on orders, partition 17`, or nothing where no partition stands out. */
export function placeWords(group: Pick<GroupSummary, 'worst'>): string {
  return group.worst === null ? '' : ` on ${group.worst.topic}, partition ${group.worst.partition}`;
}

/** What was known before contact was lost is said as what it is: old. */
function blindSentence(
  blind: readonly ClusterAnswer[],
  confirmed: readonly GroupSummary[],
  glance: Glance,
  beneath: string,
): Sentence {
  const first = blind[0]!;
  const since = clusterFreshness(first, glance.nowMs);
  const lead = `${namesOf(blind)} cannot be reached`;
  const problem = first.problem ?? '';
  if (since.ageSeconds === null) return { lead, rest: '. Nothing was ever read of it.', beneath: problem, tone: 'bad' };
  const names = new Set(blind.map((cluster) => cluster.cluster));
  const lost = confirmed.filter((group) => names.has(group.cluster));
  const seen = confirmed.filter((group) => !names.has(group.cluster));
  const before =
    lost.length === 0
      ? `What stands here was ${since.words}.`
      : `${plural(lost.length, 'group')} ${lost.length === 1 ? 'was' : 'were'} losing data when last read, ${durationWords(Math.round(since.ageSeconds))} ago: ${lost[0]!.groupId}${placeWords(lost[0]!)}${lost.length > 1 ? ' first' : ''}.`;
  const elsewhere = seen.length === 0 ? '' : ` Elsewhere ${lossSentence(seen).lead}${lossSentence(seen).rest}`;
  return { lead, rest: `. ${before}${elsewhere}`, beneath: `${problem} ${beneath}`.trim(), tone: 'bad' };
}

/** Kafka hides from tidemark what it may not see. Before anything was read, that is not known. */
export function isFiltered({ completeness, reachable }: ClusterAnswer): boolean {
  return reachable && completeness === 'filtered';
}

function namesOf(clusters: readonly ClusterAnswer[]): string {
  return clusters.map((cluster) => cluster.cluster).join(' and ');
}

/** `412 groups, read 6 s ago`, by the oldest of the clusters. */
function watchedWords({ clusters, nowMs }: Glance): string {
  const groups = clusters.reduce((sum, cluster) => sum + cluster.groups.total, 0);
  const ages = clusters.map((cluster) => clusterFreshness(cluster, nowMs));
  const oldest = ages.toSorted((a, b) => (b.ageSeconds ?? 0) - (a.ageSeconds ?? 0))[0];
  return `${plural(groups, 'group')}, ${oldest?.words ?? 'not read yet'}`;
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
  for (const { cluster, atMs, problem } of clusters) {
    if (atMs === null && problem !== null) said.push(`Of ${cluster} nothing was read yet: ${problem}`);
  }
  const filtered = clusters.filter(isFiltered);
  if (filtered.length > 0)
    said.push(`Of ${namesOf(filtered)} tidemark may not see everything: it lacks Describe on the cluster.`);
  return said.join(' ');
}

/** While windows still fill, "nothing at risk" is said with that reservation. */
function quietBeneath({ clusters }: Glance, beneath: string): string {
  const waiting = clusters.reduce((sum, cluster) => sum + (cluster.groups.byOutlook['insufficient-data'] ?? 0), 0);
  return waiting === 0 ? beneath : `${beneath} Of ${plural(waiting, 'group')} the trend is not known yet.`;
}
