import { html } from 'htm/preact';
import { formatAddress, topicAddress } from '../model/address.ts';
import type { Finding } from '../model/answers.ts';
import { codeWords, severityTone } from '../model/codes.ts';
import { evidenceText, type FoldedFinding, foldedFindings, subjectWords } from '../model/finding-words.ts';
import { momentWords, plural } from '../model/words.ts';
import { Mark } from './mark.ts';

/** As many as anybody reads; a broker that fails may bring thousands. */
const shownMost = 50;
const alikeMost = 100;

interface ListProps {
  findings: readonly Finding[];
  nowMs: number;
  /** The topic whose page this is: it needs no link to itself. */
  ofTopic?: string;
}

/** Open findings, each beneath what explains it; what is found of many partitions alike stands once. */
export function FindingList({ findings, nowMs, ofTopic }: ListProps) {
  if (findings.length === 0) return null;
  const folded = foldedFindings(findings);
  return html`
    <section aria-label="Findings">
      <h2>Findings</h2>
      <ul class="findings">
        ${folded
          .slice(0, shownMost)
          .map(
            (one) =>
              html`<${FindingItem} key=${one.finding.id} folded=${one} nowMs=${nowMs} isLinked=${one.finding.topic !== ofTopic} />`,
          )}
      </ul>
      ${folded.length > shownMost && html`<p class="quiet small">These are the first ${shownMost}: <a href="api/v1/findings?limit=10000">all findings</a></p>`}
    </section>
  `;
}

/** The group is in the heading of its view already, unless the finding is about the group as a whole. */
function subjectOf({ groupId, ...finding }: Finding): string {
  return finding.topic === undefined && groupId !== undefined ? groupId : subjectWords(finding);
}

function FindingItem({ folded, nowMs, isLinked }: { folded: FoldedFinding; nowMs: number; isLinked: boolean }) {
  const { finding, depth, alike } = folded;
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
      <span class="quiet small"> ${notes.join(' · ')}${finding.topic !== undefined && isLinked && html` · <a href=${formatAddress(topicAddress(finding.cluster, finding.topic))} aria-label=${`Topic ${finding.topic}`}>topic</a>`}</span>
      <p>${finding.summary}</p>
      <details><summary>Evidence</summary><pre tabindex="0">${evidenceText(finding.evidence)}</pre></details>
      ${
        alike.length > 0 &&
        html`
          <details>
            <summary>The same of ${plural(alike.length, 'more partition')}: ${partitionsWords(alike)}</summary>
            <ul class="alike">${alike.slice(0, alikeMost).map((one) => html`<li key=${one.id}>${one.summary}<pre tabindex="0">${evidenceText(one.evidence)}</pre></li>`)}</ul>
          </details>
        `
      }
    </li>
  `;
}

/** `p1, p2, p5`, the first few. */
function partitionsWords(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 12).map(({ partition }) => `p${partition}`);
  return findings.length > 12 ? `${shown.join(', ')} and more` : shown.join(', ');
}
