import { html } from 'htm/preact';
import type { Figure } from '../model/outlook.ts';

/** A table cell for one figure: words, tone, and the method on hover. */
export function FigureCell({ figure, class: classes = '' }: { figure: Figure; class?: string }) {
  return html`<td class=${`${classes} tone-${figure.tone}`} title=${figure.title}>${figure.text}</td>`;
}
