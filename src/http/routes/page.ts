import type { App } from '../app.ts';
import type { PageFile } from '../page-files.ts';

/** The page: its own files, and the few modules that it takes from others. Browsers ask each time whether a file is still the same. */
export function pageRoutes(app: App, files: readonly PageFile[]): void {
  for (const file of files) {
    const addresses = file.address === 'index.html' ? ['/', '/index.html'] : [`/${file.address}`];
    for (const url of addresses) {
      app.get(url, { schema: { hide: true } }, async (request, reply) => {
        const { body, contentType, etag } = await file.read();
        reply.header('etag', etag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        return reply.type(contentType).send(body);
      });
    }
  }
}
