import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings, type FindingSettings } from '../../../../src/evaluators/index.ts';
import type { Verdict } from '../../../../src/evaluators/rule.ts';

/** A verdict in two words: `raise critical`, `clear recovered`, `unknown stale`; or `building`. */
type Said = `${'raise' | 'clear' | 'unknown'} ${string}` | 'building' | 'building clears';

/** One line of a table: the reason why, the row's difference to a healthy one, and what the rule must say. */
export type Line<Over> = readonly [because: string, over: Over, said: Said];

interface Judging {
  code: keyof FindingSettings & string;
  severity: string;
  judge(row: never, thresholds: never): Verdict;
}

/** Tests a rule by a table, with the thresholds that stand in the defaults. */
export function testRule<Over, Row>(rule: Judging, makeRow: (over: Over) => Row, table: readonly Line<Over>[]): void {
  for (const [because, over, said] of table) {
    test(`${rule.code}: ${said}: ${because}`, () => assert.equal(sayOf(rule, makeRow(over)), said));
  }
}

/** What a rule raises; fails the test where it does not. */
export function raisedBy(rule: Judging, row: unknown) {
  const verdict = verdictOf(rule, row);
  assert.equal(verdict.is, 'raise');
  return verdict as Extract<Verdict, { is: 'raise' }>;
}

function sayOf(rule: Judging, row: unknown): string {
  const verdict = verdictOf(rule, row);
  if (verdict.is === 'building') return verdict.clears ? 'building clears' : 'building';
  return verdict.is === 'raise' ? `raise ${verdict.severity ?? rule.severity}` : `${verdict.is} ${verdict.reason}`;
}

function verdictOf(rule: Judging, row: unknown): Verdict {
  return rule.judge(row as never, defaultFindingSettings()[rule.code] as never);
}
