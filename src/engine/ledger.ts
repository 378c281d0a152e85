/**
 * The only code with memory of findings. Pure: what is followed and this poll's verdicts in, what is followed and the transitions
 * out. A condition is followed from the first poll that shows it; it is a finding once it has lasted; a finding ends by evidence,
 * or when nothing could be read for so long that holding on to it would mislead.
 */

import { isMuted } from '../evaluators/policies.ts';
import type { Building, Clear, Evidence, Hysteresis, Raise, Rule, Unknown, Verdict } from '../evaluators/rule.ts';
import type { ClearReason, Finding, FindingSubject, Severity, Transition } from '../model/finding.ts';
import { severityRank } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import { findingId, subjectKey, subjectOf } from './finding-id.ts';
import type { SettingsKey } from './settings-key.ts';

/** What the ledger needs to know of a rule. */
export type LedgerRule = Pick<Rule, 'code' | 'severity' | 'supersededBy' | 'renew' | 'summary'>;

/** One rule's verdict on one subject in this poll. */
export interface Judged {
  /** ledgerKey of code and subject: made once, for it is looked up often. */
  key: string;
  rule: LedgerRule;
  hysteresis: Hysteresis;
  subject: FindingSubject;
  /** null: no policy speaks of such a subject. */
  policy: Policy | null;
  verdict: Verdict;
}

/** A condition that was seen, and since when; with a finding once it has lasted. Monotonic times measure, wall times are shown. */
export interface Followed {
  key: string;
  rule: LedgerRule;
  hysteresis: Hysteresis;
  subject: FindingSubject;
  /** The streak: polls in a row that showed the condition whole or building. */
  streakPolls: number;
  streakMonotonicMs: number;
  /** The first poll that showed it whole; null: none yet. */
  since: { atMs: number; monotonicMs: number } | null;
  metAtMs: number;
  metMonotonicMs: number;
  /** The last poll whose data told whether it holds. */
  toldAtMs: number;
  toldMonotonicMs: number;
  heldSinceMs: number | null;
  /** Polls in a row that no longer showed it, and that showed it less severe. */
  clearPolls: number;
  milderPolls: number;
  /** Names the settings that it was judged by; null: not known. */
  judgedBy: string | null;
  /** What a restart under other settings means for its finding: they may end it, or they no longer ask for it. */
  settingsChange: 'none' | 'may-end-it' | 'not-wanted';
  finding: Finding | null;
}

/** What is followed, by code and subject. */
export type Ledger = ReadonlyMap<string, Followed>;

export interface Moment {
  cluster: string;
  clusterId: string | null;
  atMs: number;
  monotonicMs: number;
}

export interface LedgerSettings {
  /** A condition that nothing was heard of for longer begins anew, ms. */
  staleMs: number;
  holdFindingsMs: number;
  /** The rule of the finding that lists what a hold's end has cleared. */
  dataMissing: { rule: LedgerRule; hysteresis: Hysteresis; policyOf: (cluster: string) => Policy | null };
  settingsKey: SettingsKey;
  /** Gives the open findings their causes. */
  explain: (findings: readonly Finding[]) => readonly Finding[];
}

export interface LedgerStep {
  ledger: Ledger;
  transitions: readonly Transition[];
}

interface Expiry {
  collector: string;
  finding: Finding;
}

export function ledgerKey(code: string, subject: FindingSubject): string {
  return `${code}\0${subjectKey(subject)}`;
}

