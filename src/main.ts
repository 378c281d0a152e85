#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';

// Stripping and compiling all modules is most of a short command's time; the cache halves it from the second start on.
enableCompileCache();
const { runCommand } = await import('./commands/index.ts');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// A reader that has seen enough (`tidemark replay ... | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommand({
  arguments: process.argv.slice(2),
  environment: process.env,
  stdin: process.stdin,
  async print(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  complain(line) {
    process.stderr.write(`${line}\n`);
  },
  stop: stop.signal,
  onReload(listener) {
    process.on('SIGHUP', listener);
  },
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  nodeVersion: process.version,
});
