import { Type } from 'typebox';
import { ClusterAnswer } from '../../model/wire.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterAnswer } from '../cluster-answer.ts';

export function clusterRoutes(app: App, { board, clock, version }: HttpParts): void {
  app.get(
    '/clusters',
    {
      schema: {
        operationId: 'listClusters',
        summary: 'Each cluster in a line: reachable, age of data, brokers, partitions, groups, findings, collectors',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object({ clusters: Type.Array(ClusterAnswer), serverMs: Type.Number(), version: Type.String() }),
        },
      },
    },
    (_request, reply) => {
      // It tells the server's time, by which all ages are reckoned: an answer that was kept would stop the clock.
      reply.header('cache-control', 'no-store');
      return { clusters: board.slots.map((slot) => clusterAnswer(slot)), serverMs: clock.wallMs(), version };
    },
  );
}
