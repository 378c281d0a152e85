import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules that the page takes from node_modules, by the address at which its import map looks for them. */
const vendorModules = {
  'vendor/preact.mjs': 'preact',
  'vendor/hooks.mjs': 'preact/hooks',
  'vendor/htm-core.mjs': 'htm',
  'vendor/htm.mjs': 'htm/preact',
  'vendor/uplot.mjs': 'uplot/dist/uPlot.esm.js',
  'vendor/uplot.css': 'uplot/dist/uPlot.min.css',
} as const;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.mjs': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};

/** A file of the page, ready to be sent. */
export interface PageContent {
  body: Buffer;
  contentType: string;
  etag: string;
}

/**
 * One file of the page. TypeScript is served as JavaScript: types are blanked out, so that lines and columns stay those of the
 * source and nothing has to be built. The content is kept until the file changes.
 */
export class PageFile {
  /** Without a leading slash. */
  readonly address: string;
  readonly #path: string;
  #kept: { mtimeMs: number; content: PageContent } | null = null;

  constructor(address: string, path: string) {
    this.address = address;
    this.#path = path;
  }

  async read(): Promise<PageContent> {
    const { mtimeMs } = await stat(this.#path);
    if (this.#kept?.mtimeMs !== mtimeMs) this.#kept = { mtimeMs, content: await this.#load() };
    return this.#kept.content;
  }

  async #load(): Promise<PageContent> {
    const source = await readFile(this.#path);
    const extension = extname(this.#path);
    const body = extension === '.ts' ? Buffer.from(stripTypeScriptTypes(source.toString())) : source;
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    return { body, contentType: contentTypes[extension]!, etag };
  }
}

/** All that the page consists of, listed once at start: nothing else can be asked for, whatever path a client writes. */
export async function listPageFiles(webDirectory: string): Promise<PageFile[]> {
  const entries = await readdir(webDirectory, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile() && extname(entry.name) in contentTypes)
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => new PageFile(relative(webDirectory, path).split(sep).join('/'), path));
  const vendor = Object.entries(vendorModules).map(
    ([address, module]) => new PageFile(address, fileURLToPath(import.meta.resolve(module))),
  );
  return [...own, ...vendor];
}

/** Sources for script-src that allow the inline scripts of a document (its import map) and no other. */
export function inlineScriptHashes(html: string): string[] {
  const inline = html.matchAll(/<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  return Array.from(inline, ([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`);
}
