import { html } from 'htm/preact';
import type { Card } from '../model/cards.ts';
import { CopyButton } from './copy-button.ts';
import { Mark } from './mark.ts';

/** One thing to act on: who, the verdict in words, the clocks, since when, and where to look. */
export function CardView({ card }: { card: Card }) {
  return html`
    <article class=${`card card-${card.tone}`} aria-label=${card.title}>
      <h3><${Mark} tone=${card.tone} /><span>${card.title}</span><small>${card.owner}</small></h3>
      <p>${card.verdict}</p>
      ${
        card.clocks.some((clock) => clock.tone !== 'unknown') &&
        html`
          <dl class="clocks">
            ${card.clocks.map(
              (clock) => html`
                <div title=${clock.title}>
                  <dd class=${`tone-${clock.tone}`}>${clock.text}</dd>
                  <dt>${clock.label}</dt>
                </div>
              `,
            )}
          </dl>
        `
      }
      <footer>
        <a href=${card.whyHref} aria-label=${`Why: ${card.title}`}>Why</a>
        <${CopyButton} text=${card.copyText} label="Copy as text" of=${card.title} />
        <span class="quiet note">${[card.since, card.note].filter(Boolean).join(' · ')}</span>
      </footer>
    </article>
  `;
}
