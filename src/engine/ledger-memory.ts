import { isMuted } from '../evaluators/policies.ts';
import type { Hysteresis } from '../evaluators/rule.ts';
import type { ConditionMemory, OpenFindingMemory } from '../model/engine-memory.ts';
import type { Finding, FindingSubject } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import { subjectOf } from './finding-id.ts';
import type { JudgeMemory } from './judge.ts';
import { type Followed, type Ledger, type LedgerRule, ledgerKey, type Moment, ownerOf } from './ledger.ts';
import type { SettingsKey } from './settings-key.ts';

/** What must outlive the process: the open findings with their streaks. */
export function rememberLedger(ledger: Ledger, { monotonicMs }: { monotonicMs: number }): OpenFindingMemory[] {
  const memory: OpenFindingMemory[] = [];
  for (const { finding, toldAtMs, metAtMs, heldSinceMs, since, clearPolls, judgedBy } of ledger.values()) {
    if (finding === null || since === null) continue;
    const openMs = monotonicMs - since.monotonicMs;
    const streaks = { lastSeenMs: toldAtMs, lastMetMs: metAtMs, heldSinceMs, openMs, clearPolls };
    memory.push({ finding, ...streaks, ...(judgedBy !== null && { judgedBy }) });
  }
  return memory;
}

/** Conditions that are no findings yet: after a short restart their streaks go on. */
export function rememberConditions(ledger: Ledger, { monotonicMs }: { monotonicMs: number }): ConditionMemory[] {
  const memory: ConditionMemory[] = [];
  for (const { finding, rule, subject, streakPolls, streakMonotonicMs, since, toldAtMs } of ledger.values()) {
    if (finding !== null) continue;
    const whole = since === null ? null : { atMs: since.atMs, agoMs: monotonicMs - since.monotonicMs };
    const streakMs = monotonicMs - streakMonotonicMs;
    memory.push({ code: rule.code, subject, streakPolls, streakMs, since: whole, lastSeenMs: toldAtMs });
  }
  return memory;
}

/** What the settings say of findings that an earlier process raised. */
export interface RestoreSettings {
  /** The rule of a finding, and its hysteresis. */
  ruleOf: (finding: Finding) => { rule: LedgerRule; hysteresis: Hysteresis };
  /** The rule of a code and its hysteresis; null: there is none any more. */
  conditionRuleOf: (code: string) => { rule: LedgerRule; hysteresis: Hysteresis } | null;
  policyOf: (finding: Finding) => Policy | null;
  settingsKey: SettingsKey;
  /** Whether groups and topics are watched. */
  isWatched: (subject: FindingSubject) => boolean;
}

/**
 * The ledger that goes on at `moment`, where the monotonic clock may count from elsewhere. The time away makes findings older, but
 * no hold run out: nobody was there who could have read anything. Findings belong at once to whom the policies say now; those that
 * the settings no longer ask for are marked.
 */
export function restoreLedger(memory: JudgeMemory, moment: Moment, settings: RestoreSettings): Ledger {
  const awayMs = Math.max(0, moment.atMs - memory.atMs);
  const ledger = new Map<string, Followed>();
  for (const { finding, lastSeenMs, lastMetMs, heldSinceMs, openMs, clearPolls, judgedBy = null } of memory.findings) {
    const subject = subjectOf(finding);
    const key = ledgerKey(finding.code, subject);
    ledger.set(key, {
      key,
      ...settings.ruleOf(finding),
      subject,
      streakPolls: 1,
      streakMonotonicMs: moment.monotonicMs,
      since: { atMs: finding.sinceMs, monotonicMs: moment.monotonicMs - awayMs - openMs },
      metAtMs: lastMetMs,
      metMonotonicMs: moment.monotonicMs - awayMs - Math.max(0, memory.atMs - lastMetMs),
      toldAtMs: lastSeenMs,
      toldMonotonicMs: moment.monotonicMs - Math.max(0, memory.atMs - lastSeenMs),
      heldSinceMs,
      clearPolls,
      milderPolls: 0,
      judgedBy,
      settingsChange: settingsChange(finding, judgedBy, settings),
      finding: { ...withoutOwner(finding), ...ownerOf(settings.policyOf(finding)) },
    });
  }
  for (const condition of memory.conditions ?? []) {
    const followed = restoreCondition(condition, awayMs, memory.atMs, moment, settings);
    if (followed !== null) ledger.set(followed.key, followed);
  }
  return ledger;
}

function restoreCondition(
  { code, subject, streakPolls, streakMs, since, lastSeenMs }: ConditionMemory,
  awayMs: number,
  rememberedAtMs: number,
  { monotonicMs }: Moment,
  { conditionRuleOf }: RestoreSettings,
): Followed | null {
  const known = conditionRuleOf(code);
  if (known === null) return null;
  // The time away counts: a streak with a hole in it is two.
  const agoMs = (ms: number) => monotonicMs - awayMs - ms;
  const told = { atMs: lastSeenMs, monotonicMs: agoMs(Math.max(0, rememberedAtMs - lastSeenMs)) };
  return {
    key: ledgerKey(code, subject),
    ...known,
    subject,
    streakPolls,
    streakMonotonicMs: agoMs(streakMs),
    since: since === null ? null : { atMs: since.atMs, monotonicMs: agoMs(since.agoMs) },
    metAtMs: told.atMs,
    metMonotonicMs: told.monotonicMs,
    toldAtMs: told.atMs,
    toldMonotonicMs: told.monotonicMs,
    heldSinceMs: null,
    clearPolls: 0,
    milderPolls: 0,
    judgedBy: null,
    settingsChange: 'none',
    finding: null,
  };
}

function settingsChange(
  finding: Finding,
  judgedBy: string | null,
  settings: RestoreSettings,
): Followed['settingsChange'] {
  const policy = settings.policyOf(finding);
  const isNewlyMuted = finding.muted !== true && policy !== null && isMuted(policy, finding.code);
  if (isNewlyMuted || !settings.isWatched(subjectOf(finding))) return 'not-wanted';
  const { hysteresis } = settings.ruleOf(finding);
  return judgedBy !== null && judgedBy !== settings.settingsKey(hysteresis, policy) ? 'may-end-it' : 'none';
}

function withoutOwner({ team: _team, tier: _tier, labels: _labels, ...finding }: Finding): Finding {
  return finding;
}
