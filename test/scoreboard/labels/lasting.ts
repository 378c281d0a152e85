/** For how long something has been so of each, ms; 0 where it is not. */
export function lasting<K>(): (of: K, isSo: boolean, nowMs: number) => number {
  const since = new Map<K, number>();
  return (of, isSo, nowMs) => {
    if (!isSo) {
      since.delete(of);
      return 0;
    }
    const begun = since.get(of) ?? nowMs;
    since.set(of, begun);
    return nowMs - begun;
  };
}
