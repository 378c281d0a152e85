import { html } from 'htm/preact';
import { usePolled } from '../live/poll.ts';
import type { EventsAnswer, TopicAnswer } from '../model/answers.ts';
import { minuteBefore, topicEventsPath } from '../model/paths.ts';
import { happenings } from '../model/timeline.ts';
import { momentWords } from '../model/words.ts';

const days = 30;
const shownMost = 100;

/** Settings, leaders, the topic itself and what was found of it, newest first: as far back as tidemark keeps what happened. */
export function TopicChanges({ topic, everyMs, nowMs }: { topic: TopicAnswer; everyMs: number; nowMs: number }) {
  const { cluster, topic: name } = topic;
  const fromMs = minuteBefore(nowMs, days * 86_400_000);
  const { answer } = usePolled<EventsAnswer>(
    topicEventsPath(cluster, name, fromMs),
    Math.max(everyMs, 15_000),
    `events of ${cluster} ${name}`,
  );
  const rows = answer === null ? [] : happenings(answer, [], { fromMs, toMs: nowMs }, shownMost);
  return html`
    <section aria-labelledby="changes">
      <h2 id="changes">What changed: settings, leaders, findings <span class="right">last ${days} d, as far as tidemark watched</span></h2>
      ${answer !== null && rows.length === 0 && html`<p class="quiet">No change of its settings, partitions or leaders was seen.</p>`}
      ${rows.length > 0 && html`<ol class="happenings" tabindex="0" aria-label="What changed of ${name}, newest first">${rows.map((row) => html`<li><time datetime=${new Date(row.atMs).toISOString()}>${momentWords(row.atMs, nowMs)}</time> <span class="quiet">${row.lane}</span> ${row.what}</li>`)}</ol>`}
    </section>
  `;
}
