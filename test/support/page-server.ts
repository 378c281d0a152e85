import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inlineScriptHashes, listPageFiles, type PageFile } from '../../src/http/page-files.ts';
import { answerOf } from './page-answers.ts';
import type { Scenario } from './page-fixture.ts';

/** The page's real files over real HTTP, with a scenario's answers behind the API's paths. */
export interface PageServer extends AsyncDisposable {
  url: string;
  /** What is answered from now on; null: tidemark is gone (connections are closed without an answer). */
  show(scenario: Scenario | null): void;
}

export async function startPageServer(scenario: Scenario): Promise<PageServer> {
  let shown: Scenario | null = scenario;
  const files = await listPageFiles(fileURLToPath(new URL('../../web', import.meta.url)));
  const policy = await contentSecurityPolicy(files);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://page');
    if (!url.pathname.startsWith('/api/')) return void sendFile(files, url.pathname.slice(1), policy, response);
    if (shown === null) return void request.socket.destroy();
    const answer = answerOf(shown, url) ?? notFound(url);
    response.writeHead('error' in answer ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show: (next) => {
      shown = next;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function notFound(url: URL) {
  return { error: { code: 'request.not-found', message: `Nothing is known of ${url.pathname}.`, advice: '' } };
}

async function sendFile(files: readonly PageFile[], path: string, policy: string, response: ServerResponse) {
  const file = files.find(({ address }) => address === (path || 'index.html'));
  if (file === undefined) return void response.writeHead(404).end();
  const { body, contentType } = await file.read();
  response.writeHead(200, { 'content-type': contentType, 'content-security-policy': policy }).end(body);
}

/** As strict as the daemon's own: nothing inline but the import map, by its hash. */
async function contentSecurityPolicy(files: readonly PageFile[]): Promise<string> {
  const index = await files.find(({ address }) => address === 'index.html')!.read();
  const hashes = inlineScriptHashes(index.body.toString()).join(' ');
  return `default-src 'none'; script-src 'self' ${hashes}; style-src 'self'; img-src 'self' data:; connect-src 'self'`;
}