/** One poll. What is followed and has no verdict stays as it is. */
export function advanceLedger(
  before: Ledger,
  judged: readonly Judged[],
  moment: Moment,
  settings: LedgerSettings,
): LedgerStep {
  const after = new Map(before);
  for (const one of judged) {
    const followed = after.get(one.key);
    if (one.verdict.is === 'raise') after.set(one.key, met(followed, one, one.verdict, moment, settings));
    else if (isBuilding(one.verdict, followed)) after.set(one.key, goneOn(followed, one, moment, settings));
  }
  const open = openSubjects(after);
  const cleared: Transition[] = [];
  const expired: Expiry[] = [];
  for (const one of judged) {
    const followed = after.get(one.key);
    if (one.verdict.is === 'raise' || followed === undefined || isBuilding(one.verdict, followed)) continue;
    const next = unmet(followed, asAnswer(one.verdict), open, moment, settings);
    if (typeof next !== 'string') {
      after.set(one.key, next);
      continue;
    }
    after.delete(one.key);
    if (followed.finding === null || next === 'dropped') continue;
    cleared.push(clearedTransition(followed.finding, lastedMs(followed, moment), next, moment));
    if (next === 'hold-expired' && followed.finding.muted !== true)
      expired.push({ collector: missingCollector(one.verdict), finding: followed.finding });
  }
  for (const verdict of missingData(expired, moment)) {
    const key = ledgerKey(settings.dataMissing.rule.code, verdict.subject);
    const { rule, hysteresis, policyOf } = settings.dataMissing;
    const one: Judged = { key, rule, hysteresis, policy: policyOf(moment.cluster), ...verdict };
    after.set(key, met(after.get(key), one, verdict.verdict, moment, settings));
  }
  giveCauses(after, settings.explain);
  return { ledger: after, transitions: [...cleared, ...risenAndChanged(before, after, moment)] };
}

