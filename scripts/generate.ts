/**
 * Writes the documents that come from the source: `npm run generate`. With --check nothing is written, and the exit status is 1
 * where a file is not what the source says: so CI finds what somebody changed on one side only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { metricsDocument } from '../src/metrics/document.ts';
import { configDocument, configSchemaDocument } from './generate/config-documents.ts';
import { errorDocument } from './generate/error-document.ts';
import { findingDocument } from './generate/finding-document.ts';

const documents: Readonly<Record<string, () => string>> = {
  'docs/config.md': configDocument,
  'docs/config.schema.json': configSchemaDocument,
  'docs/errors.md': errorDocument,
  'docs/findings.md': findingDocument,
  'docs/metrics.md': metricsDocument,
};

const check = process.argv.includes('--check');
const root = new URL('../', import.meta.url);
const differing = Object.entries(documents).filter(([file, make]) => {
  const address = new URL(file, root);
  const text = make();
  if (textOf(address) === text) return false;
  if (!check) writeFileSync(address, text);
  return true;
});
const names = differing.map(([file]) => file).join(', ');
if (differing.length === 0) {
  process.stdout.write('Every generated document is what the source says.\n');
} else if (check) {
  process.stderr.write(`${names}: not what the source says; run npm run generate and commit what it writes.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`Written: ${names}.\n`);
}

function textOf(address: URL): string | null {
  try {
    return readFileSync(address, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
