import { html } from 'htm/preact';
import { refine } from '../live/navigate.ts';
import type { Address } from '../model/address.ts';
import { pageRows } from '../model/paths.ts';
import { grouped } from '../model/words.ts';

/** Which rows of how many, and the way to the others. */
export function Pager({ address, total, shown }: { address: Address; total: number; shown: number }) {
  const first = (address.page - 1) * pageRows + 1;
  const last = first + shown - 1;
  if (total <= pageRows && address.page === 1) return null;
  return html`
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled=${address.page === 1} onClick=${() => refine({ ...address, page: address.page - 1 })}>Previous</button>
      <span>${shown === 0 ? 'No rows on this page' : `${grouped(first)} to ${grouped(last)}`} of ${grouped(total)}</span>
      <button type="button" disabled=${last >= total} onClick=${() => refine({ ...address, page: address.page + 1 })}>Next</button>
    </nav>
  `;
}
