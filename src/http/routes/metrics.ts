import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Page } from '../../metrics/catalogue.ts';
import { formats, negotiateFormat } from '../../metrics/text-format.ts';
import type { App, HttpParts } from '../app.ts';
import { oneOf } from '../lists.ts';

const textAnswer = {
  description: 'Text format, or OpenMetrics where Accept prefers it',
  content: Object.fromEntries(
    Object.values(formats).map(({ contentType }) => [contentType.split(';', 1)[0], { schema: Type.String() }]),
  ),
};

/** What Prometheus scrapes. The answer is in memory and compressed; who wants it plain gets it inflated on the way. */
export function metricsRoutes(app: App, { exposition }: HttpParts): void {
  const send = async (request: FastifyRequest, reply: FastifyReply, pages: readonly Page[]) => {
    const format = negotiateFormat(request.headers.accept);
    const gzip = await exposition.gzip(pages, format);
    reply.header('content-type', formats[format].contentType).header('vary', 'accept, accept-encoding');
    reply.header('cache-control', 'no-store');
    if (acceptsGzip(request.headers['accept-encoding'])) return reply.header('content-encoding', 'gzip').send(gzip);
    return reply.send(Readable.from([gzip]).pipe(createGunzip()));
  };

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary:
          'Groups, topics, brokers, findings and tidemark itself, for Prometheus; on small clusters partitions too',
        querystring: Type.Object({
          detail: Type.Optional(oneOf(['group', 'partition'], { description: 'partition: with all partitions' })),
        }),
        response: { 200: textAnswer },
      },
    },
    ({ query }, reply) => {
      const joined = query.detail === undefined ? exposition.detailJoined : query.detail === 'partition';
      return send(reply.request, reply, joined ? ['main', 'detail'] : ['main']);
    },
  );

  app.get(
    '/metrics/partitions',
    {
      schema: {
        operationId: 'getPartitionMetrics',
        summary: 'The partitions, for a scrape job of their own',
        response: { 200: textAnswer },
      },
    },
    (request, reply) => send(request, reply, ['detail']),
  );
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(header ?? ''));
}
