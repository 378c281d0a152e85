import { html } from 'htm/preact';
import { useMemo } from 'preact/hooks';
import type { HistoryAnswer, SeriesAnswer } from '../model/answers.ts';
import { aligned, pointsOf, ratesOf } from '../model/plot-data.ts';
import { clocksSummary, ratesSummary } from '../model/plot-words.ts';
import { countWords, durationWords } from '../model/words.ts';
import { Plot, type PlotLine } from './plot.ts';

/** Time to loss with its band, and time to drain: where they cross, data starts to be lost. */
export function ClocksPlot({ history, series }: { history: HistoryAnswer | null; series: SeriesAnswer }) {
  const { earliest, latest, drain, data } = useMemo(() => clocksOf(history), [history]);
  return html`
    <section aria-labelledby="clocks">
      <h2 id="clocks">Both clocks, partition ${series.partition} <span class="right">last hour</span></h2>
      ${
        data.lines.every((line) => line.every((value) => value == null || value === 0))
          ? html`<p class="quiet">Neither clock ran in the last hour: nothing that was unread was on its way to loss or had to be caught up, or too few samples are stored yet.</p>`
          : html`<${Plot}
              data=${data}
              lines=${clockLines}
              band=${[0, 1]}
              words=${durationWords}
              steps=${durationSteps}
              summary=${clocksSummary(earliest, latest, drain, series.lagTrend)}
            />`
      }
    </section>
  `;
}

const clockLines: readonly PlotLine[] = [
  { label: 'time to loss, earliest to latest', ink: 'bad' },
  { label: 'latest loss', ink: 'bad', faint: true },
  { label: 'time to drain', ink: 'tide', dashed: true },
];

/** Round durations, in seconds. */
const durationSteps = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800];

function clocksOf(history: HistoryAnswer | null) {
  const earliest = pointsOf(history, 'timeToLossEarliestSeconds');
  const latest = pointsOf(history, 'timeToLossLatestSeconds');
  const drain = pointsOf(history, 'timeToDrainSeconds');
  return { earliest, latest, drain, data: aligned([earliest, latest, drain]) };
}

interface RatesProps {
  /** History of the log, and of the group on it. */
  end: HistoryAnswer | null;
  committed: HistoryAnswer | null;
  partition: number;
  commitIntervalSeconds: number | null;
}

/** Records written and read per second, from the offsets; read is smoothed over at least two commits. */
export function RatesPlot({ end, committed, partition, commitIntervalSeconds }: RatesProps) {
  const overSeconds = Math.max(60, Math.round(2 * (commitIntervalSeconds ?? 0)));
  const { written, read, data } = useMemo(() => {
    const written = ratesOf(pointsOf(end, 'highWatermark'), overSeconds);
    const read = ratesOf(pointsOf(committed, 'committedOffset'), overSeconds);
    return { written, read, data: aligned([written, read]) };
  }, [end, committed, overSeconds]);
  return html`
    <section aria-labelledby="rates">
      <h2 id="rates">Written and read, partition ${partition} <span class="right">records/s over ${durationWords(overSeconds)}</span></h2>
      ${
        data.atSeconds.length < 2
          ? html`<p class="quiet">Too few samples are stored yet for a rate.</p>`
          : html`<${Plot} data=${data} lines=${rateLines} words=${countWords} summary=${ratesSummary(written, read)} />`
      }
    </section>
  `;
}

const rateLines: readonly PlotLine[] = [
  { label: 'written', ink: 'quiet' },
  { label: 'read', ink: 'tide', dashed: true },
];
