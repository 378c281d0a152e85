import type { ScoreResult } from './score.ts';
import type { Share } from './statistics.ts';

/** The scoreboard as Markdown. */
export function tableOf(result: ScoreResult): string {
  return `${[codes(result), quiet(result), quantities(result)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function codes({ codes }: ScoreResult): string[] {
  return [
    '| code | cases | recall (95 %) | median delay, polls | p95 | Burrow: recall, delay | lag > 1000 for 5 min: recall, delay | unfounded elsewhere |',
    '|---|---|---|---|---|---|---|---|',
    ...codes.map(({ code, recall, medianDelayPolls, p95DelayPolls, burrow, lagThreshold, unfounded }) => {
      const baselines = [burrow, lagThreshold].map(
        (one) => `${short(one.recall.share)}, ${polls(one.medianDelayPolls)}`,
      );
      return `| \`${code}\` | ${recall.of} | ${share(recall)} | ${polls(medianDelayPolls)} | ${polls(p95DelayPolls)} | ${baselines.join(' | ')} | ${unfounded} |`;
    }),
  ];
}

function quiet({
  quiet: { groupDays, alarmsPerGroupDay, criticalsPerClusterMonth, ...baselines },
}: ScoreResult): string[] {
  const rate = ({ rate, low, high }: { rate: number; low: number; high: number }) =>
    `${short(rate)} (${short(low)} to ${short(high)})`;
  return [
    `| ${groupDays.toFixed(0)} quiet group-days | tidemark | Burrow | lag > 1000 for 5 min |`,
    '|---|---|---|---|',
    `| false alarms a group-day | ${rate(alarmsPerGroupDay)} | ${rate(baselines.burrowPerGroupDay)} | ${rate(baselines.lagThresholdPerGroupDay)} |`,
    `| criticals a cluster-month | ${rate(criticalsPerClusterMonth)} | | |`,
  ];
}

function quantities({ timeToLoss, timeToDrain, timeLag }: ScoreResult): string[] {
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  return [
    '| quantity | |',
    '|---|---|',
    `| true time of loss within [earliest, latest] | ${share(timeToLoss.within)} of ${timeToLoss.within.of} |`,
    `| median width, as a share of what is allowed | ${short(timeToLoss.medianWidthOfAllowed)} |`,
    `| time to drain: median error, p95 | ${percent(timeToDrain.medianError)}, ${percent(timeToDrain.p95Error)} |`,
    `| time lag: median error, p95 | ${percent(timeLag.medianError)} (${short(timeLag.medianSeconds)} s), ${percent(timeLag.p95Error)} (${short(timeLag.p95Seconds)} s) |`,
  ];
}

function share({ share: value, low, high }: Share): string {
  return `${short(value)} (${short(low)} to ${short(high)})`;
}

function short(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}

function polls(value: number): string {
  return Number.isNaN(value) ? '-' : String(value);
}
