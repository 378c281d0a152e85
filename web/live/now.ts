import { useEffect, useState } from 'preact/hooks';

/** The wall clock, read again every second while the component is on the page: ages count up between two answers. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
