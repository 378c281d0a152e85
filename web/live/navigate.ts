import { useEffect, useState } from 'preact/hooks';
import { type Address, formatAddress, parseAddress } from '../model/address.ts';

const moved = 'tidemark:moved';

/** The page's address, anew whenever it changes by a link, a control, or the browser's own buttons. */
export function useAddress(): Address {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const leaving = new AbortController();
    const read = () => setSearch(location.search);
    addEventListener('popstate', read, { signal: leaving.signal });
    addEventListener(moved, read, { signal: leaving.signal });
    document.addEventListener('click', followLink, { signal: leaving.signal });
    return () => leaving.abort();
  }, []);
  return parseAddress(search);
}

/** Goes to another view: a new entry of the browser's history, read from its top. */
export function goTo(address: string): void {
  history.pushState(null, '', address);
  dispatchEvent(new Event(moved));
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Changes what this view shows (filter, order, page): the same entry, scroll and focus stay. */
export function refine(address: Address): void {
  history.replaceState(null, '', formatAddress(address));
  dispatchEvent(new Event(moved));
}

/** Links within the page change the view without a reload; with a modifier key they stay the browser's. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.target instanceof Element ? event.target.closest('a[href^="?"]') : null;
  const address = link?.getAttribute('href');
  if (!address) return;
  event.preventDefault();
  goTo(address);
}
