import type { ClusterHistory } from '../../history/cluster-history.ts';
import type { Columns } from '../../history/columns.ts';
import { isJudged } from '../../model/judged-series.ts';
import { type GroupColumn, type GroupTopicColumn, lagTrends } from '../../model/report.ts';
import { codesOf, type MeasureContext, why } from './context.ts';
import { ageCodes, verdicts } from './outlook.ts';

export type GroupResults = Columns<GroupColumn, 'rebalanceSource' | 'outlook' | 'age'>;
export type GroupTopicResults = Columns<GroupTopicColumn, 'lagTrend' | 'outlook', 'groupRow' | 'topicRow'>;

const trends = codesOf(lagTrends);

/** Worst first: unknown is worse than what drains in time, for nobody can say that all is well. */
const urgency = ['losing', 'loses-first', 'insufficient-data', 'drains-before-loss', 'keeps-up'] as const;
const rankOf = new Uint8Array(urgency.length + 1);
for (const [index, outlook] of urgency.entries()) rankOf[verdicts[outlook]] = urgency.length - index;

/** What several series come to. Sums leave out what is unknown; NaN where all is. */
interface Total {
  lag: number;
  maxLag: number;
  maxTimeLagSeconds: number;
  commitDelaySeconds: number;
  lagGrowthPerSecond: number;
  timeToDrainSeconds: number;
  timeToLossEarliestSeconds: number;
  retentionUsedRatio: number;
  lastProgressMs: number;
  lastMovedMs: number;
  uncommitted: number;
  outlook: number;
  series: number;
  /** Series that lag and do not drain, or of which that is not known: the slowest drain of all is then none. */
  notDraining: number;
}

function emptyTotal(): Total {
  return {
    lag: Number.NaN,
    maxLag: Number.NaN,
    maxTimeLagSeconds: Number.NaN,
    commitDelaySeconds: Number.NaN,
    lagGrowthPerSecond: Number.NaN,
    timeToDrainSeconds: Number.NaN,
    timeToLossEarliestSeconds: Number.NaN,
    retentionUsedRatio: Number.NaN,
    lastProgressMs: Number.NaN,
    lastMovedMs: Number.NaN,
    uncommitted: 0,
    outlook: 0,
    series: 0,
    notDraining: 0,
  };
}

const max = (a: number, b: number) => (Number.isNaN(a) || b > a ? b : a);
const min = (a: number, b: number) => (Number.isNaN(a) || b < a ? b : a);
const sum = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);

function addSeries(total: Total, { out }: MeasureContext, row: number): void {
  const { numbers, codes } = out;
  total.series++;
  if (codes.whyLag[row] === why['no-commit']) total.uncommitted++;
  total.lag = sum(total.lag, numbers.lag[row]!);
  total.maxLag = max(total.maxLag, numbers.lag[row]!);
  total.maxTimeLagSeconds = max(total.maxTimeLagSeconds, numbers.timeLagSeconds[row]!);
  total.commitDelaySeconds = max(total.commitDelaySeconds, numbers.commitDelaySeconds[row]!);
  total.lagGrowthPerSecond = sum(total.lagGrowthPerSecond, numbers.lagSlopePerSecond[row]!);
  total.timeToDrainSeconds = max(total.timeToDrainSeconds, numbers.timeToDrainSeconds[row]!);
  if (numbers.lag[row]! > 0 && Number.isNaN(numbers.timeToDrainSeconds[row]!)) total.notDraining++;
  total.timeToLossEarliestSeconds = min(total.timeToLossEarliestSeconds, numbers.timeToLossEarliestSeconds[row]!);
  total.retentionUsedRatio = max(total.retentionUsedRatio, numbers.retentionUsedRatio[row]!);
  total.lastProgressMs = max(total.lastProgressMs, numbers.lastProgressMs[row]!);
  total.lastMovedMs = max(total.lastMovedMs, numbers.lastMovedMs[row]!);
  const outlook = codes.outlook[row]!;
  if (codes.whyLag[row] !== why['no-commit'] && rankOf[outlook]! > rankOf[total.outlook]!) total.outlook = outlook;
}

/** Groups and their topics, from their series. Where no series is judged, the numbers are those of all and there is no outlook. */
export function measureAggregates(context: MeasureContext, groups: GroupResults, groupTopics: GroupTopicResults): void {
  const { history } = context;
  for (let row = 0; row < history.groupTopicTable.rows.count; row++) {
    if (history.groupTopicTable.rows.alive[row] === 0) continue;
    const entry = history.groupTopics[row]!;
    groupTopics.links.groupRow[row] = entry.groupRow;
    groupTopics.links.topicRow[row] = entry.topicRow;
    writeGroupTopic(context, groupTopics, row, totalOf(context, entry.rowByPartition));
  }
  for (let row = 0; row < history.groupTable.rows.count; row++) {
    if (history.groupTable.rows.alive[row] === 0) continue;
    writeGroup(context, groups, row, totalOf(context, history.groups[row]!.seriesRows));
  }
}

