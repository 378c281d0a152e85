import { type Static, Type } from 'typebox';
import { anyGlobMatcher } from '../model/glob.ts';

const Patterns = (byDefault: string[], description: string) =>
  Type.Array(Type.String(), { default: byDefault, description });

/** Which groups and topics are watched. A name is watched when an include pattern fits it and no exclude pattern does. */
export const ScopeSettings = Type.Object(
  {
    groups: Type.Object(
      {
        include: Patterns(['*'], 'groups to watch, names with * and ? as wildcards'),
        exclude: Patterns([], 'groups to leave out, although included'),
      },
      { additionalProperties: false, default: {} },
    ),
    topics: Type.Object(
      {
        include: Patterns(['*'], 'topics to watch, names with * and ? as wildcards'),
        exclude: Patterns([], 'topics to leave out, although included'),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
);
export type ScopeSettings = Static<typeof ScopeSettings>;

/** Answers whether a group or topic is watched. */
export interface Scope {
  hasGroup(groupId: string): boolean;
  hasTopic(topic: string): boolean;
}

export function createScope(settings: ScopeSettings): Scope {
  return { hasGroup: matcher(settings.groups), hasTopic: matcher(settings.topics) };
}

function matcher(patterns: { include: readonly string[]; exclude: readonly string[] }): (name: string) => boolean {
  const included = anyGlobMatcher(patterns.include);
  const excluded = anyGlobMatcher(patterns.exclude);
  return (name) => included(name) && !excluded(name);
}
