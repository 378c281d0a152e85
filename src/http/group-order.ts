import { severityRank } from '../model/finding.ts';
import { outlooks } from '../model/report.ts';
import type { ReportView } from '../model/report-view.ts';
import { byNumber, compareText } from './lists.ts';

export const groupSorts = ['risk', 'name', 'lag', 'timeLag', 'loss', 'drain', 'rebalances', 'members'] as const;
export type GroupSort = (typeof groupSorts)[number];
export type Order = 'asc' | 'desc';

/** A row of report.groups. */
export interface GroupRef {
  view: ReportView;
  row: number;
}

const columns = {
  lag: 'lag',
  timeLag: 'maxTimeLagSeconds',
  loss: 'timeToLossEarliestSeconds',
  drain: 'timeToDrainSeconds',
  rebalances: 'rebalancesLastHour',
  members: 'members',
} as const;

/** Which order a reader means who names none: worst first. Loss is worst when it is soon. */
function usualOrder(sort: GroupSort): Order {
  return sort === 'name' || sort === 'loss' ? 'asc' : 'desc';
}

export function sortGroups(groups: readonly GroupRef[], sort: GroupSort, order = usualOrder(sort)): GroupRef[] {
  if (sort === 'risk') {
    const byRisk = sortByRisk(groups);
    return order === 'desc' ? byRisk : byRisk.reverse();
  }
  if (sort === 'name') {
    const sign = order === 'desc' ? -1 : 1;
    return groups.toSorted((a, b) => sign * compareText(nameOf(a), nameOf(b)));
  }
  const column = columns[sort];
  return groups.toSorted(byNumber(({ view, row }) => view.report.groups[column][row], nameOf, order));
}

function nameOf({ view, row }: GroupRef): string {
  return view.report.groups.groupId[row]!;
}

/**
 * By deadline, not by lag: who loses data now, who loses it first, then who has the worst finding, then who is furthest behind.
 * Muted groups come last.
 */
function sortByRisk(groups: readonly GroupRef[]): GroupRef[] {
  return groups
    .map((group) => ({ group, key: riskKey(group) }))
    .sort((a, b) => compareKeys(a.key, b.key) || compareText(nameOf(a.group), nameOf(b.group)))
    .map(({ group }) => group);
}

const losing = outlooks.indexOf('losing');
const losesFirst = outlooks.indexOf('loses-first');

/** Smaller is riskier, number by number. */
function riskKey({ view, row }: GroupRef): readonly number[] {
  const { groups } = view.report;
  const outlook = groups.outlook[row]!;
  const muted = groups.policy[row]!.mute.includes('all');
  const atRisk = outlook === losing || outlook === losesFirst;
  return [
    muted ? 1 : 0,
    atRisk ? -outlook : 0,
    atRisk ? orElse(groups.timeToLossEarliestSeconds[row]!, Number.POSITIVE_INFINITY) : 0,
    -worstSeverity(view, groups.groupId[row]!),
    -outlook,
    -orElse(groups.retentionUsedRatio[row]!, 0),
    -orElse(groups.maxTimeLagSeconds[row]!, 0),
    -orElse(groups.lag[row]!, 0),
  ];
}

/** Rank of its worst finding that counts; -1 where it has none. */
function worstSeverity(view: ReportView, groupId: string): number {
  const ranks = view
    .findingsOfGroup(groupId)
    .filter(({ muted }) => muted !== true)
    .map(({ severity }) => severityRank(severity));
  return Math.max(-1, ...ranks);
}

function orElse(value: number, instead: number): number {
  return Number.isNaN(value) ? instead : value;
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [i, left] of a.entries()) if (left !== b[i]) return left < b[i]! ? -1 : 1;
  return 0;
}
