import { html } from 'htm/preact';
import type { Sentence } from '../model/glance.ts';

/** The name of what the view is about, and the verdict on it: "billing will lose data", "orders: 2 groups lose data". */
export function VerdictHeading({ name, verdict }: { name: string; verdict: Sentence }) {
  const space = verdict.lead.startsWith(':') ? '' : ' ';
  return html`<h1>${name}${space}<b class=${`tone-${verdict.tone}`}>${verdict.lead}</b>${verdict.rest}</h1>`;
}
