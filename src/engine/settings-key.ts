import type { Hysteresis } from '../evaluators/rule.ts';
import type { Policy } from '../model/policy.ts';
import { stableHash } from './finding-id.ts';

/** What a finding was judged by, as a short string. */
export type SettingsKey = (thresholds: Hysteresis, policy: Policy | null) => string;

/**
 * Names what judgements rest on: the thresholds of the rule, what the owner says that bears on judgement, and the settings of the
 * measures. Where a finding comes back from the store under another name, the settings changed in between.
 */
export function settingsKeys(measures: object): SettingsKey {
  const measured = canonical(measures);
  // Thousands of findings share a few objects.
  const byThresholds = new WeakMap<Hysteresis, Map<Policy | null, string>>();
  return (thresholds, policy) => {
    const byPolicy = byThresholds.get(thresholds) ?? new Map<Policy | null, string>();
    byThresholds.set(thresholds, byPolicy);
    const known = byPolicy.get(policy);
    if (known !== undefined) return known;
    const owner = policy === null ? '' : canonical(bearingOnJudgement(policy));
    const key = stableHash([measured, canonical(thresholds), owner].join('\0'));
    byPolicy.set(policy, key);
    return key;
  };
}

/** Whom a finding belongs to, and what it is matched by, changes nothing about whether it holds. */
function bearingOnJudgement(policy: Policy): Omit<Policy, 'match' | 'team' | 'tier' | 'labels' | 'mute'> {
  const { match: _match, team: _team, tier: _tier, labels: _labels, mute: _mute, ...bearing } = policy;
  return bearing;
}

/** JSON with keys in order: a settings file may hold them in any. */
function canonical(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
