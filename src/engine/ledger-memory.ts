import type { Hysteresis } from '../evaluators/rule.ts';
import type { Finding } from '../model/finding.ts';
import type { OpenFindingMemory } from '../model/report.ts';
import { subjectOf } from './finding-id.ts';
import type { JudgeMemory } from './judge.ts';
import { type Followed, type Ledger, type LedgerRule, ledgerKey, type Moment } from './ledger.ts';

/** What must outlive the process: the open findings with their streaks. A condition that is no finding yet begins anew. */
export function rememberLedger(ledger: Ledger, { monotonicMs }: { monotonicMs: number }): OpenFindingMemory[] {
  const memory: OpenFindingMemory[] = [];
  for (const { finding, toldAtMs, metAtMs, heldSinceMs, since, clearPolls } of ledger.values()) {
    if (finding === null || since === null) continue;
    const openMs = monotonicMs - since.monotonicMs;
    memory.push({ finding, lastSeenMs: toldAtMs, lastMetMs: metAtMs, heldSinceMs, openMs, clearPolls });
  }
  return memory;
}

/** The rule of a finding, and its hysteresis. */
export type RuleOf = (finding: Finding) => { rule: LedgerRule; hysteresis: Hysteresis };

/**
 * The ledger that goes on at `moment`, where the monotonic clock may count from elsewhere. The time away makes findings older, but
 * no hold run out: nobody was there who could have read anything.
 */
export function restoreLedger(memory: JudgeMemory, moment: Moment, ruleOf: RuleOf): Ledger {
  const awayMs = Math.max(0, moment.atMs - memory.atMs);
  const ledger = new Map<string, Followed>();
  for (const { finding, lastSeenMs, lastMetMs, heldSinceMs, openMs, clearPolls } of memory.findings) {
    const subject = subjectOf(finding);
    const key = ledgerKey(finding.code, subject);
    ledger.set(key, {
      key,
      ...ruleOf(finding),
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
      finding,
    });
  }
  return ledger;
}
