import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempDisposableSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

/** What Biome says, by this project's settings, of a file of that content: one line a fault. */
async function lint(file: string, source: string): Promise<string> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-lint-'));
  const settings = JSON.parse(await readFile('biome.json', 'utf8'));
  await writeFile(join(folder.path, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }));
  await cp('lint', join(folder.path, 'lint'), { recursive: true });
  const planted = join(folder.path, file);
  await mkdir(dirname(planted), { recursive: true });
  await writeFile(planted, source);
  const command = resolve('node_modules/.bin/biome');
  const biome = spawn(command, ['lint', '--reporter=github', '--max-diagnostics=none', '.'], { cwd: folder.path });
  const [output, errors] = await Promise.all([text(biome.stdout), text(biome.stderr)]);
  return output + errors;
}

/** For each row of the table of folders (CONTRIBUTING.md): what a file there may import, and what it may not. */
const rows: Record<string, { mayImport: readonly string[]; mayNotImport: readonly string[] }> = {
  'src/model/planted.ts': {
    mayImport: ['./snapshot.ts', 'typebox'],
    mayNotImport: ['../collectors/run.ts', 'yaml', 'node:fs', '../log.ts'],
  },
  'src/kafka/wire/planted.ts': {
    mayImport: ['../port.ts', '../../model/snapshot.ts', '@platformatic/kafka', 'node:net'],
    mayNotImport: ['../../collectors/scope.ts', 'typebox'],
  },
  'src/collectors/planted.ts': {
    mayImport: ['../kafka/port.ts', '../model/snapshot.ts', 'typebox'],
    mayNotImport: ['../kafka/wire/wire-port.ts', '@platformatic/kafka', '../engine/engine.ts'],
  },
  'src/history/planted.ts': {
    mayImport: ['../model/snapshot.ts'],
    mayNotImport: ['../evaluators/rule.ts', 'node:fs'],
  },
  'src/evaluators/rules/planted.ts': {
    mayImport: ['../rule.ts', '../../model/report.ts', '../../history/curve.ts', 'typebox'],
    mayNotImport: ['../../engine/ledger.ts', 'node:crypto'],
  },
  'src/engine/planted.ts': {
    mayImport: ['../evaluators/rule.ts', '../history/curve.ts', '../model/report.ts', 'typebox'],
    mayNotImport: ['../store/store.ts', 'node:fs', 'pino'],
  },
  'src/store/planted.ts': {
    mayImport: ['../model/report.ts', 'better-sqlite3', 'node:fs'],
    mayNotImport: ['../engine/engine.ts', 'pino'],
  },
  'src/metrics/planted.ts': {
    mayImport: ['../model/report.ts', 'prom-client'],
    mayNotImport: ['../http/server.ts', 'fastify'],
  },
  'src/config/planted.ts': {
    mayImport: ['../model/policy.ts', '../collectors/index.ts', '../evaluators/measures/index.ts', 'yaml', 'typebox'],
    mayNotImport: ['../collectors/run.ts', '../evaluators/rule.ts', 'node:fs'],
  },
  'src/http/routes/planted.ts': {
    mayImport: ['../../model/wire.ts', '../../metrics/exposition.ts', 'fastify', '@fastify/swagger', 'typebox'],
    mayNotImport: ['../../store/store.ts', '../../kafka/port.ts', 'better-sqlite3'],
  },
  'src/commands/planted.ts': {
    mayImport: ['../daemon.ts', '../store/store.ts', 'commander', 'node:fs'],
    mayNotImport: ['../main.ts', 'fastify'],
  },
  'src/planted.ts': {
    mayImport: ['./http/server.ts', 'pino', 'node-cron'],
    mayNotImport: ['./main.ts', 'better-sqlite3'],
  },
};

describe('the linter knows what each folder may import', () => {
  for (const [file, { mayImport, mayNotImport }] of Object.entries(rows)) {
    it(file, async () => {
      // A type alone would tie two folders together as well.
      const lines = [...mayImport, ...mayNotImport].map((source, line) =>
        line % 2 === 0 ? `import { a${line} } from '${source}';` : `import type { a${line} } from '${source}';`,
      );
      const said = await lint(file, lines.join('\n'));
      const refused = [...said.matchAll(/noRestrictedImports,[^\n]*?line=(\d+)/g)].map(([, line]) => Number(line));
      assert.deepEqual(
        refused.toSorted((a, b) => a - b),
        mayNotImport.map((_, index) => mayImport.length + index + 1),
        said,
      );
    });
  }
});

describe('the linter refuses', () => {
  const planted: Record<string, [file: string, source: string, rule: RegExp]> = {
    'the clock in the engine': ['src/engine/planted.ts', 'export const a = Date.now();', /noRestrictedGlobals/],
    'randomness in a measure': [
      'src/evaluators/measures/planted.ts',
      'export const a = Math.random();',
      /No randomness here/,
    ],
    'the process outside main.ts': ['src/store/planted.ts', 'export const a = process.env;', /noRestrictedGlobals/],
    'a pause in a test': ['test/kafka/planted.test.ts', 'setTimeout(() => {}, 5);', /noRestrictedGlobals/],
    'a pause by promise in a test': [
      'test/kafka/planted.test.ts',
      "import { setTimeout } from 'node:timers/promises';\nawait setTimeout(5);",
      /noRestrictedImports/,
    ],
    'a replaced module in a test': [
      'test/unit/planted.test.ts',
      "import { mock } from 'node:test';\nmock.module('x');",
      /No module mocks/,
    ],
    'a replaced module by the test context': [
      'test/unit/planted.test.ts',
      "import { it } from 'node:test';\nit('a', (t) => t.mock.module('x', {}));",
      /No module mocks/,
    ],
  };
  for (const [name, [file, source, rule]] of Object.entries(planted)) {
    it(name, async () => assert.match(await lint(file, source), rule));
  }

  it('none of these where they belong', async () => {
    assert.doesNotMatch(await lint('src/main.ts', 'export const a = process.env;'), /noRestrictedGlobals/);
    assert.doesNotMatch(await lint('test/support/until.ts', 'setTimeout(() => {}, 5);'), /noRestrictedGlobals/);
    assert.doesNotMatch(await lint('src/engine/planted.ts', 'export const a = Math.max(1, 2);'), /No randomness/);
  });
});
