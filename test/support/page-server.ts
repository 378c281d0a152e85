import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { answerOf } from './page-answers.ts';
import type { Scenario } from './page-fixture.ts';

/** The page over real HTTP, with a scenario's answers behind the API's paths. */
export interface PageServer extends AsyncDisposable {
  url: string;
  /** What is answered from now on; null: tidemark is gone (connections are closed without an answer). */
  show(scenario: Scenario | null): void;
}

const web = new URL('../../web/', import.meta.url);
const modules = new URL('../../node_modules/', import.meta.url);
const vendor: Readonly<Record<string, string>> = {
  '/vendor/preact.mjs': 'preact/dist/preact.mjs',
  '/vendor/hooks.mjs': 'preact/hooks/dist/hooks.mjs',
  '/vendor/htm.mjs': 'htm/preact/index.mjs',
  '/vendor/htm-core.mjs': 'htm/dist/htm.mjs',
  '/vendor/uplot.mjs': 'uplot/dist/uPlot.esm.js',
  '/vendor/uplot.css': 'uplot/dist/uPlot.min.css',
};
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.ts': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
};

export async function startPageServer(scenario: Scenario): Promise<PageServer> {
  let shown: Scenario | null = scenario;
  const policy = await contentSecurityPolicy();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://page');
    if (!url.pathname.startsWith('/api/')) return void sendFile(url.pathname, response, policy);
    if (shown === null) return void request.socket.destroy();
    const answer = answerOf(shown, url);
    response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(answer ?? { error: { code: 'http.not-found', message: `Nothing is known of ${url.pathname}.` } }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show: (next) => {
      shown = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function sendFile(path: string, response: ServerResponse, policy: string): Promise<void> {
  const file = vendor[path] ? new URL(vendor[path], modules) : new URL(`.${path === '/' ? '/index.html' : path}`, web);
  try {
    const text = await readFile(file, 'utf8');
    response.writeHead(200, {
      'content-type': types[extname(path === '/' ? '.html' : path)] ?? 'text/html',
      'content-security-policy': policy,
    });
    response.end(path.endsWith('.ts') ? stripTypeScriptTypes(text) : text);
  } catch {
    response.writeHead(404).end();
  }
}

/** As strict as the daemon's own: nothing inline but the import map, by its hash. */
async function contentSecurityPolicy(): Promise<string> {
  const html = await readFile(new URL('index.html', web), 'utf8');
  const [, map] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const hash = createHash('sha256')
    .update(map ?? '')
    .digest('base64');
  return `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self' data:; connect-src 'self'`;
}
