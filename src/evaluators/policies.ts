import { globMatcher } from '../model/glob.ts';
import type { Policy } from '../model/policy.ts';

const neutral = {
  match: {},
  isolationLevel: 'read_uncommitted',
  sloSeverity: 'warning',
  lossPageSeconds: 14_400,
  mute: [],
  labels: {},
} as const satisfies Record<keyof Pick<Policy, 'match' | 'isolationLevel' | 'lossPageSeconds' | 'labels'>, unknown> &
  Partial<Record<keyof Policy, unknown>>;

/** Groups of the console consumer come and go with somebody's terminal. */
const consoleConsumers: Policy = { ...neutral, match: { group: 'console-consumer-*' }, mute: ['all'] };
const everybody: Policy = { ...neutral, mute: [] };

/** The policy of a group, a topic, or a group on a topic. Without a group or topic, a match that asks for one does not fit. */
export type PolicyMatcher = (cluster: string, groupId?: string, topic?: string) => Policy;

/** Compiles the configured list, with the built-in policies around it. The first match wins; all given fields must match. */
export function createPolicyMatcher(configured: readonly Policy[]): PolicyMatcher {
  const compiled = [consoleConsumers, ...configured, everybody].map((policy) => ({
    policy,
    cluster: fieldMatcher(policy.match.cluster),
    group: fieldMatcher(policy.match.group),
    topic: fieldMatcher(policy.match.topic),
  }));
  return (cluster, groupId, topic) => {
    const found = compiled.find((entry) => entry.cluster(cluster) && entry.group(groupId) && entry.topic(topic));
    return found?.policy ?? everybody;
  };
}

function fieldMatcher(pattern: string | undefined): (name: string | undefined) => boolean {
  if (pattern === undefined) return () => true;
  const matches = globMatcher(pattern);
  return (name) => name !== undefined && matches(name);
}

/** Whether the owner does not want to be told of this code. */
export function isMuted(policy: Policy, code: string): boolean {
  return policy.mute.includes(code) || policy.mute.includes('all');
}
