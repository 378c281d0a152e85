import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { PlotData } from '../model/plot-data.ts';
import { momentWords, secondWords } from '../model/words.ts';

/** A line of a plot; `ink` is one of the page's colours. */
export interface PlotLine {
  label: string;
  ink: 'bad' | 'tide' | 'quiet';
  dashed?: boolean;
  /** Drawn as the edge of a band only. */
  faint?: boolean;
}

export interface PlotProps {
  data: PlotData;
  lines: readonly PlotLine[];
  /** Two line numbers (from 0) between which a band is filled. */
  band?: readonly [number, number];
  /** Of the value axis. */
  words: (value: number) => string;
  /** Distances between two labels of the value axis that may be chosen from; left out: powers of ten. */
  steps?: readonly number[];
  /** One sentence: what is drawn and how it stands now. */
  summary: string;
}

const height = 190;

/** Lines over time. The canvas is for the eye; the sentence beneath says the same. */
export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const words = useRef(props.words);
  words.current = props.words;
  useEffect(() => {
    const draw = () => {
      plot.current?.destroy();
      plot.current = box.current && new uPlot(optionsOf(box.current, props, words), dataOf(props.data), box.current);
    };
    draw();
    // A canvas knows no CSS: it is drawn anew when the reader's scheme changes.
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const widths = new ResizeObserver(([entry]) =>
      plot.current?.setSize({ width: Math.floor(entry!.contentRect.width), height }),
    );
    widths.observe(box.current!);
    return () => {
      scheme.removeEventListener('change', draw);
      widths.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(props.data)), [props.data]);
  return html`
    <figure class="plot">
      <div class="plot-box" ref=${box} aria-hidden="true"></div>
      <figcaption>
        <span class="legend">${props.lines.filter((line) => !line.faint).map((line) => html`<span class=${`key key-${line.ink}${line.dashed ? ' key-dashed' : ''}`}>${line.label}</span>`)}</span>
        <span>${props.summary}</span>
      </figcaption>
    </figure>
  `;
}

function dataOf(data: PlotData): uPlot.AlignedData {
  return [data.atSeconds, ...data.lines];
}

function optionsOf(box: HTMLElement, props: PlotProps, words: { current: (value: number) => string }): uPlot.Options {
  const ink = (name: string) => inkOf(box, name);
  const axis = { stroke: ink('quiet'), font: `11px ${getComputedStyle(box).fontFamily}`, ticks: { show: false } };
  const grid = { stroke: ink('line'), width: 1, dash: [2, 4] };
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    cursor: { points: { show: false }, y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        size: 28,
        values: (_plot, ticks) => ticks.map((tick) => timeWords(tick, ticks)),
      },
      {
        ...axis,
        grid,
        size: 76,
        ...(props.steps ? { incrs: [...props.steps] } : {}),
        values: (_plot, ticks) => ticks.map((tick) => words.current(tick)),
      },
    ],
    series: [
      {},
      ...props.lines.map((line) => ({
        label: line.label,
        stroke: ink(line.ink),
        width: line.faint ? 0.5 : 2,
        ...(line.dashed ? { dash: [6, 4] } : {}),
        points: { show: false },
      })),
    ],
    ...(props.band ? { bands: [{ series: [props.band[1] + 1, props.band[0] + 1], fill: ink('bad-band') }] } : {}),
  };
}

/** Ticks nearer than a minute are told apart by their seconds. */
function timeWords(tick: number, ticks: readonly number[]): string {
  const isFine = ticks.length > 1 && ticks[1]! - ticks[0]! < 60;
  return isFine ? secondWords(tick * 1000) : momentWords(tick * 1000, Date.now());
}

/** A colour of the style sheet, as the reader's scheme resolves it now. */
function inkOf(box: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.className = `ink-${name}`;
  box.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
