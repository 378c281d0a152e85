/** At most seven cards by DEADLINE, not by lag: what to act on, in the order in which it is lost. */
import { type Address, formatAddress, groupAddress, home, topicAddress } from './address.ts';
import type { Finding, GroupSummary } from './answers.ts';
import { codeWords, severityTone } from './codes.ts';
import { clusterText, groupText } from './copy-text.ts';
import { subjectWords, worstOf } from './finding-words.ts';
import { deadlineSeconds, type Glance, groupsAtRisk, isActionable } from './glance.ts';
import { behindFigure, byWords, drainFigure, type Figure, lossFigure, outlookWords, type Tone } from './outlook.ts';
import { whyUnknown } from './unknown.ts';
import { countWords, durationWords, grouped, momentWords, plural, spanWords } from './words.ts';

export const mostCards = 7;

/** A figure with what it measures beneath it. */
export interface Clock extends Figure {
  label: string;
}

export interface Card {
  key: string;
  tone: Tone;
  title: string;
  /** Team and tier; the cluster where several are watched. */
  owner: string;
  /** The verdict in words. */
  verdict: string;
  /** `since 02:14` */
  since: string;
  clocks: readonly Clock[];
  /** A cause, or what it explains; '' where there is neither. */
  note: string;
  whyHref: string;
  /** For the incident channel. */
  copyText: string;
  deadlineSeconds: number;
}

/** All cards in their order; the caller shows `mostCards` of them and says how many more there are. */
export function cardsOf(glance: Glance): Card[] {
  const actionable = glance.findings.filter(isActionable);
  const ofGroups = new Map<string, Finding[]>();
  const ofOthers = new Map<string, Finding[]>();
  for (const finding of actionable) {
    const [cards, key] =
      finding.groupId === undefined
        ? [ofOthers, `${finding.cluster}\n${finding.code}`]
        : [ofGroups, `${finding.cluster}\n${finding.groupId}`];
    cards.set(key, [...(cards.get(key) ?? []), finding]);
  }
  const { suspected } = groupsAtRisk(glance.groups);
  const groupCards = glance.groups
    .filter((group) => ofGroups.has(keyOf(group)) || suspected.includes(group))
    .map((group) => groupCard(group, ofGroups.get(keyOf(group)) ?? [], glance));
  const otherCards = [...ofOthers.values()].map((findings) => clusterCard(findings, glance));
  return [...groupCards, ...otherCards].toSorted(byDeadlineThenTone);
}

function byDeadlineThenTone(a: Card, b: Card): number {
  if (a.deadlineSeconds !== b.deadlineSeconds) return a.deadlineSeconds < b.deadlineSeconds ? -1 : 1;
  return Number(b.tone === 'bad') - Number(a.tone === 'bad') || a.title.localeCompare(b.title);
}

function keyOf(group: GroupSummary): string {
  return `${group.cluster}\n${group.groupId}`;
}

function groupCard(group: GroupSummary, findings: readonly Finding[], glance: Glance): Card {
  const worst = worstOf(findings);
  const verdict = worst?.summary ?? suspectedVerdict(group);
  const since = worst === undefined ? '' : sinceWords(worst.sinceMs, glance.nowMs);
  const card = {
    key: keyOf(group),
    tone: worst === undefined ? ('warn' as const) : severityTone(worst.severity),
    title: group.groupId,
    owner: ownerWords(group, glance),
    verdict,
    since,
    clocks: clocksOf(group),
    note: noteOf(findings, glance.findings),
    whyHref: formatAddress(groupAddress(group.cluster, group.groupId)),
    deadlineSeconds: deadlineSeconds(group),
  };
  return { ...card, copyText: groupText(group, card) };
}

function suspectedVerdict(group: GroupSummary): string {
  const words = group.outlook === null ? 'not read yet' : outlookWords[group.outlook];
  return `At the present rates it ${words}. Not confirmed yet: no finding stands on it so far.`;
}

function sinceWords(sinceMs: number, nowMs: number): string {
  return `since ${momentWords(sinceMs, nowMs)}`;
}

function ownerWords(group: GroupSummary, glance: Glance): string {
  const owner = [group.team, group.tier === null ? null : `tier ${group.tier}`];
  if (glance.clusters.length > 1) owner.push(group.cluster);
  return owner.filter((word) => word !== null).join(' · ');
}

/** Loss, drain, and how far behind: in time where the owner promised a time, else in records. */
export function clocksOf(group: GroupSummary): Clock[] {
  const loss = lossFigure(group);
  return [
    { ...loss, label: lossLabel(group) },
    drainClock(group),
    group.sloLagSeconds === null ? unreadClock(group) : behindClock(group),
  ];
}

