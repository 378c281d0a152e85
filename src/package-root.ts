import { readFileSync } from 'node:fs';

/** The folder of package.json: sources stand one level below it, what the build emits two. */
export const packageRoot = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url);

const manifest: { version: string } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));

export const { version } = manifest;
