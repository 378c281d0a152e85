import { html } from 'htm/preact';
import type { Tone } from '../model/outlook.ts';

/** A small shape beside a word: each tone has its own form, so that colour never carries the meaning alone. */
export function Mark({ tone }: { tone: Tone }) {
  return html`<span class=${`mark mark-${tone}`} aria-hidden="true"></span>`;
}
