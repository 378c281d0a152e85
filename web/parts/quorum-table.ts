import { html } from 'htm/preact';
import { type Quorum, quorumSentence, voterWords } from '../model/broker-words.ts';
import { Mark } from './mark.ts';

/** The controllers of a KRaft cluster: who leads, and how far the others follow. */
export function QuorumTable({ quorum }: { quorum: Quorum | null }) {
  if (quorum === null) return null;
  return html`
    <section aria-label="Metadata quorum">
      <h2>Metadata quorum</h2>
      <p class="quiet">${quorumSentence(quorum)}</p>
      <table>
        <thead><tr><th scope="col">Voter</th><th scope="col">State</th></tr></thead>
        <tbody>
          ${quorum.voters.map((voter) => {
            const { tone, text } = voterWords(voter, quorum.leaderId);
            return html`<tr key=${voter.brokerId}><th scope="row">${voter.brokerId}</th><td class=${tone === 'good' ? '' : `tone-${tone}`}><${Mark} tone=${tone} />${text}</td></tr>`;
          })}
        </tbody>
      </table>
    </section>
  `;
}
