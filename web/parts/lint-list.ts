import { html } from 'htm/preact';
import type { Finding } from '../model/answers.ts';
import { lintLines } from '../model/lints.ts';

/** How topics could be set up better, apart from what is wrong now. */
export function LintList({ findings }: { findings: readonly Finding[] }) {
  const lines = lintLines(findings);
  if (lines.length === 0) return null;
  return html`
    <section aria-label="Lints">
      <h2>Lints</h2>
      <p class="quiet small">How topics are set up, or stand. They never alert.</p>
      ${lines.map(
        ({ code, heading, summaries }) => html`
          <details key=${code}>
            <summary>${heading} <span class="quiet small">${code}</span></summary>
            <ul class="lints">${summaries.map((summary) => html`<li key=${summary}>${summary}</li>`)}</ul>
          </details>
        `,
      )}
    </section>
  `;
}
