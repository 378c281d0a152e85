import { Type } from 'typebox';
import { TidemarkError } from '../../model/errors.ts';
import { groupAnswer, groupSummary } from '../../model/group-json.ts';
import { outlooks } from '../../model/report.ts';
import { aliveRows, type ReportView } from '../../model/report-view.ts';
import { GroupAnswer, GroupSummary } from '../../model/wire.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterQuery, viewAsked, viewsAsked } from '../clusters-asked.ts';
import { type GroupRef, groupSorts, sortGroups } from '../group-order.ts';
import { sparklines } from '../history-points.ts';
import { filterQuery, holds, oneOf, pageQuery } from '../lists.ts';

const outlookWords = outlooks.filter((outlook) => outlook !== null);

const GroupsQuery = Type.Object(
  {
    ...clusterQuery,
    filter: Type.Optional({ ...filterQuery.filter, description: 'A part of the name of a group, topic or team' }),
    outlook: Type.Optional(oneOf(outlookWords)),
    topic: Type.Optional(Type.String({ description: 'Groups that read this topic' })),
    finding: Type.Optional(Type.String({ description: 'Groups with an open finding of this code' })),
    sort: oneOf(groupSorts, { default: 'risk', description: 'risk: by deadline, not by lag' }),
    order: Type.Optional(oneOf(['asc', 'desc'], { description: 'Worst first where it is not given' })),
    ...pageQuery,
    sparkline: Type.Boolean({ default: false, description: 'With an hour of lag, 60 points at most' }),
  },
  { additionalProperties: false },
);
type GroupsQuery = Type.Static<typeof GroupsQuery>;

export function groupRoutes(app: App, { board, history, clock }: HttpParts): void {
  app.get(
    '/groups',
    {
      schema: {
        operationId: 'listGroups',
        summary: 'Groups: filtered, sorted, a page of them',
        querystring: GroupsQuery,
        response: { 200: Type.Object({ total: Type.Integer(), groups: Type.Array(GroupSummary) }) },
      },
    },
    ({ query }) => {
      const found = viewsAsked(board, query.cluster).flatMap((view) => matching(view, query));
      const page = sortGroups(found, query.sort, query.order).slice(query.offset, query.offset + query.limit);
      const groups = page.map(({ view, row }) => groupSummary(view, row));
      return {
        total: found.length,
        groups: query.sparkline ? sparklines(groups, history, clock.wallMs()) : groups,
      };
    },
  );

  app.get(
    '/groups/:groupId',
    {
      schema: {
        operationId: 'getGroup',
        summary: 'One group with each of its partitions, its members, and its findings with evidence',
        params: Type.Object({ groupId: Type.String() }),
        querystring: Type.Object(clusterQuery, { additionalProperties: false }),
        response: { 200: GroupAnswer },
      },
    },
    ({ params, query }) => {
      const view = viewAsked(board, query.cluster);
      const row = view.groupRow(params.groupId);
      if (row === undefined) {
        throw new TidemarkError(
          'request.not-found',
          `No group "${params.groupId}" is known in cluster "${view.report.cluster}".`,
        );
      }
      return groupAnswer(view, row);
    },
  );
}

/** Rows of the groups that the query lets through. */
function matching(view: ReportView, query: GroupsQuery): GroupRef[] {
  const { groups, groupTopics, topics, findings } = view.report;
  const outlook = query.outlook === undefined ? undefined : outlooks.indexOf(query.outlook);
  const withFinding = new Set(findings.filter(({ code }) => code === query.finding).map(({ groupId }) => groupId));
  const namedTopics =
    query.filter === undefined
      ? undefined
      : new Set(aliveRows(topics).filter((row) => holds(query.filter!, [topics.topic[row]])));
  const topicRow = query.topic === undefined ? undefined : view.topicRow(query.topic);
  const reads = (group: number, wanted: (topic: number) => boolean) =>
    view.groupTopicRowsOfGroup(group).some((row) => wanted(groupTopics.topicRow[row]!));
  const passes = (row: number) =>
    (outlook === undefined || groups.outlook[row] === outlook) &&
    (query.finding === undefined || withFinding.has(groups.groupId[row]!)) &&
    (query.topic === undefined || reads(row, (topic) => topic === topicRow)) &&
    (query.filter === undefined ||
      holds(query.filter, [groups.groupId[row], groups.policy[row]!.team]) ||
      reads(row, (topic) => namedTopics!.has(topic)));
  return Array.from(aliveRows(groups).filter(passes), (row) => ({ view, row }));
}
