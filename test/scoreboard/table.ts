import type { ScoreResult } from './score.ts';
import type { ratePerUnit, Share } from './statistics.ts';
import { isCodeReached, type Line, linesOf } from './targets.ts';

/** The scoreboard as Markdown. */
export function tableOf(result: ScoreResult): string {
  const lines = linesOf(result);
  const parts = [codes(result, lines), healthy(result), quantities(result), reached(lines)];
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

function codes({ codes, healthy }: ScoreResult, lines: readonly Line[]): string[] {
  return [
    '| code | as | cases | recall (95 %) | delay, polls: median, p95 | criticals: recall, unfounded | false alarms a healthy group-day | unfounded elsewhere | Burrow: recall, delay | lag > 1000 for 5 min: recall, delay | target |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...codes.map(({ code, severity, recall, medianDelayPolls, p95DelayPolls, criticals, unfounded, ...baselines }) => {
      const alarms = healthy.byCode[code];
      const cells = [
        ...[`\`${code}\``, severity, recall.of, share(recall)],
        `${polls(medianDelayPolls)}, ${polls(p95DelayPolls)}`,
        criticals.recall.of + criticals.unfounded === 0
          ? '-'
          : `${short(criticals.recall.share)} of ${criticals.recall.of}, ${criticals.unfounded}`,
        alarms === undefined ? 0 : rate(alarms),
        unfounded,
        ...[baselines.burrow, baselines.lagThreshold].map(
          (one) => `${short(one.recall.share)}, ${polls(one.medianDelayPolls)}`,
        ),
        verdict(isCodeReached(lines, code)),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function healthy({ healthy }: ScoreResult): string[] {
  const { groupDays, quietGroupDays, clusterDays } = healthy;
  const beside = groupDays - quietGroupDays;
  return [
    `| ${groupDays.toFixed(0)} healthy group-days (${quietGroupDays.toFixed(0)} in quiet clusters, ${beside.toFixed(0)} beside trouble) | tidemark | Burrow | lag > 1000 for 5 min |`,
    '|---|---|---|---|',
    `| false alarms a group-day | ${rate(healthy.alarmsPerGroupDay)} | ${rate(healthy.burrowPerGroupDay)} | ${rate(healthy.lagThresholdPerGroupDay)} |`,
    `| criticals a cluster-month (${clusterDays.toFixed(0)} cluster-days) | ${rate(healthy.criticalsPerClusterMonth)} | | |`,
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

function reached(lines: readonly Line[]): string[] {
  const missed = lines.filter(({ isReached }) => isReached === false);
  const untold = lines.filter(({ isReached }) => isReached === null);
  const passed = lines.length - missed.length - untold.length;
  return [
    `Targets: ${passed} PASS, ${missed.length} MISS, ${untold.length} without a case.`,
    '',
    '| target | figure | wanted | |',
    '|---|---|---|---|',
    ...lines.map(
      ({ what, figure, target, isReached }) => `| ${what} | ${short(figure)} | ${target} | ${verdict(isReached)} |`,
    ),
  ];
}

function verdict(isReached: boolean | null): string {
  return isReached === null ? '-' : isReached ? 'PASS' : 'MISS';
}

function rate({ rate: value, low, high }: ReturnType<typeof ratePerUnit>): string {
  return `${short(value)} (${short(low)} to ${short(high)})`;
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
