import { useEffect, useState } from 'preact/hooks';

/** The last answer of one address of the API, and how asking goes. Paths are relative, so that a prefix before the page works. */
export interface Polled<Answer> {
  /** The last good answer; kept while asking fails, since old numbers with their age beat none. */
  answer: Answer | null;
  receivedAtMs: number | null;
  /** A sentence while asking fails. */
  problem: string | null;
}

const nothing: Polled<never> = { answer: null, receivedAtMs: null, problem: null };
const askAtMostMs = 10_000;

/**
 * Asks `path` now and again every `everyMs`, one request at a time; rests while the tab is hidden and asks at once when it is
 * seen again. Null asks nothing. `identity` names what the answer is about: as long as it stays, the old answer stands until that
 * of a changed path comes (paging, sorting, a span that moves on); when it changes, the old one is gone at once.
 */
export function usePolled<Answer>(path: string | null, everyMs: number, identity = path): Polled<Answer> {
  const [held, setHeld] = useState<{ identity: string | null; polled: Polled<Answer> }>({ identity, polled: nothing });
  useEffect(() => {
    if (path === null) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    const ask = async () => {
      if (asking || document.hidden) return;
      asking = true;
      clearTimeout(timer);
      const outcome = await askOnce<Answer>(path, leaving.signal);
      asking = false;
      if (leaving.signal.aborted) return;
      setHeld((before) => ({
        identity,
        polled: { ...(before.identity === identity ? before.polled : nothing), ...outcome },
      }));
      timer = setTimeout(ask, everyMs);
    };
    document.addEventListener('visibilitychange', ask, { signal: leaving.signal });
    ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, identity]);
  return held.identity === identity ? held.polled : nothing;
}

async function askOnce<Answer>(path: string, leaving: AbortSignal): Promise<Partial<Polled<Answer>>> {
  try {
    const response = await fetch(path, { signal: AbortSignal.any([leaving, AbortSignal.timeout(askAtMostMs)]) });
    const body = await response.json();
    if (!response.ok) return { problem: body.error?.message ?? body.message ?? `${path} answered ${response.status}.` };
    return { answer: body, receivedAtMs: Date.now(), problem: null };
  } catch {
    return { problem: 'tidemark does not answer.' };
  }
}
