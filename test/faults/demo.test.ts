import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { askForGroups } from '../../demo/summary.ts';
import { demoGroups } from '../../demo/workload/groups.ts';
import { freePorts } from '../support/ports.ts';
import { until } from '../support/until.ts';

const script = join(import.meta.dirname, '../../demo/demo.ts');
const [port = 0] = await freePorts(1);
const demo = spawn(process.execPath, [script, '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
const exited = once(demo, 'exit');
after(() => {
  demo.kill('SIGTERM');
});

const inTrouble = demoGroups.filter(({ finds }) => finds.length > 0);
const quiet = demoGroups.filter(({ finds }) => finds.length === 0);

/** Warnings and worse that any look has shown, by group. */
const found = new Map(demoGroups.map(({ groupId }) => [groupId, new Set<string>()]));

/** Looks once more, and says what is still to be found. */
async function lookForTheRest(): Promise<string[]> {
  for (const [groupId, { findings }] of await askForGroups(`http://127.0.0.1:${port}`)) {
    for (const { code, severity } of findings) if (severity !== 'info') found.get(groupId)?.add(code);
  }
  return inTrouble.flatMap(({ groupId, finds }) =>
    finds.filter((code) => !found.get(groupId)?.has(code)).map((code) => `${groupId}: ${code}`),
  );
}

test('on the demo, each group in trouble is found, and no other', async () => {
  let missing: string[] = [];
  const allFound = until(
    'every group in trouble is found',
    async () => {
      missing = await lookForTheRest();
      return missing.length === 0;
    },
    { withinMs: 600_000, everyMs: 1_000 },
  );
  await allFound.catch((cause) => assert.fail(`not found: ${missing.join(', ')} (${cause})`));
  for (const { groupId } of quiet) assert.deepEqual([...(found.get(groupId) ?? [])], [], groupId);
});

test('Ctrl-C ends the demo with status 0, and nothing answers any more', async () => {
  demo.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
});
