import { html } from 'htm/preact';
import { refine } from '../live/navigate.ts';
import type { Address } from '../model/address.ts';

/** Types into the address: each letter refines it, and the answer of the last one stands. */
export function FilterBox({ address, label }: { address: Address; label: string }) {
  const type = (event: InputEvent) => {
    refine({ ...address, filter: (event.currentTarget as HTMLInputElement).value, page: 1 });
  };
  return html`<input type="search" placeholder=${label} aria-label=${label} value=${address.filter} onInput=${type} />`;
}
