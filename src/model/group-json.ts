/** A group of a Report as the objects of wire.ts. */
import type { Finding } from './finding.ts';
import { judgedSeries } from './judged-series.ts';
import { ages, type LagTrend, lagTrends, lossCauses, outlooks, type Report, rebalanceSources } from './report.ts';
import { numberOf, rateOf, secondsOf } from './report-numbers.ts';
import type { ReportView } from './report-view.ts';
import { orElse, soonestLossOf, worstOf } from './series-choice.ts';
import { partitionReport, reasonsOfNulls } from './series-json.ts';
import type { GroupAnswer, GroupFinding, GroupReport, GroupSummary, MemberAnswer } from './wire.ts';

/** Of one group in a list: a group that is stuck on a thousand partitions must not make a megabyte of its row. */
const findingsAtMost = 20;

/** As the list of groups shows it; `row` is one of report.groups. */
export function groupSummary(view: ReportView, row: number): GroupSummary {
  const fields = groupFields(view, row);
  const findings = view.findingsOfGroup(fields.groupId);
  return {
    ...fields,
    partitions: view.report.groups.seriesRows[row]!.length,
    ...(findings.length > findingsAtMost && { openFindings: findings.length }),
    findings: findings.slice(0, findingsAtMost).map(groupFinding),
  };
}

/** As its own page shows it: with its series, members, and findings with evidence. */
export function groupAnswer(view: ReportView, row: number): GroupAnswer {
  const { groups } = view.report;
  const fields = groupFields(view, row);
  return {
    ...fields,
    partitions: groups.seriesRows[row]!.length,
    series: seriesReports(view, row),
    memberList: groups.memberList[row]?.map(memberAnswer) ?? null,
    findings: [...view.findingsOfGroup(fields.groupId)],
  };
}

/** As a `report` line of replay prints it. */
export function groupReport(view: ReportView, row: number): GroupReport {
  return { ...groupFields(view, row), partitions: seriesReports(view, row) };
}

function seriesReports(view: ReportView, row: number) {
  return Array.from(view.report.groups.seriesRows[row]!, (series) => partitionReport(view, series));
}

function groupFields(view: ReportView, row: number) {
  const { report } = view;
  const { groups, series } = report;
  const policy = groups.policy[row]!;
  const speaking = judgedSeries(report, row);
  const worst = worstOf(series, speaking);
  const loss = soonestLossOf(series, speaking);
  const fields = {
    cluster: report.cluster,
    groupId: groups.groupId[row]!,
    type: groups.type[row]!,
    protocolType: groups.protocolType[row]!,
    assignor: groups.assignor[row]!,
    state: groups.state[row]!,
    coordinatorId: groups.coordinatorId[row]!,
    outlook: outlooks[groups.outlook[row]!]!,
    team: policy.team ?? null,
    tier: policy.tier ?? null,
    members: numberOf(groups.members[row]),
    idleMembers: numberOf(groups.idleMembers[row]),
    lag: numberOf(groups.lag[row]),
    maxTimeLagSeconds: secondsOf(groups.maxTimeLagSeconds[row]),
    sloLagSeconds: policy.sloLagSeconds ?? null,
    lagTrend: lagTrendOf(view, row, speaking),
    timeToDrainSeconds: secondsOf(groups.timeToDrainSeconds[row]),
    timeToLossEarliestSeconds: secondsOf(groups.timeToLossEarliestSeconds[row]),
    timeToLossLatestSeconds: secondsOf(loss === null ? undefined : series.timeToLossLatestSeconds[loss]),
    lossBy: loss === null ? null : lossCauses[series.lossBy[loss]!]!,
    retentionUsedRatio: rateOf(groups.retentionUsedRatio[row]),
    worst: worst === null ? null : placeOf(report, worst),
    rebalances: numberOf(groups.rebalances[row]),
    rebalancesLastHour: numberOf(groups.rebalancesLastHour[row]),
    rebalancingSeconds: secondsOf(groups.rebalancingSeconds[row]),
    rebalancingSecondsLastHour: secondsOf(groups.rebalancingSecondsLastHour[row]),
    rebalanceSource: rebalanceSources[groups.rebalanceSource[row]!]!,
    age: ages[groups.age[row]!]!,
    muted: policy.mute.includes('all'),
    readAtMs: numberOf(groups.commitsReadAtMs[row]),
    trendKnownInSeconds: trendKnownInSeconds(report, speaking),
  };
  return { ...fields, unknown: groupUnknowns(view, worst, fields) };
}