function lossLabel(group: GroupSummary): string {
  if (group.outlook === 'losing') return 'losing unread records';
  const earliest = group.timeToLossEarliestSeconds;
  if (earliest === null) return group.unknown.timeToLossEarliestSeconds === undefined ? 'ahead' : 'to loss';
  if (group.outlook === 'drains-before-loss') return 'to loss, drains before';
  return `to loss (${[byWords(group.lossBy), spanWords(earliest, group.timeToLossLatestSeconds)].filter(Boolean).join(', ')})`;
}

/** A word is not a time: what stands beneath it says what is steady, or caught up. */
function drainClock(group: GroupSummary): Clock {
  const figure = drainFigure(group);
  const labels: Readonly<Record<string, string>> = {
    steady: 'neither gains nor falls behind',
    'caught up': 'nothing to drain',
    'not draining': 'does not gain on the writers',
  };
  return { ...figure, label: labels[figure.text] ?? 'to drain' };
}

function unreadClock(group: GroupSummary): Clock {
  const why = whyUnknown(group, 'lag');
  if (group.lag === null) {
    return {
      text: 'not known',
      label: 'records unread',
      title: `Lag is not known${why ? `: ${why}` : ''}.`,
      tone: 'unknown',
    };
  }
  return {
    text: countWords(group.lag),
    label: 'records unread',
    title: `${grouped(group.lag)} records: end offsets minus committed offsets, summed over ${plural(group.partitions, 'partition')}.`,
    tone: 'plain',
  };
}

function behindClock(group: GroupSummary): Clock {
  const figure = behindFigure({
    seconds: group.maxTimeLagSeconds,
    sloSeconds: group.sloLagSeconds,
    why: whyUnknown(group, 'maxTimeLagSeconds'),
  });
  return { ...figure, label: `behind, SLO ${durationWords(group.sloLagSeconds!)}` };
}

function noteOf(findings: readonly Finding[], all: readonly Finding[]): string {
  if (findings.some((finding) => finding.held)) return 'last known: cannot be read now';
  const ids = new Set(findings.map((finding) => finding.id));
  const explained = all.filter((finding) => finding.cause !== null && ids.has(finding.cause.id)).length;
  if (explained > 0) return `explains ${explained}`;
  return findings.length > 1 ? `${findings.length} findings` : '';
}

/** A card for what is no group's: all findings of one code on one cluster. */
function clusterCard(findings: readonly Finding[], glance: Glance): Card {
  const worst = worstOf(findings)!;
  const since = sinceWords(Math.min(...findings.map((finding) => finding.sinceMs)), glance.nowMs);
  const title =
    findings.length === 1
      ? subjectWords(worst)
      : `${plural(findings.length, nounOf(worst))} ${codeWords(worst.code, findings.length)}`;
  const card = {
    key: `${worst.cluster}\n${worst.code}`,
    tone: severityTone(worst.severity),
    title,
    owner: [teamsOf(findings), title === worst.cluster ? '' : worst.cluster].filter(Boolean).join(' · '),
    verdict: findings.length === 1 ? worst.summary : `${placesWords(findings)}.`,
    since,
    clocks: [],
    note: noteOf(findings, glance.findings),
    whyHref: formatAddress(whyAddress(findings)),
    deadlineSeconds: worst.severity === 'critical' ? 0 : Number.POSITIVE_INFINITY,
  };
  return { ...card, copyText: clusterText(card) };
}

/** The topic, where it is about one alone; else its cluster. */
function whyAddress(findings: readonly Finding[]): Address {
  const { cluster, topic } = findings[0]!;
  const isOne = topic !== undefined && findings.every((finding) => finding.topic === topic);
  return isOne ? topicAddress(cluster, topic) : { ...home, view: 'cluster', cluster };
}

function teamsOf(findings: readonly Finding[]): string {
  const teams = new Set(findings.map(({ team }) => team).filter((team) => team !== undefined));
  return [...teams].join(', ');
}

function nounOf(finding: Finding): string {
  if (finding.partition !== undefined) return 'partition';
  if (finding.topic !== undefined) return 'topic';
  if (finding.logDir !== undefined) return 'disk';
  return finding.collector === undefined ? 'broker' : 'collector';
}

/** `payments 1, 5, 9; orders 2`: numbers by topic, the first few of each. */
function placesWords(findings: readonly Finding[]): string {
  const byTopic = Map.groupBy(findings, (finding) => finding.topic ?? '');
  const places = [...byTopic].map(([topic, those]) => {
    if (those.some((finding) => finding.partition === undefined)) return firstFew(those.map(subjectWords), '; ');
    return `${topic} ${firstFew(
      those.map((finding) => String(finding.partition)),
      ', ',
    )}`;
  });
  return firstFew(places, '; ');
}

function firstFew(names: readonly string[], separator: string): string {
  const shown = names.slice(0, 5).join(separator);
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