function totalOf(context: MeasureContext, rows: Iterable<number> & ArrayLike<number>): Total {
  const { ownership } = context.out.codes;
  const judged = emptyTotal();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row >= 0 && isJudged(ownership[row]!)) addSeries(judged, context, row);
  }
  // Series that nothing was committed on do not speak for the others, yet of a group with nothing else nothing is known.
  if (judged.series > 0 && judged.outlook === 0) judged.outlook = verdicts['insufficient-data'];
  if (judged.series > 0) return judged;
  const all = emptyTotal();
  for (let i = 0; i < rows.length; i++) if (rows[i]! >= 0) addSeries(all, context, rows[i]!);
  all.outlook = 0;
  return all;
}

function writeGroupTopic(
  { history, settings }: MeasureContext,
  out: GroupTopicResults,
  row: number,
  total: Total,
): void {
  const { numbers, codes } = out;
  numbers.lag[row] = total.lag;
  numbers.maxLag[row] = total.maxLag;
  numbers.maxTimeLagSeconds[row] = total.maxTimeLagSeconds;
  numbers.commitDelaySeconds[row] = total.commitDelaySeconds;
  numbers.lagGrowthPerSecond[row] = total.lagGrowthPerSecond;
  numbers.timeToDrainSeconds[row] = total.notDraining > 0 ? Number.NaN : total.timeToDrainSeconds;
  numbers.timeToLossEarliestSeconds[row] = total.timeToLossEarliestSeconds;
  numbers.retentionUsedRatio[row] = total.retentionUsedRatio;
  numbers.uncommittedPartitions[row] = total.uncommitted;
  numbers.lastProgressMs[row] = total.lastProgressMs;
  const counters = history.counters.numbers;
  for (const name in counters)
    numbers[name as keyof typeof counters][row] = counters[name as keyof typeof counters][row]!;
  codes.outlook[row] = total.outlook;
  codes.lagTrend[row] = trendOf(total, settings);
}

/**
 * The broker's clock runs from when the members left, or from a later commit: by a tool, or by somebody whom no poll saw. Without
 * members nobody else commits, so that the last movement is the last commit.
 */
function commitsExpireAt({ groupColumns, brokerConfig }: ClusterHistory, row: number, lastMovedMs: number): number {
  const emptySince = groupColumns.numbers.emptySince[row]!;
  const since = Number.isNaN(lastMovedMs) ? emptySince : Math.max(emptySince, lastMovedMs);
  return since + (brokerConfig.offsetsRetentionMs ?? Number.NaN);
}

/** NaN where no policy promises anything. */
function strictestSlo({ groups, groupTopics }: MeasureContext['history'], groupRow: number): number {
  let strictest = Number.NaN;
  for (const groupTopicRow of groups[groupRow]!.topics.values()) {
    strictest = min(strictest, groupTopics[groupTopicRow]!.policy.sloLagSeconds ?? Number.NaN);
  }
  return strictest;
}

function trendOf({ lag, lagGrowthPerSecond }: Total, settings: MeasureContext['settings']): number {
  if (Number.isNaN(lagGrowthPerSecond)) return trends['insufficient-data'];
  const change = (lagGrowthPerSecond * settings.windowMin) / 1000;
  if (Math.abs(change) <= Math.max(settings.trendRecordsMin, settings.trendEffectMin * lag)) return trends.steady;
  return change > 0 ? trends.rising : trends.falling;
}

function writeGroup(
  { history, nowMs, wallOffsetMs, staleAfterMs }: MeasureContext,
  out: GroupResults,
  row: number,
  total: Total,
): void {
  const { numbers, codes } = out;
  const state = history.groupColumns.numbers;
  numbers.lag[row] = total.lag;
  numbers.maxTimeLagSeconds[row] = total.maxTimeLagSeconds;
  numbers.timeToDrainSeconds[row] = total.notDraining > 0 ? Number.NaN : total.timeToDrainSeconds;
  numbers.timeToLossEarliestSeconds[row] = total.timeToLossEarliestSeconds;
  numbers.retentionUsedRatio[row] = total.retentionUsedRatio;
  numbers.commitDelaySeconds[row] = total.commitDelaySeconds;
  numbers.sloLagSeconds[row] = strictestSlo(history, row);
  numbers.lastMovedMs[row] = total.lastMovedMs;
  numbers.rebalances[row] = state.rebalances[row]!;
  numbers.rebalancingSeconds[row] = state.rebalancingSeconds[row]!;
  numbers.members[row] = state.members[row]!;
  numbers.idleMembers[row] = state.idleMembers[row]!;
  numbers.stateSinceMs[row] = state.stateSince[row]!;
  numbers.commitsExpireAtMs[row] = commitsExpireAt(history, row, total.lastMovedMs);
  numbers.rebalancingSinceMs[row] = state.rebalancingSince[row]!;
  numbers.membershipReadAtMs[row] = state.membershipReadAt[row]! + wallOffsetMs;
  numbers.commitsReadAtMs[row] = state.commitsReadAt[row]! + wallOffsetMs;
  codes.rebalanceSource[row] = history.groupColumns.codes.rebalanceSource[row]!;
  codes.outlook[row] = total.outlook;
  // NaN, where one of the two was never read, makes nothing stale.
  const isStale =
    nowMs - state.membershipReadAt[row]! > staleAfterMs.membership ||
    nowMs - state.commitsReadAt[row]! > staleAfterMs.commits;
  codes.age[row] = isStale ? ageCodes.stale : ageCodes.current;
}
