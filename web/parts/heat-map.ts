import { html } from 'htm/preact';
import type { HeatRow } from '../model/heat.ts';
import { axisWords, type Span } from '../model/timeline.ts';
import { percentWords } from '../model/words.ts';

/** A grid of partitions by time; colour is the share of retention used, and the newest share stands beside each row as a number. */
export function HeatMap({ rows, span, shown }: { rows: readonly HeatRow[]; span: Span; shown: number }) {
  if (rows.length === 0)
    return html`<p class="quiet">No history is stored yet: the first points appear after a few cycles.</p>`;
  return html`
    <div class="heat" role="table" aria-label="Share of retention used, a row a partition">
      ${rows.map(
        (row) => html`
          <div class=${`heat-row${row.partition === shown ? ' shown' : ''}`} role="row" key=${row.partition}>
            <span class="heat-label" role="rowheader">p${row.partition}</span>
            <span class="heat-cells" role="presentation">${row.cells.map((cell) => html`<i class=${cell.step === null ? 'heat-none' : `heat-${cell.step}`} title=${cell.title}></i>`)}</span>
            <span class="heat-last" role="cell">${row.last === null ? 'not known' : percentWords(row.last)}</span>
          </div>
        `,
      )}
      <div class="axis heat-axis" aria-hidden="true">${axisWords(span).map((words) => html`<span>${words}</span>`)}</div>
    </div>
  `;
}
