#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_MMAP_THRESHOLD_=65536 node --max-semi-space-size=2 --heap-growing-percent=30 --disable-warning=ExperimentalWarning
// The line above is the only place of these settings. They halve the memory of a daemon on 100,000 series (docs/decisions.md): most
// of it is buffers outside of V8's heap, which glibc would otherwise keep when they are freed.
import { once } from 'node:events';
import { runCommand } from './commands/index.ts';

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
