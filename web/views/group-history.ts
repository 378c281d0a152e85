import { html } from 'htm/preact';
import { useMemo } from 'preact/hooks';
import { usePolled } from '../live/poll.ts';
import type { GroupAnswer, HistoryAnswer, SeriesAnswer } from '../model/answers.ts';
import { heatRows } from '../model/heat.ts';
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

const minuteMs = 60_000;
/** Of a topic with more partitions, those that used most of their retention are drawn. */
const mostHeatRows = 24;
const plotPoints = 120;
const clockFields = ['timeToLossEarliestSeconds', 'timeToLossLatestSeconds', 'timeToDrainSeconds', 'committedOffset'];

/** The last hour: all partitions of the topic as a heat map, then both clocks and both rates of the partition looked at. */
export function GroupHistory({ group, series, everyMs, nowMs }: HistoryProps) {
  const fromMs = minuteBefore(nowMs, 59 * minuteMs);
  const { cluster, groupId } = group;
  const { topic, partition } = series;
  const heat = useHistory(
    { cluster, groupId, topic, fields: ['retentionUsedRatio'], fromMs, points: plotPoints },
    everyMs,
  );
  const ofGroup = useHistory(
    { cluster, groupId, topic, partition, fields: clockFields, fromMs, points: plotPoints },
    everyMs,
  );
  const ofLog = useHistory(
    { cluster, topic, partition, fields: ['highWatermark'], fromMs, points: plotPoints },
    everyMs,
  );
  // Sixty whole minutes, the present one too: a column is a minute, and stays the same until the next answer.
  const span = { fromMs, toMs: fromMs + 60 * minuteMs };
  const rows = useMemo(() => (heat === null ? [] : heatRows(heat, span, mostHeatRows)), [heat]);
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
      <${ClocksPlot} history=${ofGroup} series=${series} />
      <${RatesPlot} end=${ofLog} committed=${ofGroup} partition=${partition} commitIntervalSeconds=${series.commitIntervalSeconds} />
    </div>
  `;
}

/** Asked more seldom than the numbers: a point more in an hour is not seen. */
function useHistory(of: Parameters<typeof historyPath>[0], everyMs: number): HistoryAnswer | null {
  const identity = [of.cluster, of.groupId, of.topic, of.partition, of.fields[0]].join('\n');
  return usePolled<HistoryAnswer>(historyPath(of), Math.max(everyMs, 10_000), identity).answer;
}
