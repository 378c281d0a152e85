import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { migrations } from '../../../src/store/migrations/index.ts';
import { StoredHistory } from '../../../src/store/stored-history.ts';
import { runInProcess } from '../../support/command-run.ts';
import { FakeCluster } from './fake-cluster.ts';
import { temporaryStore } from './temporary-store.ts';

/**
 * What the version wrote whose schema was the second: 80 cycles of the group `slow` on two partitions of `orders`; after 5 min it
 * lost its members, and partition 1 its leader.
 */
const oldFile = gunzipSync(readFileSync(new URL('./schema-2.sqlite.gz', import.meta.url)));
const lastMs = 1_700_001_200_000;

function openedOn(t: Parameters<typeof temporaryStore>[0]) {
  const opened = temporaryStore(t);
  const path = join(opened.directory, 'c1.sqlite');
  writeFileSync(path, oldFile);
  return { opened, path };
}

function userVersion(path: string): unknown {
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    return database.pragma('user_version', { simple: true });
  } finally {
    database.close();
  }
}

/** What a replay judges of it, and what it cannot. */
async function replayed(directory: string) {
  const { status, printed, complaints } = await runInProcess(['replay', '--from-store', directory]);
  const codes = printed.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).code as string]));
  return { status, codes, said: complaints.join('\n') };
}

test('a file of the former version is replayed as it is, and what it lacks is said', async (t) => {
  const { opened, path } = openedOn(t);
  const { status, codes, said } = await replayed(opened.directory);
  assert.equal(status, 0, said);
  assert.ok(codes.includes('offline-partition'), `${codes}`);
  assert.match(said, /not stored: the room on disks \(not judged: disk-filling, log-dir-offline\)/);
  assert.match(said, /not stored: the quorum of the controllers \(not judged: quorum-unhealthy\)/);
  assert.match(said, /not stored: which reads failed \(not judged: .*collector-failing/);
  assert.match(said, /not stored: the monotonic clock/);
  assert.equal(userVersion(path), 2);
});

test('a daemon takes it over with all that it holds, and keeps from then on what it lacked', async (t) => {
  const { opened, path } = openedOn(t);
  const loaded = opened.store.load('c1');
  assert.deepEqual(
    loaded.memory?.findings.map(({ finding }) => finding.code),
    ['offline-partition'],
  );
  assert.equal([...loaded.snapshots].at(-1)?.atMs, lastMs);
  const fake = new FakeCluster({
    topics: [{ topic: 'orders', topicId: 'id-orders', partitions: 2 }],
    groups: [{ groupId: 'slow', topics: ['orders'] }],
  });
  const atMs = lastMs + 15_000;
  fake.readAll(atMs);
  // Its cycle began 7 ms before the moment that it is told as of.
  const clock = { recorder: 'r2', monotonicMs: 70 };
  opened.store.commit(fake.cycle(atMs, { snapshot: { ...fake.snapshot(atMs - 7), ...clock } }));
  assert.deepEqual([opened.notices, userVersion(path)], [[], migrations.length]);
  using history = new StoredHistory(opened.directory, 'c1');
  const snapshots = [...history.snapshots('raw')].map(({ snapshot }) => snapshot);
  const last = snapshots.at(-1)!;
  assert.deepEqual([last.atMs, last.recorder, last.monotonicMs], [atMs, 'r2', 77]);
  assert.ok(snapshots.slice(0, -1).every(({ monotonicMs }) => monotonicMs === undefined));
  assert.match((await replayed(opened.directory)).said, /not stored: the monotonic clock.* before 2023-11-14T22:33:35/);
});
