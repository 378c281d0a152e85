import { setTimeout as sleep } from 'node:timers/promises';
import { TidemarkError } from '../../model/errors.ts';

/**
 * The promise, or a TidemarkError upstream.timeout as soon as the signal fires. What the promise stands for goes on unseen.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(overdue());
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  // Whoever loses the race is still a promise that may reject.
  promise.catch(() => {});
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits that long; ends early with upstream.timeout when the signal fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw overdue();
  }
}

function overdue(): TidemarkError {
  return new TidemarkError('upstream.timeout', "the broker's answer did not come before the collector's time was over");
}
