/** Tells whether a name fits a pattern: `*` stands for any run of characters, `?` for one; all else is literal, case counts. */
export function globMatcher(pattern: string): (name: string) => boolean {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const literal = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  // `*+` would backtrack just as `*` does: runs of stars are one star, which keeps matching fast.
  const source = literal.replace(/\*+/g, '.*').replaceAll('?', '.');
  const regExp = new RegExp(`^${source}$`, 's');
  return (name) => regExp.test(name);
}

/** Tells whether a name fits at least one of the patterns. */
export function anyGlobMatcher(patterns: readonly string[]): (name: string) => boolean {
  const matchers = patterns.map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}
