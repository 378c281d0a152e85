import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Duration } from '../model/duration.ts';
import type { Rule } from './rule.ts';
import { collectorFailing } from './rules/collector-failing.ts';

/** Every kind of finding that tidemark knows. To add one: its file, and a line here. */
export const rules = [collectorFailing] as const satisfies readonly Rule[];

const thresholdSections = Object.fromEntries(rules.map((rule) => [rule.code, rule.thresholds])) as {
  [R in (typeof rules)[number] as R['code']]: R['thresholds'];
};

/** The section `findings` of the config: how long a finding without data is held, and each rule's thresholds by its code. */
export const FindingSettings = Type.Object({
  holdFindings: Duration('1h', 'how long a finding stays raised without data, from the last data that told'),
  ...thresholdSections,
});
export type FindingSettings = Static<typeof FindingSettings>;

/** All thresholds as they are where nothing is configured. */
export function defaultFindingSettings(): FindingSettings {
  return Value.Create(FindingSettings);
}
