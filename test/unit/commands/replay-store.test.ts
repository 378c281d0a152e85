import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { runInProcess } from '../../support/command-run.ts';
import { minuteMs } from '../../support/engine-run.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { told, transitionsOf, WatchedCluster } from './watched-cluster.ts';

test('what a daemon has stored is judged as the daemon judged it, while it runs, and is not written to', async (t) => {
  const cluster = new WatchedCluster(t).watch(40 * minuteMs);
  cluster.trace.setRate('healthy', 0, 1).setRate('slow', 0);
  cluster.watch(20 * minuteMs);
  cluster.trace.setRate('healthy', 1000, 1).setState('slow', 'Empty', 0).setLeader('orders', 0, null);
  cluster.watch(30 * minuteMs);
  const file = join(cluster.opened.directory, 'c1.sqlite');
  const before = statSync(file);
  const { status, printed, complaints } = await runInProcess(['replay', '--from-store', cluster.opened.directory]);
  assert.equal(status, 0, complaints.join('\n'));
  assert.deepEqual(told(transitionsOf(printed)), told(cluster.said));
  const codes = new Set(cluster.said.map(({ code }) => code));
  for (const code of ['will-lose-data', 'lost-data', 'stuck-partition', 'stalled', 'offline-partition'] as const) {
    assert.ok(codes.has(code), `${code} is among ${[...codes]}`);
  }
  assert.deepEqual([statSync(file).mtimeMs, statSync(file).size], [before.mtimeMs, before.size]);
  cluster.watch(minuteMs);
});

function codesRaised(printed: string): Set<string> {
  return new Set(transitionsOf(printed).flatMap(({ type, code }) => (type === 'raised' ? [code] : [])));
}

test('windows are filled from the coarser tiers before the first cycle that is still there', async (t) => {
  const cluster = new WatchedCluster(t, { raw: 10 * minuteMs }).watch(70 * minuteMs);
  const { status, printed } = await runInProcess(['replay', '--reports', '--from-store', cluster.opened.directory]);
  const reports = printed
    .split('\n')
    .flatMap((line) => (line.startsWith('{"type":"report"') ? [JSON.parse(line)] : []));
  assert.equal(status, 0);
  const first = reports[0].groups.find(({ groupId }: { groupId: string }) => groupId === 'slow').partitions[0];
  // It stands 50 min and more behind, and only 18 min of cycles are left: without what lay before it would be `at-least`.
  assert.equal(first.timeLagMethod, 'interpolated');
  assert.ok(first.timeLagSeconds > 30 * 60, `${first.timeLagSeconds}`);
  assert.equal(first.ownership, 'owned');
});

test('another threshold, other policies and a coarser tier may be tried on it', async (t) => {
  const cluster = new WatchedCluster(t).watch(70 * minuteMs);
  const { directory } = cluster.opened;
  const replay = (...options: string[]) => runInProcess(['replay', '--from-store', directory, ...options]);
  const asIs = codesRaised((await replay()).printed);
  const tried = codesRaised((await replay('--set', 'findings.will-lose-data.retentionShare=0.01')).printed);
  assert.deepEqual([asIs.has('will-lose-data'), tried.has('will-lose-data')], [true, false]);
  const coarse = await replay('--tier', 'minute');
  assert.match(coarse.complaints[0]!, /^c1: \d+ samples, one in 1m, from /);
  assert.ok(codesRaised(coarse.printed).has('will-lose-data'));
});

test('what the store does not hold is said, and nothing is made of it', async (t) => {
  const cluster = new WatchedCluster(t).watch(20 * minuteMs);
  cluster.opened.store[Symbol.dispose]();
  const database = new SqliteDatabase(join(cluster.opened.directory, 'c1.sqlite'));
  // As the version before this one has left it.
  database.exec('DROP TABLE state_change; PRAGMA user_version = 1');
  database.close();
  const { status, printed, complaints } = await runInProcess([
    'replay',
    '--from-store',
    cluster.opened.directory,
    '--reports',
    '--set',
    'interval=2s',
  ]);
  assert.equal(status, 0);
  const said = complaints.join('\n');
  assert.match(said, /not stored: the members and states of groups \(not judged: .*stalled/);
  assert.match(said, /not stored: which reads failed \(not judged: .*collector-failing/);
  assert.match(said, /the cycles lie 15s apart, but the interval is 2s: give the daemon's settings with --config/);
  const { groups } = JSON.parse(printed.trimEnd().split('\n').at(-1)!);
  assert.deepEqual(
    groups.map(({ groupId, state }: { groupId: string; state: string | null }) => [groupId, state]),
    [
      ['slow', null],
      ['healthy', null],
    ],
  );
});

test('wrong use ends with 2, a history that cannot be read with 1', async (t) => {
  const opened = temporaryStore(t);
  const { directory } = opened;
  const run = async (...options: string[]) => {
    const { status, complaints } = await runInProcess(['replay', ...options]);
    return `${status}: ${complaints.join(' ')}`;
  };
  assert.match(await run(), /^2: .*name either traces or a directory with --from-store/);
  assert.match(await run('a.jsonl', '--from-store', directory), /^2: .*name either/);
  assert.match(await run('--from-store', join(directory, 'none')), /^2: .*none cannot be read/);
  assert.match(await run('--from-store', directory), /^2: .* holds no history of a cluster/);
  writeFileSync(join(directory, 'c2.sqlite'), 'no database '.repeat(100));
  const newer = new SqliteDatabase(join(directory, 'c3.sqlite'));
  newer.exec('PRAGMA user_version = 999');
  newer.close();
  new WatchedCluster(t, {}, opened).watch(minuteMs);
  const said = await run('--from-store', directory);
  assert.match(said, /^1: c1: 4 cycles/);
  assert.match(said, /the history of c2 in .*c2\.sqlite cannot be read: file is not a database/);
  assert.match(said, /the history of c3 in .*c3\.sqlite cannot be read: it was written by a newer version of tidemark/);
});
