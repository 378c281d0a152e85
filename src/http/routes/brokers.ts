import { Type } from 'typebox';
import { isInState, type PartitionHealth } from '../../model/partition-health.ts';
import { aliveRows } from '../../model/report-view.ts';
import { brokerReport, partitionAnswer } from '../../model/topic-json.ts';
import { BrokerReport, PartitionAnswer } from '../../model/wire.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterQuery, viewsAsked } from '../clusters-asked.ts';
import { oneOf, pageQuery } from '../lists.ts';

const states = { offline: 'offline', 'under-replicated': 'underReplicated', 'under-min-isr': 'underMinIsr' } as const;
const stateWords = Object.keys(states) as (keyof typeof states)[];

export function brokerRoutes(app: App, { board }: HttpParts): void {
  app.get(
    '/brokers',
    {
      schema: {
        operationId: 'listBrokers',
        summary: 'Brokers: up or missing, leaders, replicas, log directories',
        querystring: Type.Object(clusterQuery, { additionalProperties: false }),
        response: { 200: Type.Object({ brokers: Type.Array(BrokerReport) }) },
      },
    },
    ({ query }) => ({
      brokers: viewsAsked(board, query.cluster).flatMap((view) =>
        view.report.brokers.map((_, row) => brokerReport(view, row)),
      ),
    }),
  );

  app.get(
    '/partitions',
    {
      schema: {
        operationId: 'listPartitions',
        summary: 'Partitions with their replicas; with `state`, those that are in it',
        querystring: Type.Object(
          { ...clusterQuery, state: Type.Optional(oneOf(stateWords)), ...pageQuery },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ total: Type.Integer(), partitions: Type.Array(PartitionAnswer) }) },
      },
    },
    ({ query }) => {
      const state: keyof PartitionHealth | undefined = query.state === undefined ? undefined : states[query.state];
      const found = viewsAsked(board, query.cluster).flatMap((view) => {
        const rows = aliveRows(view.report.partitions);
        const inState = rows.filter((row) => state === undefined || isInState(view.report, row, state));
        return Array.from(inState, (row) => ({ view, row }));
      });
      const page = found.slice(query.offset, query.offset + query.limit);
      return { total: found.length, partitions: page.map(({ view, row }) => partitionAnswer(view, row)) };
    },
  );
}
