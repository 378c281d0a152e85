import type { Logger } from './log.ts';

/** Told of an exception at one of the four seams (a collector, a measure or rule, a route, a cycle). */
export type ReportBug = (where: string, error: unknown) => void;

/** Beyond it a bug with ever new stacks would fill the memory: it is counted, and logged no more. */
const stacksAtMost = 1_000;

/** Counts every bug, and logs each distinct stack once: a bug that comes every cycle must not fill the disk. */
export function createBugReporter(log: Logger, count: (where: string) => void): ReportBug {
  const stacks = new Set<string>();
  return (where, error) => {
    count(where);
    const stack = (error instanceof Error ? error.stack : undefined) ?? String(error);
    const key = `${where}\n${stack}`;
    if (stacks.has(key) || stacks.size >= stacksAtMost) return;
    stacks.add(key);
    log.error({ where, error }, 'tidemark met something that it should not have; please report this line');
  };
}
