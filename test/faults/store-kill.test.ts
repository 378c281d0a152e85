import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startMs, temporaryStore } from '../unit/store/temporary-store.ts';

const writer = fileURLToPath(new URL('store-writer.ts', import.meta.url));
const everMs = startMs * 2;

/** Lets a process commit cycle after cycle, kills it once it has told of so many, and returns the last that it told of. */
async function writeAndKill(directory: string, cycles: number): Promise<number> {
  const child = spawn(execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let told = -1;
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    told = Number(line);
    count++;
    if (count === cycles) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself: see its error above');
  return told;
}

test('kill -9 in the middle of writing, again and again: nothing committed is lost, nothing is doubled', async (t) => {
  const opened = temporaryStore(t);
  const { directory } = opened;
  opened.store[Symbol.dispose]();
  for (const cycles of [1, 7, 40, 2, 23]) {
    const told = await writeAndKill(directory, cycles);
    const store = opened.reopen();
    const { memory, snapshots } = store.load('c1');
    assert.ok(memory !== null);
    const last = (memory.atMs - startMs) / 15_000;
    // The one after the last that was told may have been committed, too: the kill came before its line.
    assert.ok(last === told || last === told + 1, `stored up to ${last}, told of ${told}`);
    assert.deepEqual(memory.findingsRaised, [['stalled', last]]);
    const expected = Array.from({ length: last + 1 }, (_, n) => n);
    const lags = store.points({ cluster: 'c1', groupId: 'g7' }, 'lag', 0, everMs, 10_000);
    assert.deepEqual(
      lags.map(([, lag]) => lag),
      expected,
    );
    const key = { cluster: 'c1', groupId: 'g19', topic: 't0', partition: 49 };
    const commits = store.points(key, 'committedOffset', 0, everMs, 10_000);
    assert.deepEqual(
      commits.map(([, offset]) => offset),
      expected.map((n) => n * 1_000_003),
    );
    const findings = store.transitions('c1', 0, everMs, 10_000).map(({ id }) => id);
    assert.deepEqual(
      findings.toReversed(),
      expected.map((n) => `f${n}`),
    );
    assert.equal([...snapshots].length, last + 1);
    assert.deepEqual(opened.notices, []);
    store[Symbol.dispose]();
  }
});
