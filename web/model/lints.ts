/** Advice on how topics are set up: one line a code, however many topics it is about. */
import type { Finding } from './answers.ts';
import { codeWords, lintCodes } from './codes.ts';
import { plural } from './words.ts';

export interface LintLine {
  code: string;
  /** `12 topics have a single replica` */
  heading: string;
  /** What was found of each topic. */
  summaries: readonly string[];
}

/** Those that no policy mutes, in the order of `lintCodes`. */
export function lintLines(findings: readonly Finding[]): LintLine[] {
  const byCode = Map.groupBy(
    findings.filter(({ muted }) => muted !== true),
    ({ code }) => code,
  );
  return [...lintCodes].flatMap((code) => {
    const found = byCode.get(code);
    if (found === undefined) return [];
    const heading = `${plural(found.length, 'topic')} ${codeWords(code, found.length)}`;
    return [{ code, heading, summaries: found.map(({ summary }) => summary).toSorted() }];
  });
}

export function isLint({ code }: Pick<Finding, 'code'>): boolean {
  return lintCodes.has(code);
}
