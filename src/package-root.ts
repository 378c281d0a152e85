import { readFileSync } from 'node:fs';

/** The folder of package.json, one level above src/ as above dist/. */
export const packageRoot = new URL('../', import.meta.url);

const manifest: { version: string } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));

export const { version } = manifest;
