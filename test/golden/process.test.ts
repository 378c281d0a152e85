import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';

/** The real binary on a cluster that nobody can reach, and what it has written so far. */
function launch(configFile: string): { child: ChildProcess; written: { out: string; log: string } } {
  const child = spawn('node', ['src/main.ts', '--config', configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { out: '', log: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    written.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    written.log += chunk;
  });
  return { child, written };
}

describe('the process', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 on ${signal}, and reads its settings again on SIGHUP`, async () => {
      using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-process-'));
      const configFile = join(folder.path, 'tidemark.yaml');
      const settings = { dataDir: folder.path, http: { port: 0 }, clusters: [{ bootstrapServers: '127.0.0.1:1' }] };
      writeFileSync(configFile, JSON.stringify(settings));
      const { child, written } = launch(configFile);
      try {
        await until('it serves', () => written.out.includes('The page is at http://127.0.0.1:'));
        await until('it takes signals', () => written.log.includes('tidemark watches'));
        writeFileSync(configFile, 'interval: soon');
        child.kill('SIGHUP');
        await until('it refuses what is wrong', () => written.log.includes('interval: \\"soon\\" is no duration'));
        writeFileSync(configFile, JSON.stringify({ ...settings, log: { level: 'debug' } }));
        child.kill('SIGHUP');
        await until('it takes what is right', () => written.log.includes('the settings were read again'));
      } finally {
        child.kill(signal);
      }
      const [status] = await once(child, 'exit');
      assert.equal(status, 0, written.log);
      for (const line of written.log.trimEnd().split('\n')) assert.ok(JSON.parse(line).msg, line);
    });
  }
});
