import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { networkFileSystem } from '../../../src/store/directory.ts';
import { openStore } from '../../../src/store/store.ts';
import { FakeCluster, raised } from './fake-cluster.ts';
import { keepAll, type Opened, startMs, temporaryStore } from './temporary-store.ts';

const layout = {
  topics: [{ topic: 'orders', topicId: 'id-1', partitions: 500 }],
  groups: [{ groupId: 'billing', topics: ['orders'] }],
};
const stepMs = 15_000;

function run({ store }: Opened, cycles: number, fromMs: number): void {
  const fake = new FakeCluster(layout);
  for (let n = 0; n < cycles; n++) {
    const atMs = fromMs + n * stepMs;
    fake.readAll(atMs);
    for (let row = 0; row < 500; row++) fake.report.partitions.highWatermark[row] = atMs * 7 + row ** 3;
    fake.report.groups.lag.fill(n);
    store.commit(fake.cycle(atMs));
  }
}

function lags({ store }: Opened): number[] {
  return store.points({ cluster: 'c1', groupId: 'billing' }, 'lag', 0, startMs * 2, 1000).map(([, lag]) => lag);
}

/** Overwrites a stretch in the middle of the file, as a failing disk does. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  const size = statSync(path).size;
  writeSync(file, Buffer.alloc(size >> 1, 0xa5), 0, size >> 1, size >> 2);
  closeSync(file);
}

for (const { what, spoil } of [
  { what: 'overwritten in the middle', spoil: overwrite },
  { what: 'no SQLite file at all', spoil: (path: string) => writeFileSync(path, 'these are not the bytes') },
  { what: 'by a newer version', spoil: setNewerVersion },
]) {
  test(`a file that is ${what} is set aside, named, and a new one begun`, (t) => {
    const opened = temporaryStore(t);
    run(opened, 40, startMs);
    opened.store[Symbol.dispose]();
    const path = join(opened.directory, 'c1.sqlite');
    spoil(path);
    const loaded = opened.reopen().load('c1');
    assert.deepEqual([loaded.memory, [...loaded.snapshots]], [null, []]);
    run(opened, 3, startMs + 1000 * stepMs);
    assert.deepEqual(lags(opened), [0, 1, 2]);
    const [notice, ...others] = opened.notices;
    assert.equal(notice?.code, 'store.unusable');
    assert.deepEqual(others, []);
    const aside = readdirSync(opened.directory).filter((name) => /^c1\.sqlite\.\d{4}-\d\d-\d\dT/.test(name));
    assert.equal(aside.length, 1);
    assert.ok(notice.message.includes(aside[0]!), notice.message);
    // Nor is it taken up again, or set aside once more, by the next start.
    opened.reopen().load('c1');
    assert.deepEqual(lags(opened), [0, 1, 2]);
    assert.equal(opened.notices.length, 1);
  });
}

function setNewerVersion(path: string): void {
  const database = new SqliteDatabase(path);
  database.pragma('user_version = 1000');
  database.close();
}

test('a file of a newer version is named as such', (t) => {
  const opened = temporaryStore(t);
  run(opened, 1, startMs);
  opened.store[Symbol.dispose]();
  setNewerVersion(join(opened.directory, 'c1.sqlite'));
  opened.reopen().load('c1');
  assert.match(opened.notices[0]!.message, /newer version of tidemark: its schema is 1000/);
});

test('a cycle that cannot be stored leaves nothing behind, and what it found comes with the next', (t) => {
  const opened = temporaryStore(t);
  run(opened, 2, startMs);
  const other = new SqliteDatabase(join(opened.directory, 'c1.sqlite'));
  t.after(() => other.close());
  // Fails at the very end of the transaction, when samples and journal are written already.
  other.exec("CREATE TRIGGER full BEFORE UPDATE ON state BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
  const fake = new FakeCluster(layout);
  const cycle = (n: number) => {
    const atMs = startMs + n * stepMs;
    fake.report.groups.lag.fill(n);
    const memory = { atMs, findings: [], groupTopics: [], groups: [], topics: [], readers: [], findingsRaised: [] };
    return fake.cycle(atMs, { memory, transitions: [raised(`f${n}`, atMs)] });
  };
  for (const n of [2, 3]) {
    assert.throws(() => opened.store.commit(cycle(n)), {
      code: 'store.write-failed',
      message: /could not be stored.*disk is full/,
    });
  }
  assert.deepEqual(lags(opened), [0, 1]);
  other.exec('DROP TRIGGER full');
  for (const n of [4, 5]) opened.store.commit(cycle(n));
  assert.deepEqual(lags(opened), [0, 1, 4, 5]);
  const ids = opened.store.transitions('c1', 0, startMs * 2, 10).map(({ id }) => id);
  assert.deepEqual(ids, ['f5', 'f4', 'f3', 'f2']);
});

test('a directory that cannot be written is told, keeps nobody from watching, and is taken up once it can be', (t) => {
  const opened = temporaryStore(t);
  const path = join(opened.directory, 'c1.sqlite');
  mkdirSync(path);
  assert.equal(opened.store.load('c1').memory, null);
  assert.equal(opened.notices[0]?.code, 'store.write-failed');
  assert.throws(() => run(opened, 1, startMs), { code: 'store.write-failed' });
  rmdirSync(path);
  run(opened, 2, startMs);
  assert.deepEqual(lags(opened), [0, 1]);

  const notices: string[] = [];
  const nowhere = join(opened.directory, 'c1.sqlite', 'below-a-file');
  const store = openStore(nowhere, { settings: keepAll, notify: ({ code }) => notices.push(code) });
  assert.ok(notices.includes('store.write-failed'));
  assert.throws(() => store.commit(new FakeCluster(layout).cycle(startMs)), { code: 'store.write-failed' });
  store[Symbol.dispose]();
});

test('a local disk is no network file system', (t) => {
  assert.equal(networkFileSystem(temporaryStore(t).directory), null);
});
