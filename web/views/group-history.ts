import { html } from 'htm/preact';
import { usePolled } from '../live/poll.ts';
import type { GroupAnswer, HistoryAnswer, SeriesAnswer } from '../model/answers.ts';
import { heatColumns, heatRows } from '../model/heat.ts';
import { historyPath, minuteBefore } from '../model/paths.ts';
import { plural } from '../model/words.ts';
import { HeatMap } from '../parts/heat-map.ts';
import { ClocksPlot, RatesPlot } from '../parts/history-plots.ts';

interface HistoryProps {
  group: GroupAnswer;
  series: SeriesAnswer;
  everyMs: number;
  nowMs: number;
}

const hourMs = 3_600_000;
/** Of a topic with more partitions, those that used most of their retention are drawn. */
const mostHeatRows = 24;
const plotPoints = 120;
const clockFields = [
  'timeToLossEarliestSeconds',
  'timeToLossLatestSeconds',
  'timeToDrainSeconds',
  'committedOffset',
  'highWatermark',
];

/** The last hour: all partitions of the topic as a heat map, then both clocks and both rates of the partition looked at. */
export function GroupHistory({ group, series, everyMs, nowMs }: HistoryProps) {
  const span = { fromMs: minuteBefore(nowMs, hourMs), toMs: nowMs };
  const of = { cluster: group.cluster, groupId: group.groupId, topic: series.topic, fromMs: span.fromMs };
  const every = Math.max(everyMs, 10_000);
  const heat = usePolled<HistoryAnswer>(
    historyPath({ ...of, fields: ['retentionUsedRatio'], points: heatColumns }),
    every,
    `heat of ${of.groupId} on ${of.topic}`,
  ).answer;
  const clocks = usePolled<HistoryAnswer>(
    historyPath({ ...of, partition: series.partition, fields: clockFields, points: plotPoints }),
    every,
    `clocks of ${of.groupId} on ${of.topic} ${series.partition}`,
  ).answer;
  const rows = heat === null ? [] : heatRows(heat, span, mostHeatRows);
  const all = group.series.filter((one) => one.topic === series.topic).length;
  return html`
    <section aria-labelledby="heat">
      <h2 id="heat">Share of retention used on ${series.topic} <span class="right">${rows.length < all && rows.length > 0 ? `the ${rows.length} fullest of ${plural(all, 'partition')}, ` : 'a row a partition, '}last hour</span></h2>
      <${HeatMap} rows=${rows} span=${span} shown=${series.partition} />
    </section>
    <div class="two">
      <${ClocksPlot} answer=${clocks} partition=${series.partition} />
      <${RatesPlot} answer=${clocks} partition=${series.partition} commitIntervalSeconds=${series.commitIntervalSeconds} />
    </div>
  `;
}