/** A group's number is unknown where its worst series' is, or where membership was not read. */
function groupUnknowns(view: ReportView, worst: number | null, fields: { [field: string]: unknown }) {
  return reasonsOfNulls(fields, {
    state: 'membership-unread',
    members: 'membership-unread',
    idleMembers: 'membership-unread',
    ...reasonsOfWorst(view, worst, fields.readAtMs === null),
  });
}

/** Reasons of what a group, or a group on a topic, takes from its series: those of its worst one. */
export function reasonsOfWorst(view: ReportView, worst: number | null, isUnread: boolean) {
  const unread = isUnread ? 'insufficient-data' : null;
  const ofWorst = worst === null ? {} : partitionReport(view, worst).unknown;
  return {
    lag: ofWorst.lag ?? unread,
    maxTimeLagSeconds: ofWorst.timeLagSeconds ?? unread,
    timeToDrainSeconds: ofWorst.timeToDrainSeconds ?? unread,
    timeToLossEarliestSeconds: ofWorst.timeToLossEarliestSeconds ?? unread,
    timeToLossLatestSeconds: ofWorst.timeToLossLatestSeconds ?? unread,
    retentionUsedRatio: ofWorst.retentionUsedRatio ?? unread,
  };
}

function placeOf({ series, partitions, topics }: Report, row: number) {
  const partitionRow = series.partitionRow[row]!;
  return {
    topic: topics.topic[partitions.topicRow[partitionRow]!]!,
    partition: partitions.partition[partitionRow]!,
  };
}

/** Of the topics' trends the one that worries most: it rises if any of them rises. */
const trendsByWorry: readonly LagTrend[] = ['rising', 'falling', 'steady', 'insufficient-data'];

function lagTrendOf(view: ReportView, row: number, speaking: readonly number[]): LagTrend {
  const { groupTopics, series, partitions } = view.report;
  const topics = new Set(speaking.map((each) => partitions.topicRow[series.partitionRow[each]!]!));
  const trends = new Set(
    view
      .groupTopicRowsOfGroup(row)
      .filter((topic) => topics.has(groupTopics.topicRow[topic]!))
      .map((topic) => lagTrends[groupTopics.lagTrend[topic]!]),
  );
  return trendsByWorry.find((trend) => trends.has(trend)) ?? null;
}

/** A trend takes three movements of the committed offset (judgement.md): when the slowest series will have had them. */
const movementsForTrend = 3;

function trendKnownInSeconds({ series, monotonicMs }: Report, speaking: readonly number[]): number | null {
  const missing = lagTrends.indexOf('insufficient-data');
  let longestMs = 0;
  for (const candidate of speaking) {
    if (series.lagTrend[candidate] !== missing) continue;
    const knownAtMs = series.watchedSinceMs[candidate]! + movementsForTrend * series.commitIntervalMs[candidate]!;
    longestMs = Math.max(longestMs, orElse(knownAtMs - monotonicMs, 0));
  }
  return longestMs === 0 ? null : secondsOf(longestMs / 1000);
}

function groupFinding({
  id,
  code,
  severity,
  sinceMs,
  topic,
  partition,
  held,
  cause,
  muted,
  summary,
}: Finding): GroupFinding {
  return {
    id,
    code,
    severity,
    sinceMs,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
    held,
    cause,
    ...(muted === undefined ? {} : { muted }),
    summary,
  };
}

type GroupMember = NonNullable<Report['groups']['memberList'][number]>[number];

function memberAnswer({ memberId, groupInstanceId, clientId, clientHost, assignment }: GroupMember): MemberAnswer {
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    partitions: assignment?.reduce((sum, { partitions }) => sum + partitions.length, 0) ?? 0,
    assignment: assignment?.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })) ?? null,
  };
}
