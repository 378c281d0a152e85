import type { App, HttpParts } from './app.ts';

/**
 * Answers about what a cycle found change when one ends, so the board's version is their ETag: a page that polls within a cycle gets a 304
 * without anything being made. The start time is in it, since versions begin anew with the process.
 */
export function revalidate(app: App, { board, clock }: HttpParts): void {
  const startedAt = clock.wallMs().toString(36);
  const etag = () => `"${startedAt}-${board.version.toString(36)}"`;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag()) return reply.header('etag', etag()).code(304).send();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 200) reply.header('etag', etag());
  });
}
