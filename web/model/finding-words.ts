import type { Finding } from './answers.ts';
import { severityRank } from './codes.ts';
import { durationWords } from './words.ts';

/** Findings in their order, each that is explained right beneath its cause where that is in the list: causes have causes too. */
export function indentedByCause(findings: readonly Finding[]): { finding: Finding; depth: number }[] {
  const ids = new Set(findings.map((finding) => finding.id));
  const isBeneath = (finding: Finding) => finding.cause !== null && ids.has(finding.cause.id);
  const withThoseBeneath = (finding: Finding, depth: number): { finding: Finding; depth: number }[] => [
    { finding, depth },
    ...findings.filter(({ cause }) => cause?.id === finding.id).flatMap((other) => withThoseBeneath(other, depth + 1)),
  ];
  return findings.filter((finding) => !isBeneath(finding)).flatMap((finding) => withThoseBeneath(finding, 0));
}

/** One finding of the list, with those that say the same of other partitions of the topic. */
export interface FoldedFinding {
  finding: Finding;
  depth: number;
  alike: readonly Finding[];
}

/** From so many alike on they stand once: a group that loses on a hundred partitions must not hide its evidence behind a hundred lines. */
const alikeLeast = 3;

/** Findings by cause, with those of one code on several partitions of one topic folded into the first of them. */
export function foldedFindings(findings: readonly Finding[]): FoldedFinding[] {
  const entries = indentedByCause(findings);
  const byKind = Map.groupBy(entries, kindOf);
  return entries.flatMap((entry) => {
    const kind = byKind.get(kindOf(entry))!;
    if (kind.length < alikeLeast) return [{ ...entry, alike: [] }];
    return kind[0] === entry ? [{ ...entry, alike: kind.slice(1).map(({ finding }) => finding) }] : [];
  });
}

function kindOf({ finding, depth }: { finding: Finding; depth: number }): string {
  const { id, code, severity, groupId, topic, partition, held, muted } = finding;
  return partition === undefined ? id : [depth, code, severity, groupId, topic, held, muted].join('\n');
}

/** The most severe, of those the oldest; undefined of none. */
export function worstOf<F extends Pick<Finding, 'severity' | 'sinceMs'>>(findings: readonly F[]): F | undefined {
  return findings.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || a.sinceMs - b.sinceMs)[0];
}

/** `orders, partition 3`, `broker 2`, or the cluster itself. */
export function subjectWords(
  finding: Pick<Finding, 'groupId' | 'topic' | 'partition' | 'brokerId' | 'logDir' | 'collector' | 'cluster'>,
): string {
  const named = [
    finding.groupId,
    finding.topic,
    finding.partition === undefined ? undefined : `partition ${finding.partition}`,
    finding.brokerId === undefined ? undefined : `broker ${finding.brokerId}`,
    finding.logDir === undefined ? undefined : `log directory ${finding.logDir}`,
    finding.collector === undefined ? undefined : `collector ${finding.collector}`,
  ].filter((word) => word !== undefined);
  return named.length === 0 ? finding.cluster : named.join(', ');
}

/** The numbers that the judgement can be redone with, a line each. */
export function evidenceText(evidence: Finding['evidence']): string {
  const lines = linesOf('', evidence);
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** What lies inside another value is named by its path: `config.retentionMs`, `worst[0].lag`. */
function linesOf(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[name, scalarText(name, value)]];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => linesOf(name === '' ? key : `${name}.${key}`, inner));
  }
  if (value.length === 0) return [[name, 'none']];
  if (value.every((one) => typeof one === 'number' || isWord(one))) return [[name, value.join(', ')]];
  return value.flatMap((inner, index) => linesOf(`${name}[${index}]`, inner));
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && !value.includes(' ');
}

/** Moments as ISO time; durations stay exact, with what a reader makes of them. */
function scalarText(name: string, value: unknown): string {
  if (value === null) return 'none';
  if (typeof value !== 'number') return String(value);
  if (isMoment(name, value)) return new Date(value).toISOString();
  const seconds = name.endsWith('Seconds') ? value : name.endsWith('Ms') ? value / 1000 : null;
  const exact = String(Math.round(value * 1000) / 1000);
  return seconds === null || seconds < 60 ? exact : `${exact} (${durationWords(seconds)})`;
}

/** By its name too: a retention may be as long as the time since 1970. */
function isMoment(name: string, value: number): boolean {
  return /(\b(at|from|to|since)|At|Since)Ms$/.test(name) && value > Date.UTC(2000) && value < Date.UTC(2200);
}
