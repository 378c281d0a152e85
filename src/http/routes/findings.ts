import { Type } from 'typebox';
import { Finding, severities, severityRank } from '../../model/finding.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterQuery, viewsAsked } from '../clusters-asked.ts';
import { oneOf, pageQuery } from '../lists.ts';

const FindingsQuery = Type.Object(
  {
    ...clusterQuery,
    code: Type.Optional(Type.String({ description: 'One code, or several with commas between' })),
    severity: Type.Optional(oneOf(severities)),
    groupId: Type.Optional(Type.String()),
    ...pageQuery,
    limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Findings at most' }),
  },
  { additionalProperties: false },
);

export function findingRoutes(app: App, { board }: HttpParts): void {
  app.get(
    '/findings',
    {
      schema: {
        operationId: 'listFindings',
        summary: 'Open findings with evidence, worst first; those that another one explains after the others',
        querystring: FindingsQuery,
        response: { 200: Type.Object({ total: Type.Integer(), findings: Type.Array(Finding) }) },
      },
    },
    ({ query }) => {
      const codes = query.code?.split(',');
      const open = viewsAsked(board, query.cluster).flatMap(({ report }) => report.findings);
      const asked = open.filter(
        ({ code, severity, groupId }) =>
          (codes === undefined || codes.includes(code)) &&
          (query.severity === undefined || severity === query.severity) &&
          (query.groupId === undefined || groupId === query.groupId),
      );
      const page = asked.toSorted(byUrgency).slice(query.offset, query.offset + query.limit);
      return { total: asked.length, findings: page };
    },
  );
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    Number(a.cause !== null) - Number(b.cause !== null) ||
    severityRank(b.severity) - severityRank(a.severity) ||
    a.sinceMs - b.sinceMs
  );
}