/** The open findings, worst first; the longest open first among equals. */
export function openFindings(ledger: Ledger): Finding[] {
  const findings: Finding[] = [];
  for (const { finding } of ledger.values()) if (finding !== null) findings.push(finding);
  return findings.sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || a.sinceMs - b.sinceMs || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Whether the verdict only carries a streak on. */
function isBuilding(verdict: Verdict, followed: Followed | undefined): verdict is Building {
  return verdict.is === 'building' && (followed?.finding ?? null) === null;
}

/** What it is to an open finding. */
function asAnswer(verdict: Building | Clear | Unknown): Clear | Unknown {
  if (verdict.is !== 'building') return verdict;
  const config = verdict.config === undefined ? {} : { config: verdict.config };
  return verdict.clears ? { is: 'clear', reason: 'recovered', ...config } : { is: 'unknown', reason: 'near-the-edge' };
}

/** The streak, one poll longer. */
function goneOn(before: Followed | undefined, judged: Judged, moment: Moment, settings: LedgerSettings): Followed {
  const { atMs, monotonicMs } = moment;
  const { key, rule, hysteresis, subject, policy } = judged;
  // A streak with a hole in it is two: what nobody saw may have been well in between.
  const goesOn =
    before !== undefined && (before.finding !== null || monotonicMs - before.toldMonotonicMs <= settings.staleMs);
  return {
    ...{ key, rule, hysteresis, subject },
    streakPolls: goesOn ? before.streakPolls + 1 : 1,
    streakMonotonicMs: goesOn ? before.streakMonotonicMs : monotonicMs,
    since: goesOn ? before.since : null,
    metAtMs: atMs,
    metMonotonicMs: monotonicMs,
    toldAtMs: atMs,
    toldMonotonicMs: monotonicMs,
    heldSinceMs: null,
    clearPolls: 0,
    milderPolls: 0,
    judgedBy: settings.settingsKey(hysteresis, policy),
    settingsChange: 'none',
    finding: goesOn ? before.finding : null,
  };
}

function met(
  before: Followed | undefined,
  judged: Judged,
  verdict: Raise,
  moment: Moment,
  settings: LedgerSettings,
): Followed {
  const { atMs, monotonicMs } = moment;
  const streak = goneOn(before, judged, moment, settings);
  const followed = { ...streak, since: streak.since ?? { atMs, monotonicMs } };
  const { raiseAfterPolls, raiseAfter } = judged.hysteresis;
  const hasLasted = followed.streakPolls >= raiseAfterPolls && monotonicMs - followed.streakMonotonicMs >= raiseAfter;
  if (followed.finding === null && !hasLasted) return followed;
  return withFinding(followed, before?.milderPolls ?? 0, judged, verdict, moment);
}

function lastedMs({ since }: Followed, { monotonicMs }: Moment): number {
  return since === null ? 0 : Math.round(Math.max(0, monotonicMs - since.monotonicMs));
}

function withFinding(
  followed: Followed & { since: { atMs: number } },
  milderPolls: number,
  judged: Judged,
  verdict: Raise,
  moment: Moment,
): Followed {
  const { rule, subject, policy } = judged;
  const open = followed.finding;
  const muted = policy !== null && isMuted(policy, rule.code);
  const wanted = muted ? 'info' : wantedSeverity(rule, verdict, lastedMs(followed, moment));
  const milder = open !== null && severityRank(wanted) < severityRank(open.severity);
  // A smaller event after a larger one does not undo it.
  const isKept = judged.hysteresis.keepFor !== undefined && !muted;
  const staysSevere = milder && (isKept || milderPolls + 1 < judged.hysteresis.clearAfterPolls);
  const evidence =
    open !== null && rule.renew !== undefined ? rule.renew(open.evidence, verdict.evidence) : verdict.evidence;
  const finding: Finding = {
    ...subject,
    id: open?.id ?? findingId(moment.clusterId ?? moment.cluster, rule.code, subject, followed.since.atMs),
    cluster: moment.cluster,
    code: rule.code,
    severity: staysSevere ? open.severity : wanted,
    sinceMs: followed.since.atMs,
    raisedAtMs: open?.raisedAtMs ?? moment.atMs,
    held: false,
    cause: open?.cause ?? null,
    ...ownerOf(policy),
    ...(muted ? { muted } : {}),
    evidence,
    summary: rule.summary(evidence, subject),
  };
  return { ...followed, milderPolls: staysSevere ? milderPolls + 1 : 0, finding };
}

/** Whose finding it is, in the words of the policy. */
export function ownerOf(policy: Policy | null): Pick<Finding, 'team' | 'tier' | 'labels'> {
  if (policy === null) return {};
  const { team, tier, labels } = policy;
  return {
    ...(team !== undefined && { team }),
    ...(tier !== undefined && { tier }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

function wantedSeverity(rule: LedgerRule, verdict: Raise, conditionMs: number): Severity {
  const { escalates } = verdict;
  if (escalates !== undefined && conditionMs >= escalates.afterMs) return escalates.to;
  return verdict.severity ?? rule.severity;
}

/** What becomes of a condition that this poll did not show: followed on, forgotten, or cleared for a reason. */
function unmet(
  followed: Followed,
  verdict: Clear | Unknown,
  open: ReadonlySet<string>,
  moment: Moment,
  settings: LedgerSettings,
): Followed | ClearReason | 'dropped' {
  const unheardMs = moment.monotonicMs - followed.toldMonotonicMs;
  if (followed.finding === null) {
    return verdict.is === 'clear' || unheardMs > settings.staleMs ? 'dropped' : followed;
  }
  const clearReason = verdict.is === 'clear' ? verdict.reason : null;
  if (clearReason !== null && clearReason !== 'recovered') return clearReason;
  if (isSuperseded(followed, open)) return 'superseded';
  return verdict.is === 'clear'
    ? recovering(followed, followed.finding, verdict, moment)
    : undecided(followed, followed.finding, verdict, unheardMs > settings.holdFindingsMs, moment);
}

function recovering(followed: Followed, finding: Finding, verdict: Clear, moment: Moment): Followed | ClearReason {
  const { keepFor, clearAfterPolls } = followed.hysteresis;
  const clearPolls = followed.clearPolls + 1;
  const kept = keepFor !== undefined && moment.monotonicMs - followed.metMonotonicMs < keepFor;
  if (!kept && clearPolls >= clearAfterPolls) {
    // An event is over by itself: no setting ends it.
    const endedBySettings = followed.settingsChange === 'may-end-it' && keepFor === undefined;
    return endedBySettings || configChanged(finding.evidence, verdict.config) ? 'config-changed' : 'recovered';
  }
  const told = { toldAtMs: moment.atMs, toldMonotonicMs: moment.monotonicMs, heldSinceMs: null };
  return { ...followed, ...told, clearPolls, finding: { ...finding, held: false } };
}

function undecided(
  followed: Followed,
  finding: Finding,
  verdict: Unknown,
  expired: boolean,
  moment: Moment,
): Followed | ClearReason {
  if (verdict.unread === undefined) {
    // The data are there, they only do not decide: nothing is held, and no hold runs out.
    const told = { toldAtMs: moment.atMs, toldMonotonicMs: moment.monotonicMs, heldSinceMs: null };
    // Nor did the settings end it, or the data would have said so.
    return { ...followed, ...told, settingsChange: 'none', finding: { ...finding, held: false } };
  }
  if (expired) return 'hold-expired';
  return { ...followed, heldSinceMs: followed.heldSinceMs ?? moment.atMs, finding: { ...finding, held: true } };
}

function configChanged(evidence: Evidence, now: Evidence | undefined): boolean {
  const before = evidence.config;
  if (now === undefined || typeof before !== 'object' || before === null) return false;
  return Object.entries(before).some(([name, value]) => now[name] !== value);
}

function missingCollector(verdict: Clear | Unknown): string {
  return verdict.is === 'unknown' ? (verdict.unread ?? 'cluster') : 'cluster';
}

/** One verdict a collector, with what was held for it. */
function missingData(expired: readonly Expiry[], moment: Moment): { subject: FindingSubject; verdict: Raise }[] {
  const collectors = [...new Set(expired.map(({ collector }) => collector))];
  return collectors.map((collector) => {
    const held = expired
      .filter((one) => one.collector === collector)
      .map(({ finding }) => ({
        id: finding.id,
        code: finding.code,
        severity: finding.severity,
        ...subjectOf(finding),
      }));
    return {
      subject: { collector },
      verdict: { is: 'raise', evidence: { collector, expiredAtMs: moment.atMs, held } },
    };
  });
}

/** Code and subject of what is open, so that a narrower finding sees the wider one that says more. */
function openSubjects(ledger: Ledger): ReadonlySet<string> {
  const subjects = new Set<string>();
  for (const { key, finding } of ledger.values()) if (finding !== null) subjects.add(key);
  return subjects;
}

function isSuperseded({ rule, subject }: Followed, open: ReadonlySet<string>): boolean {
  const group = subject.groupId === undefined ? {} : { groupId: subject.groupId };
  return (rule.supersededBy ?? []).some(
    (code) => open.has(ledgerKey(code, subject)) || open.has(ledgerKey(code, group)),
  );
}

function giveCauses(ledger: Map<string, Followed>, explain: LedgerSettings['explain']): void {
  const open = [...ledger.entries()].filter(([, { finding }]) => finding !== null);
  const explained = explain(open.map(([, { finding }]) => finding as Finding));
  for (const [index, [key, followed]] of open.entries()) {
    const finding = explained[index];
    if (finding !== undefined && finding !== followed.finding) ledger.set(key, { ...followed, finding });
  }
}

function risenAndChanged(before: Ledger, after: Ledger, { atMs }: Moment): Transition[] {
  const transitions: Transition[] = [];
  for (const [key, { finding }] of after) {
    const earlier = before.get(key)?.finding ?? null;
    if (finding === null || finding === earlier) continue;
    if (earlier === null) {
      transitions.push({ ...finding, type: 'raised', atMs });
      continue;
    }
    const changed = (['severity', 'cause', 'held'] as const).filter((field) =>
      field === 'cause' ? finding.cause?.id !== earlier.cause?.id : finding[field] !== earlier[field],
    );
    if (changed.length > 0) transitions.push({ ...finding, type: 'changed', atMs, changed });
  }
  return transitions;
}

function clearedTransition(finding: Finding, lastedMs: number, reason: ClearReason, { atMs }: Moment): Transition {
  const { id, cluster, code, severity, sinceMs } = finding;
  const subject = subjectOf(finding);
  return { ...subject, type: 'cleared', atMs, cluster, code, severity, id, sinceMs, lastedMs, reason };
}
