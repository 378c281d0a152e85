import { html } from 'htm/preact';
import { useMemo } from 'preact/hooks';
import type { HistoryAnswer, Points } from '../model/answers.ts';
import { aligned, pointsOf, ratesOf } from '../model/plot-data.ts';
import { clocksSummary, ratesSummary } from '../model/plot-words.ts';
import { countWords, durationWords } from '../model/words.ts';
import { Plot } from './plot.ts';

/** Time to loss with its band, and time to drain: where they cross, data starts to be lost. */
export function ClocksPlot({ answer, partition }: { answer: HistoryAnswer | null; partition: number }) {
  const [earliest, latest, drain] = useFields(answer, [
    'timeToLossEarliestSeconds',
    'timeToLossLatestSeconds',
    'timeToDrainSeconds',
  ]);
  const data = useMemo(() => aligned([earliest!, latest!, drain!]), [answer]);
  return html`
    <section aria-labelledby="clocks">
      <h2 id="clocks">Both clocks, partition ${partition} <span class="right">last hour</span></h2>
      ${
        data.lines.every((line) => line.every((value) => value === null))
          ? html`<p class="quiet">Neither clock ran in the last hour: nothing unread was on its way to loss, or too few samples are stored yet.</p>`
          : html`<${Plot}
              data=${data}
              lines=${[{ label: 'time to loss, earliest to latest', ink: 'bad' }, { label: 'latest loss', ink: 'bad', faint: true }, { label: 'time to drain', ink: 'tide', dashed: true }]}
              band=${[0, 1]}
              words=${durationWords}
              summary=${clocksSummary(earliest!, latest!, drain!)}
            />`
      }
    </section>
  `;
}

interface RatesProps {
  answer: HistoryAnswer | null;
  partition: number;
  commitIntervalSeconds: number | null;
}

/** Records written and read per second, from the offsets; read is smoothed over at least two commits. */
export function RatesPlot({ answer, partition, commitIntervalSeconds }: RatesProps) {
  const overSeconds = Math.max(60, 2 * (commitIntervalSeconds ?? 0));
  const [end, committed] = useFields(answer, ['highWatermark', 'committedOffset']);
  const [written, read] = useMemo(
    () => [ratesOf(end!, overSeconds), ratesOf(committed!, overSeconds)],
    [answer, overSeconds],
  );
  const data = useMemo(() => aligned([written!, read!]), [written, read]);
  return html`
    <section aria-labelledby="rates">
      <h2 id="rates">Written and read, partition ${partition} <span class="right">records/s over ${durationWords(overSeconds)}</span></h2>
      ${
        data.atSeconds.length < 2
          ? html`<p class="quiet">Too few samples are stored yet for a rate.</p>`
          : html`<${Plot}
              data=${data}
              lines=${[{ label: 'written', ink: 'quiet' }, { label: 'read', ink: 'tide', dashed: true }]}
              words=${countWords}
              summary=${ratesSummary(written!, read!)}
            />`
      }
    </section>
  `;
}

function useFields(answer: HistoryAnswer | null, fields: readonly string[]): Points[] {
  return useMemo(() => fields.map((field) => (answer === null ? [] : pointsOf(answer, field))), [answer]);
}
