import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** Give up after this long (default 90 s). A generous bound: it decides when a test fails, never when it passes. */
  readonly withinMs?: number;
  /** Pause between two tries (default 100 ms). */
  readonly everyMs?: number;
  /** Ends the wait early, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Asks `condition` again and again until it answers with something truthy, and returns that.
 * The only place in test/ that waits for time to pass: everything else waits for a condition.
 * An exception counts as "not yet"; the last one is the cause of the final error.
 *
 * @param what the condition in words, as in "until <what>": the error message names it
 * @throws Error when `withinMs` have passed
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<NonNullable<T>> {
  const { withinMs = 90_000, everyMs = 100, signal } = options;
  const deadline = performance.now() + withinMs;
  let last: unknown;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const answer = await condition();
      if (answer) return answer;
      last = answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      const seen = cause === undefined ? `last answer: ${JSON.stringify(last)}` : `last error: ${String(cause)}`;
      throw new Error(`waited ${withinMs} ms until ${what}; ${seen}`, { cause });
    }
    await pause(everyMs, undefined, signal ? { signal } : {});
  }
}
