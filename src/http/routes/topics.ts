import { Type } from 'typebox';
import { TidemarkError } from '../../model/errors.ts';
import { aliveRows } from '../../model/report-view.ts';
import { topicAnswer, topicReport } from '../../model/topic-json.ts';
import { TopicAnswer, TopicReport } from '../../model/wire.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterQuery, viewAsked, viewsAsked } from '../clusters-asked.ts';
import { byNumber, compareText, filterQuery, holds, oneOf, pageQuery } from '../lists.ts';

const topicSorts = ['name', 'produceRate', 'sizeBytes', 'partitions', 'groups', 'underReplicated', 'offline'] as const;

const TopicsQuery = Type.Object(
  {
    ...clusterQuery,
    ...filterQuery,
    sort: oneOf(topicSorts, { default: 'name' }),
    order: Type.Optional(
      oneOf(['asc', 'desc'], { description: 'Names upwards and numbers downwards where not given' }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

export function topicRoutes(app: App, { board }: HttpParts): void {
  app.get(
    '/topics',
    {
      schema: {
        operationId: 'listTopics',
        summary: 'Topics: filtered, sorted, a page of them',
        querystring: TopicsQuery,
        response: { 200: Type.Object({ total: Type.Integer(), topics: Type.Array(TopicReport) }) },
      },
    },
    ({ query }) => {
      const { filter, sort, order } = query;
      const found = viewsAsked(board, query.cluster).flatMap((view) => {
        const { topics } = view.report;
        const rows = aliveRows(topics).filter((row) => filter === undefined || holds(filter, [topics.topic[row]]));
        return Array.from(rows, (row) => topicReport(view, row));
      });
      return {
        total: found.length,
        topics: sorted(found, sort, order).slice(query.offset, query.offset + query.limit),
      };
    },
  );

  app.get(
    '/topics/:topic',
    {
      schema: {
        operationId: 'getTopic',
        summary: 'One topic with its partitions, and the groups that read it',
        params: Type.Object({ topic: Type.String() }),
        querystring: Type.Object(clusterQuery, { additionalProperties: false }),
        response: { 200: TopicAnswer },
      },
    },
    ({ params, query }) => {
      const view = viewAsked(board, query.cluster);
      const row = view.topicRow(params.topic);
      if (row === undefined) {
        throw new TidemarkError(
          'request.not-found',
          `No topic "${params.topic}" is known in cluster "${view.report.cluster}".`,
        );
      }
      return topicAnswer(view, row);
    },
  );
}

function sorted(topics: TopicReport[], sort: (typeof topicSorts)[number], order: 'asc' | 'desc' | undefined) {
  const nameOf = ({ topic }: TopicReport) => topic;
  if (sort !== 'name') return topics.toSorted(byNumber((topic) => topic[sort], nameOf, order ?? 'desc'));
  const sign = order === 'desc' ? -1 : 1;
  return topics.toSorted((a, b) => sign * compareText(a.topic, b.topic));
}
