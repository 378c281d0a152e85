import { html } from 'htm/preact';
import { refine } from '../live/navigate.ts';
import { type Address, spansHours } from '../model/address.ts';
import type { EventsAnswer, Finding } from '../model/answers.ts';
import {
  axisWords,
  type HappeningRow,
  happenings,
  type Lane,
  lanesOf,
  type Mark,
  type Span,
} from '../model/timeline.ts';
import { momentWords, plural, secondWords } from '../model/words.ts';

interface StripProps {
  address: Address;
  answer: EventsAnswer;
  open: readonly Finding[];
  span: Span;
}

const listed = 60;

/** Events on one time axis: "what changed at 02:51" is the first question. The same stands beneath as a list. */
export function TimelineStrip({ address, answer, open, span }: StripProps) {
  const lanes = lanesOf(answer, open, span);
  return html`
    <section aria-labelledby="changed">
      <h2 id="changed">
        What changed
        <span class="right" role="group" aria-label="Span">
          ${spansHours.map(
            (hours) => html`
              <button type="button" class="chip" aria-pressed=${hours === address.spanHours} onClick=${() => refine({ ...address, spanHours: hours })}>${hours} h</button>
            `,
          )}
        </span>
      </h2>
      <div class="strip" role="img" aria-label=${`Last ${plural((span.toMs - span.fromMs) / 3_600_000, 'hour')}: ${lanes.map(laneWords).join(', ')}.`}>
        ${lanes.map((lane) => html`<${LaneView} key=${lane.label} lane=${lane} />`)}
        <div class="axis">${axisWords(span).map((words) => html`<span>${words}</span>`)}</div>
      </div>
      <${HappeningList} rows=${happenings(answer, open, span, listed)} nowMs=${span.toMs} />
    </section>
  `;
}

function laneWords(lane: Lane): string {
  return `${lane.label} ${lane.count === 0 ? 'none' : lane.count}`;
}

function LaneView({ lane }: { lane: Lane }) {
  const kind = lane.label === 'findings' ? 'bars' : 'moments';
  return html`
    <div class=${`lane lane-${kind}`}>
      <span class="lane-label">${lane.label}${lane.count > 0 && html` <small>${lane.count}</small>`}</span>
      <div class="lane-rows">
        ${lane.rows.map((marks) => html`<div class="lane-row">${marks.map((mark) => html`<i class=${`event event-${mark.tone}`} style=${placeOf(mark)} title=${mark.title}></i>`)}</div>`)}
      </div>
    </div>
  `;
}

function placeOf(mark: Mark) {
  return { '--from': mark.from, '--width': mark.width };
}

function HappeningList({ rows, nowMs }: { rows: readonly HappeningRow[]; nowMs: number }) {
  if (rows.length === 0) return html`<p class="quiet small">Nothing changed in that time.</p>`;
  return html`
    <details>
      <summary>As a list</summary>
      <ol class="happenings" tabindex="0" aria-label="What changed, newest first">
        ${rows.map((row) => html`<li><time datetime=${new Date(row.atMs).toISOString()} title=${momentWords(row.atMs, nowMs)}>${secondWords(row.atMs)}</time> <span class="quiet">${row.lane}</span> ${row.what}</li>`)}
      </ol>
    </details>
  `;
}
