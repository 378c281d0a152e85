import { html } from 'htm/preact';
import { formatAddress, topicAddress } from '../model/address.ts';
import type { GroupAnswer, SeriesAnswer, TopicAnswer } from '../model/answers.ts';
import { groupCommands } from '../model/commands.ts';
import { evidenceOf } from '../model/evidence.ts';
import { asSentence } from '../model/words.ts';
import { CopyButton } from '../parts/copy-button.ts';

interface EvidenceProps {
  group: GroupAnswer;
  series: SeriesAnswer;
  topic: TopicAnswer | null;
  bootstrap: string;
}

/** What the verdict on one partition rests on, and what to look at next. */
export function Evidence({ group, series, topic, bootstrap }: EvidenceProps) {
  const commands = groupCommands(bootstrap, group.groupId, series.topic, group.findings).join('\n');
  return html`
    <div class="two">
      <section aria-labelledby="evidence">
        <h2 id="evidence">Evidence: ${series.topic}, partition ${series.partition} <span class="right"><a href=${formatAddress(topicAddress(group.cluster, series.topic))} aria-label=${`Topic ${series.topic}`}>its topic</a></span></h2>
        <table class="evidence">
          <caption class="hidden">Quantity, value, and how it was come by</caption>
          <tbody>
            ${evidenceOf(series, topic).map((line) => html`<tr><th scope="row">${line.name}</th><td>${line.value}</td><td class="quiet">${line.method}</td></tr>`)}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="next">
        <h2 id="next">Next check <span class="right"><${CopyButton} text=${commands} label="Copy commands" of=${group.groupId} /></span></h2>
        <pre tabindex="0" aria-label="Commands to paste">${commands}</pre>
        ${series.whyNext !== null && html`<p class="quiet">${asSentence(series.whyNext)}</p>`}
      </section>
    </div>
  `;
}
