/**
 * Runs the stages of tests: `scripts/test [stage...]`, all of them when none is named.
 * Ends with the plain line `N passed, N failed`; status 1 when something failed or a stage ran no test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaCluster } from './support/kafka-cluster.ts';
import { bootstrapVariable } from './support/shared-cluster.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Stage {
  readonly name: string;
  /** Steps of scripts/setup that must be done first. */
  readonly needs: readonly string[];
  /** When it fails, nothing heavier is begun. */
  readonly gate: boolean;
  run(): Promise<Counts>;
}

type Check = readonly [string, ...string[]];

const root = join(import.meta.dirname, '..');
const output = join(root, 'output');
const minutes = 60_000;

/** In running order: the quick ones first, those that break brokers last. */
const stages: readonly Stage[] = [
  { name: 'static', needs: [], gate: true, run: () => commands(staticChecks()) },
  { name: 'unit', needs: [], gate: true, run: () => testFiles('unit') },
  { name: 'golden', needs: [], gate: true, run: () => testFiles('golden') },
  { name: 'scoreboard', needs: [], gate: false, run: () => commands(shortScoreboard()) },
  { name: 'kafka', needs: ['kafka', 'native'], gate: false, run: () => onOneCluster('kafka') },
  { name: 'page', needs: ['browser'], gate: false, run: () => testFiles('page') },
  { name: 'ops', needs: ['promtool'], gate: false, run: () => testFiles('ops') },
  { name: 'faults', needs: ['kafka', 'native'], gate: false, run: () => testFiles('faults') },
  { name: 'bench', needs: ['kafka', 'native'], gate: false, run: () => commands(shortBench()) },
];

function staticChecks(): Check[] {
  const checks: Check[] = [
    ['npx', 'biome', 'ci', '.'],
    ['npx', 'tsc', '--noEmit'],
    ['npx', 'tsc', '--noEmit', '--project', 'web'],
  ];
  if (existsSync(join(root, 'scripts/generate.ts'))) checks.push(['node', 'scripts/generate.ts', '--check']);
  if (globSync('knip.*', { cwd: root }).length > 0) checks.push(['npx', 'knip']);
  return checks;
}

/** The smallest case, to see that the bench itself works. */
function shortBench(): Check[] {
  if (!existsSync(join(root, 'test/bench/bench.ts'))) return [];
  return [['node', 'test/bench/bench.ts', '--case', 'small', '--out', join(output, 'bench-small.json')]];
}

/** A few simulated clusters of each kind, on fixed seeds: fails where one is judged worse than was accepted. */
function shortScoreboard(): Check[] {
  return [['node', '--disable-warning=ExperimentalWarning', 'test/scoreboard/scoreboard.ts', '--quick']];
}

/** Runs each command to its end; each counts as one test. */
async function commands(checks: readonly Check[]): Promise<Counts> {
  let passed = 0;
  for (const [command, ...args] of checks) {
    say(`$ ${[command, ...args].join(' ')}`);
    if ((await exitCode(command, args)) === 0) passed++;
  }
  return { passed, failed: checks.length - passed };
}

/** Runs the stage's files on one cluster of three brokers, each file under a prefix of its own. */
async function onOneCluster(stage: string): Promise<Counts> {
  if (filesOf(stage).length === 0) return none;
  await using cluster = await KafkaCluster.start();
  return await testFiles(stage, { [bootstrapVariable]: cluster.bootstrapServers });
}

/** `node --test` over test/<stage>: one file at a time where brokers or browsers need the cores. */
async function testFiles(stage: string, env: Record<string, string> = {}): Promise<Counts> {
  const files = filesOf(stage);
  if (files.length === 0) return none;
  const light = stage === 'unit' || stage === 'golden';
  const countsFile = join(output, `${stage}.counts`);
  rmSync(countsFile, { force: true });
  const args = [
    `--import=${join(root, 'test/support/property-seed.ts')}`,
    '--test',
    `--test-concurrency=${light ? 2 : 1}`,
    // Only against hanging: no test passes or fails by its speed.
    `--test-timeout=${(light ? 2 : 15) * minutes}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'test/support/counts-reporter.ts')}`,
    `--test-reporter-destination=${countsFile}`,
    ...files,
  ];
  const code = await exitCode(process.execPath, args, env);
  const counts = readCounts(countsFile);
  // A run that was broken off has no counts, and a failing status without a failed test is a failure too.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function filesOf(stage: string): string[] {
  return globSync(`test/${stage}/**/*.test.ts`, { cwd: root }).sort();
}

const none: Counts = { passed: 0, failed: 0 };

function readCounts(file: string): Counts {
  if (!existsSync(file)) return none;
  const [passed = 0, failed = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return { passed, failed };
}

async function exitCode(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs one stage with its set-up and says what came of it. */
async function runStage(stage: Stage): Promise<Counts> {
  const startedMs = performance.now();
  say(`\n=== ${stage.name}`);
  let counts = none;
  if (stage.needs.length > 0 && (await exitCode(join(root, 'scripts/setup'), stage.needs)) !== 0) {
    counts = { passed: 0, failed: 1 };
  } else {
    counts = await stage.run();
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const ranNothing = counts.passed + counts.failed === 0;
  const holdsTests = filesOf(stage.name).length > 0;
  if (ranNothing && holdsTests) counts = { passed: 0, failed: 1 };
  const outcome = ranNothing ? (holdsTests ? 'ran no test' : 'nothing to run') : sentence(counts);
  say(`=== ${stage.name}: ${outcome} (${seconds} s)`);
  return counts;
}

function sentence({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = stages.map((stage) => stage.name).join(', ');
    process.stderr.write(`there is no stage ${unknown.join(', ')}; the stages are: ${known}\n`);
    return 2;
  }
  mkdirSync(output, { recursive: true });
  const chosen = stages.filter((stage) => names.length === 0 || names.includes(stage.name));
  let total = none;
  for (const stage of chosen) {
    const counts = await runStage(stage);
    total = { passed: total.passed + counts.passed, failed: total.failed + counts.failed };
    if (stage.gate && counts.failed > 0) {
      say(`${stage.name} failed: the stages after it were not begun`);
      break;
    }
  }
  say(`\n${sentence(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
