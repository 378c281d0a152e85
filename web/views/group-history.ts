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
const clockFields = ['timeToLossEarliestSeconds', 'timeToLossLatestSeconds', 'timeToDrainSeconds', 'committedOffset'];

/** The last hour: all partitions of the topic as a heat map, then both clocks and both rates of the partition looked at. */
export function GroupHistory({ group, series, everyMs, nowMs }: HistoryProps) {
  const span = { fromMs: minuteBefore(nowMs, hourMs), toMs: nowMs };
  const { cluster, groupId } = group;
  const { topic, partition } = series;
  const heat = useHistory(
    { cluster, groupId, topic, fields: ['retentionUsedRatio'], ...span, points: heatColumns },
    everyMs,
  );
  const ofGroup = useHistory(
    { cluster, groupId, topic, partition, fields: clockFields, ...span, points: plotPoints },
    everyMs,
  );
  const ofLog = useHistory(
    { cluster, topic, partition, fields: ['highWatermark'], ...span, points: plotPoints },
    everyMs,
  );
  const rows = heat === null ? [] : heatRows(heat, span, mostHeatRows);
  const all = group.series.filter((one) => one.topic === topic).length;
  const which =
    rows.length > 0 && rows.length < all
      ? `the ${rows.length} fullest of ${plural(all, 'partition')}`
      : 'a row a partition';
  return html`
    <section aria-labelledby="heat">
      <h2 id="heat">Share of retention used on ${topic} <span class="right">${which}, last hour</span></h2>
      <${HeatMap} rows=${rows} span=${span} shown=${partition} />
    </section>
    <div class="two">
      <${ClocksPlot} history=${ofGroup} partition=${partition} />
      <${RatesPlot} end=${ofLog} committed=${ofGroup} partition=${partition} commitIntervalSeconds=${series.commitIntervalSeconds} />
    </div>
  `;
}

/** Asked more seldom than the numbers: a point more in an hour is not seen. */
function useHistory(of: Parameters<typeof historyPath>[0], everyMs: number): HistoryAnswer | null {
  const identity = [of.cluster, of.groupId, of.topic, of.partition, of.fields[0]].join('\n');
  return usePolled<HistoryAnswer>(historyPath(of), Math.max(everyMs, 10_000), identity).answer;
}
