import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { askForGroups } from '../../demo/summary.ts';
import { demoGroups } from '../../demo/workload/groups.ts';
import type { Transition } from '../../src/model/finding.ts';
import { freePorts } from '../support/ports.ts';
import { tidemark } from '../support/tidemark-command.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'demo/demo.ts');
const [port = 0] = await freePorts(1);
const demo = spawn(process.execPath, [script, '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
const exited = once(demo, 'exit');
/** Aborted when it ends by itself: nothing will be found then. */
const ended = new AbortController();
demo.once('exit', () => ended.abort(new Error('the demo has ended: see its error above')));
after(() => {
  demo.kill('SIGTERM');
});

/** Codes that any look has shown, by group: those that wake somebody, and all. */
const loud = new Map(demoGroups.map(({ groupId }) => [groupId, new Set<string>()]));
const all = new Map(demoGroups.map(({ groupId }) => [groupId, new Set<string>()]));

async function look(): Promise<void> {
  for (const [groupId, { findings }] of await askForGroups(`http://127.0.0.1:${port}`)) {
    for (const { code, severity } of findings) {
      all.get(groupId)?.add(code);
      if (severity !== 'info') loud.get(groupId)?.add(code);
    }
  }
}

function missing(): string[] {
  return demoGroups.flatMap(({ groupId, finds }) =>
    finds.filter((code) => !all.get(groupId)?.has(code)).map((code) => `${groupId}: ${code}`),
  );
}

/** What was said beyond what is wrong: in trouble or quiet, each group has exactly its findings. */
function unfounded(): string[] {
  return demoGroups.flatMap(({ groupId, finds, mayFind = [] }) =>
    [...(loud.get(groupId) ?? [])]
      .filter((code) => !finds.includes(code) && !mayFind.includes(code))
      .map((code) => `${groupId}: ${code}`),
  );
}

/** So many looks after the last trouble was found: by then a quiet group has been watched for longer than any threshold. */
const looksAfter = 60;

test('on the demo, each group in trouble has exactly its findings, and the quiet ones stay quiet to the end', async () => {
  const allFound = until(
    'every group in trouble is found',
    async () => {
      await look();
      return missing().length === 0;
    },
    { withinMs: 600_000, everyMs: 1_000, signal: ended.signal },
  );
  await allFound.catch((cause) => assert.fail(`not found: ${missing().join(', ')} (${cause})`));
  let looks = 0;
  await until(
    'the quiet groups have been watched for a while longer',
    async () => {
      await look();
      looks++;
      return looks === looksAfter;
    },
    { withinMs: 300_000, everyMs: 1_000, signal: ended.signal },
  );
  assert.deepEqual(unfounded(), []);
});

/** What replay must come to again, to the millisecond. */
function comparable({ type, code, severity, groupId, topic, partition, brokerId, atMs, sinceMs }: Transition) {
  return JSON.stringify([atMs, type, code, severity, groupId, topic, partition, brokerId, sinceMs]);
}

test('replay of what the daemon recorded says what it said live', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/events?limit=5000`);
  const { transitions } = (await response.json()) as { transitions: readonly Transition[] };
  const lastMs = Math.max(...transitions.map(({ atMs }) => atMs));
  const trace = join(root, 'output', `demo-${port}`, 'trace.jsonl');
  // Written beside the watching.
  await until('the cycle of the last one is recorded', () => readFileSync(trace, 'utf8').includes(`"atMs":${lastMs},`));
  const replayed = await tidemark(['replay', '--config', join(root, 'demo/tidemark.yaml'), trace]);
  // The daemon goes on writing: the last line may be cut.
  const lines = replayed.stdout.split('\n').filter((line) => line !== '');
  const said = lines.map((line) => JSON.parse(line) as Transition).filter(({ atMs }) => atMs <= lastMs);
  assert.deepEqual(said.map(comparable).toSorted(), transitions.map(comparable).toSorted());
});

test('Ctrl-C ends the demo with status 0, and nothing answers any more', async () => {
  demo.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
});
