import { html } from 'htm/preact';
import type { Finding } from '../model/answers.ts';
import { codeWords, severityTone } from '../model/codes.ts';
import { evidenceText, indentedByCause, subjectWords } from '../model/finding-words.ts';
import { momentWords } from '../model/words.ts';
import { Mark } from './mark.ts';

/** As many as anybody reads; a broker that fails may bring thousands. */
const shownMost = 50;

/** Open findings, each beneath what explains it. */
export function FindingList({ findings, nowMs }: { findings: readonly Finding[]; nowMs: number }) {
  if (findings.length === 0) return null;
  return html`
    <section aria-label="Findings">
      <h2>Findings</h2>
      <ul class="findings">
        ${indentedByCause(findings)
          .slice(0, shownMost)
          .map(
            ({ finding, depth }) =>
              html`<${FindingItem} key=${finding.id} finding=${finding} depth=${depth} nowMs=${nowMs} />`,
          )}
      </ul>
      ${findings.length > shownMost && html`<p class="quiet small">These are the first ${shownMost}: <a href="api/v1/findings?limit=10000">all findings</a></p>`}
    </section>
  `;
}

/** The group is in the heading of its view already, unless the finding is about the group as a whole. */
function subjectOf({ groupId, ...finding }: Finding): string {
  return finding.topic === undefined && groupId !== undefined ? groupId : subjectWords(finding);
}

function FindingItem({ finding, depth, nowMs }: { finding: Finding; depth: number; nowMs: number }) {
  const notes = [
    `since ${momentWords(finding.sinceMs, nowMs)}`,
    finding.held ? 'last known: cannot be read now' : null,
    finding.cause === null ? null : `explained by ${finding.cause.code}`,
    finding.muted ? 'muted by a policy' : null,
  ].filter((note) => note !== null);
  return html`
    <li class=${depth > 0 ? 'explained' : ''}>
      <${Mark} tone=${severityTone(finding.severity)} />
      <strong>${finding.severity}: ${subjectOf(finding)} ${codeWords(finding.code)}</strong>
      <span class="quiet small"> ${notes.join(' · ')}</span>
      <p>${finding.summary}</p>
      <details><summary>Evidence</summary><pre tabindex="0">${evidenceText(finding.evidence)}</pre></details>
    </li>
  `;
}
