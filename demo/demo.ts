/** The demo: three real brokers, some twenty consumer groups, and tidemark on them. `scripts/demo` prepares and runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { KafkaCluster } from '../test/support/kafka-cluster.ts';
import { until } from '../test/support/until.ts';
import { Child } from './child.ts';
import { askForGroups, summary } from './summary.ts';
import { demoGroups } from './workload/groups.ts';

const usage = 'scripts/demo [--seconds N] [--port P]';
const root = join(import.meta.dirname, '..');

interface DemoOptions {
  /** Port of the page. */
  readonly port: number;
  /** How long it runs once the page is up; until Ctrl-C when undefined. */
  readonly seconds: number | undefined;
}

/** Runs until the time is over or the signal comes; everything that was started is stopped, whatever happens. */
async function runDemo({ port, seconds }: DemoOptions, stop: AbortSignal): Promise<void> {
  await using started = new AsyncDisposableStack();
  const address = `http://127.0.0.1:${port}`;
  const logFolder = join(root, 'output', `demo-${port}`);
  const trace = join(logFolder, 'trace.jsonl');
  rmSync(trace, { force: true });

  say('Starting three Kafka brokers ...');
  const cluster = started.use(await KafkaCluster.start({ heapMegabytes: 512 }));
  stop.throwIfAborted();

  say(`Brokers are up: ${cluster.bootstrapServers}. Starting ${demoGroups.length} consumer groups ...`);
  const watched = { logFolder, watchedFolder: cluster.folder };
  const workload = Child.start({
    name: 'workload',
    args: [join(root, 'demo/workload/main.ts'), cluster.bootstrapServers],
    // librdkafka's consumers wait for records on Node's worker threads, one each.
    env: { UV_THREADPOOL_SIZE: '64' },
    ...watched,
  });
  // Nothing of it is worth keeping: no goodbyes.
  started.defer(() => workload.stop('SIGKILL'));

  const dataDir = mkdtempSync(join(tmpdir(), 'tidemark-demo-'));
  started.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const tidemark = Child.start({
    name: 'tidemark',
    command: join(root, 'scripts/tidemark'),
    args: tidemarkArgs({ cluster, port, dataDir, trace }),
    ...watched,
  });
  started.defer(() => tidemark.stop('SIGTERM'));

  const failure = Promise.race([workload.failsAtExit(), tidemark.failsAtExit()]);
  // What still waits when something else has failed would keep us alive.
  const over = new AbortController();
  started.defer(() => over.abort());
  const signal = AbortSignal.any([stop, over.signal]);
  const wait = { withinMs: 120_000, signal };
  await Promise.race([failure, until('the groups run', () => workload.log.includes('ready'), wait)]);
  await Promise.race([failure, until('the page is up', () => isReady(address), wait)]);
  say(whatToLookAt({ address, logFolder, trace }));
  const lastsMs = seconds === undefined ? maxTimerMs : seconds * 1000;
  await Promise.race([failure, pause(lastsMs, undefined, { signal })]);
  say(summary(await askForGroups(address)));
}

/** The longest that a timer can wait: 24 days. */
const maxTimerMs = 2 ** 31 - 1;

interface TidemarkStart {
  readonly cluster: KafkaCluster;
  readonly port: number;
  readonly dataDir: string;
  readonly trace: string;
}

function tidemarkArgs({ cluster, port, dataDir, trace }: TidemarkStart): string[] {
  return [
    'run',
    ...['--config', join(root, 'demo/tidemark.yaml')],
    ...['--bootstrap-servers', cluster.bootstrapServers],
    ...['--cluster-name', 'demo'],
    ...['--port', String(port)],
    ...['--data-dir', dataDir],
    ...['--record', trace],
  ];
}

async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`${address}/readyz`);
  return response.ok;
}

function whatToLookAt({ address, logFolder, trace }: { address: string; logFolder: string; trace: string }): string {
  const lines = (inTrouble: boolean) =>
    demoGroups
      .filter(({ finds }) => finds.length > 0 === inTrouble)
      .map(({ groupId, shows }) => `  ${groupId.padEnd(22)} ${shows}`);
  return [
    '',
    `The page:    ${address}/`,
    `For scrapes: ${address}/metrics`,
    `Logs:        ${logFolder}`,
    `Recording:   ${trace}, for scripts/tidemark replay --config demo/tidemark.yaml`,
    '',
    'In trouble:',
    ...lines(true),
    'Quiet, however it looks:',
    ...lines(false),
    '',
    'The first clocks to a loss show after a minute, the losses after two. Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws Error with a sentence about what is wrong */
function parseOptions(args: readonly string[]): DemoOptions {
  const options = { seconds: { type: 'string' }, port: { type: 'string', default: '8080' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port ${values.port} is no port`);
  if (values.seconds === undefined) return { port, seconds: undefined };
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds ${values.seconds} is no time`);
  return { port, seconds };
}

/** Exit codes: 0 ended as asked, 1 something failed, 2 wrong use. */
async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nusage: ${usage}\n`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  try {
    await runDemo(options, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) {
      process.stderr.write(`The demo failed: ${(error as Error).message}\n`);
      return 1;
    }
    say('Stopped.');
  }
  return 0;
}

process.exitCode = await main();
