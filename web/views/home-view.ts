import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ViewProps } from '../app.ts';
import { usePolled } from '../live/poll.ts';
import type { EventsAnswer, FindingsAnswer, GroupsAnswer } from '../model/answers.ts';
import { cardsOf, mostCards } from '../model/cards.ts';
import { type Glance, sentenceOf } from '../model/glance.ts';
import { eventsPath, findingsPath, glanceGroupsPath, minuteBefore } from '../model/paths.ts';
import { plural } from '../model/words.ts';
import { CardView } from '../parts/card.ts';
import { LeftBehindList } from '../parts/left-behind-list.ts';
import { TimelineStrip } from '../parts/timeline-strip.ts';
import { GroupsTable } from './groups-table.ts';

/** The first glance, what changed, and all groups. */
export function HomeView({ address, clusters, everyMs, nowMs }: ViewProps) {
  const groups = usePolled<GroupsAnswer>(glanceGroupsPath(address.cluster), everyMs).answer?.groups;
  const findings = usePolled<FindingsAnswer>(findingsPath(address.cluster), everyMs).answer?.findings;
  const events = useEvents(address.cluster, address.spanHours, everyMs, nowMs);
  if (groups === undefined || findings === undefined) return html`<h1>Asking tidemark …</h1>`;
  return html`
    <${FirstGlance} glance=${{ clusters, groups, findings, nowMs }} />
    ${events && clusters.some(({ atMs }) => atMs !== null) && html`<${TimelineStrip} address=${address} answer=${events.answer} open=${findings} span=${events.span} />`}
    <${GroupsTable} address=${address} clusters=${clusters} everyMs=${everyMs} />
    <${LeftBehindList} cluster=${address.cluster} everyMs=${everyMs} nowMs=${nowMs} />
  `;
}

function FirstGlance({ glance }: { glance: Glance }) {
  const sentence = sentenceOf(glance);
  const cards = cardsOf(glance);
  const [all, setAll] = useState(false);
  const more = cards.length - mostCards;
  useEffect(() => {
    document.title = `${sentence.lead} · tidemark`;
  }, [sentence.lead]);
  return html`
    <p class="hidden" role="status">${sentence.lead}</p>
    <h1><b class=${`tone-${sentence.tone}`}>${sentence.lead}</b>${sentence.rest}</h1>
    <p class="quiet small beneath sentence">${sentence.beneath}</p>
    ${
      cards.length > 0 &&
      html`
        <h2 class="hidden">What to act on, by deadline</h2>
        <div class="cards">${(all ? cards : cards.slice(0, mostCards)).map((card) => html`<${CardView} key=${card.key} card=${card} />`)}</div>
      `
    }
    ${more > 0 && !all && html`<p><button type="button" class="chip" onClick=${() => setAll(true)}>Show ${plural(more, 'more card')}: later, or less grave than these</button></p>`}
  `;
}

/** The events of one cluster, or of all, over the trailing hours, and the span that they cover. */
function useEvents(cluster: string | null, spanHours: number, everyMs: number, nowMs: number) {
  const fromMs = minuteBefore(nowMs, spanHours * 3_600_000);
  const { answer } = usePolled<EventsAnswer>(
    eventsPath(cluster, fromMs),
    everyMs,
    `events of ${cluster} for ${spanHours} h`,
  );
  return answer === null ? null : { answer, span: { fromMs, toMs: nowMs } };
}
