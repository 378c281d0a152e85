import { html } from 'htm/preact';
import type { Points } from '../model/answers.ts';
import type { Tone } from '../model/outlook.ts';
import { sparklineOf } from '../model/sparkline.ts';
import { countWords } from '../model/words.ts';

const width = 96;
const height = 18;

/** The lag of the last hour, without an axis; its range is on hover. */
export function SparklineView({ points, tone }: { points: Points | undefined; tone: Tone }) {
  const line = points === undefined ? null : sparklineOf(points, width, height);
  if (line === null) return html`<span class="quiet small">too few samples</span>`;
  const words = `Lag in the last hour: from ${countWords(line.least)} to ${countWords(line.most)} records`;
  return html`
    <svg class=${`spark spark-${tone}`} width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
      <title>${words}</title>
      <path d=${line.path} />
    </svg>
  `;
}
