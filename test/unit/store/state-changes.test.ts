import assert from 'node:assert/strict';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import type { GroupMembership, Snapshot } from '../../../src/model/snapshot.ts';
import { migrations } from '../../../src/store/migrations/index.ts';
import { PastStates } from '../../../src/store/past-states.ts';
import { StateChanges, statesKeptSince } from '../../../src/store/state-changes.ts';

function openedDatabase() {
  const database = new SqliteDatabase(':memory:');
  for (const script of migrations) database.exec(script);
  return database;
}

function group(groupId: string, state: string): GroupMembership {
  const unknown = { protocolType: null, protocolName: null, coordinatorId: 1, epoch: null };
  return { groupId, type: 'classic', state, members: [], ...unknown };
}

function snapshotOf(
  groups: readonly GroupMembership[],
  { completeness = 'full', failed = false }: { completeness?: Snapshot['completeness']; failed?: boolean } = {},
): Snapshot {
  const failures = failed
    ? [{ collector: 'group-membership' as const, code: 'upstream.timeout', groupIds: ['b'] }]
    : [];
  const reads = { 'group-membership': { value: groups, observedAtMs: 0, failures } };
  return { cluster: 'c1', atMs: 0, completeness, reads, failures: [] };
}

/** Groups and states as they were known at a moment. */
function groupsAt(database: ReturnType<typeof openedDatabase>, atMs: number): string[] {
  const { reads } = new PastStates(database, atMs).at({ atMs, reads: { 'group-membership': atMs } });
  const { 'group-membership': membership } = reads;
  return (membership?.value ?? []).map(({ groupId, state }) => `${groupId} ${state}`);
}

function rows(database: ReturnType<typeof openedDatabase>): number {
  return database.prepare<[], number>('SELECT count(*) FROM state_change').pluck().get()!;
}

test('a row is written when something changes, and tells what was known from then on', () => {
  const database = openedDatabase();
  const states = new StateChanges(database);
  states.save(snapshotOf([group('a', 'Stable'), group('b', 'Stable')]), 10);
  states.save(snapshotOf([group('a', 'Stable'), group('b', 'Stable')]), 20);
  states.save(snapshotOf([group('a', 'Empty'), group('b', 'Stable')]), 30);
  assert.equal(rows(database), 3);
  assert.deepEqual(groupsAt(database, 9), []);
  assert.deepEqual(groupsAt(database, 29), ['a Stable', 'b Stable']);
  assert.deepEqual(groupsAt(database, 30), ['a Empty', 'b Stable']);
  assert.deepEqual(statesKeptSince(database), { group: 10 });
});

test('what a complete read no longer holds is gone; what could not be read stays', () => {
  for (const [options, after] of [
    [{}, ['a Stable']],
    [{ failed: true }, ['a Stable', 'b Stable']],
    [{ completeness: 'filtered' as const }, ['a Stable', 'b Stable']],
  ] as const) {
    const database = openedDatabase();
    const states = new StateChanges(database);
    states.save(snapshotOf([group('a', 'Stable'), group('b', 'Stable')]), 10);
    states.save(snapshotOf([group('a', 'Stable')], options), 20);
    assert.deepEqual(groupsAt(database, 20), after);
    assert.deepEqual(groupsAt(database, 19), ['a Stable', 'b Stable']);
  }
});

test('a restart writes only what has changed meanwhile', () => {
  const database = openedDatabase();
  new StateChanges(database).save(snapshotOf([group('a', 'Stable'), group('b', 'Stable')]), 10);
  new StateChanges(database).save(snapshotOf([group('a', 'Stable')]), 20);
  assert.equal(rows(database), 3);
  assert.deepEqual(groupsAt(database, 20), ['a Stable']);
});

test('it goes on from moment to moment as if each were asked alone', () => {
  const database = openedDatabase();
  const states = new StateChanges(database);
  for (let step = 0; step < 20; step++) {
    states.save(
      snapshotOf([group('a', step % 3 === 0 ? 'Empty' : 'Stable'), ...(step % 4 === 0 ? [] : [group('b', 'Stable')])]),
      step,
    );
  }
  const past = new PastStates(database, 0);
  for (let step = 0; step < 20; step++) {
    past.advance(step);
    const { reads } = past.at({ atMs: step, reads: { 'group-membership': step } });
    const told = reads['group-membership']!.value.map(({ groupId, state }) => `${groupId} ${state}`);
    assert.deepEqual(told.sort(), groupsAt(database, step).sort());
  }
});

test('what only a moment before the cutoff could ask for is forgotten', () => {
  const database = openedDatabase();
  const states = new StateChanges(database);
  for (const [atMs, state] of [
    [10, 'Stable'],
    [20, 'Empty'],
    [30, 'Stable'],
    [40, 'Dead'],
  ] as const) {
    states.save(snapshotOf([group('a', state), group('b', 'Stable')]), atMs);
  }
  states.expire(1_000_000, 35);
  assert.equal(rows(database), 3);
  assert.deepEqual(groupsAt(database, 35), ['a Stable', 'b Stable']);
  assert.deepEqual(groupsAt(database, 40), ['a Dead', 'b Stable']);
});

/** Read as in each cycle: by a leader whose clock is 9 s ahead, and who heard of its follower `silentMs` ago. */
function quorumSnapshot(atMs: number, silentMs: number, usableBytes: number): Snapshot {
  const observedAtMs = atMs + 30;
  const leaderNowMs = observedAtMs + 9_000;
  const quorum = {
    leaderId: 1,
    leaderEpoch: 4,
    voters: [
      { brokerId: 1, lag: 0, lastFetchMs: leaderNowMs, lastCaughtUpMs: leaderNowMs },
      { brokerId: 2, lag: 7, lastFetchMs: leaderNowMs - silentMs, lastCaughtUpMs: leaderNowMs },
      { brokerId: 3, lag: null, lastFetchMs: null, lastCaughtUpMs: null },
    ],
  };
  const logDirs = [{ brokerId: 1, path: '/d', totalBytes: 9e12, usableBytes, error: null }];
  const read = <T>(value: T) => ({ value, observedAtMs, failures: [] });
  const reads = { quorum: read(quorum), 'log-dirs': read({ logDirs, sizes: [] }) };
  return { cluster: 'c1', atMs, completeness: 'full', reads, failures: [] };
}

test('a quorum that follows costs no row a cycle, and a silent voter is told to the millisecond', () => {
  const database = openedDatabase();
  const states = new StateChanges(database);
  for (const [cycle, silentMs] of [3, 480, 1900, 250, 12_345].entries()) {
    states.save(quorumSnapshot(cycle * 1000, silentMs, 5e12), cycle * 1000);
  }
  // Two of the quorum, one of the log dirs, and one of their usable bytes.
  assert.equal(rows(database), 4);
  const silences = [3000, 4000].map((atMs) => {
    const { quorum } = new PastStates(database, atMs).at({ atMs, reads: { quorum: atMs + 30 } }).reads;
    return quorum!.value.voters.map(({ lag, lastFetchMs }) => [lag, lastFetchMs && atMs + 30 - lastFetchMs]);
  });
  const [follows, silent] = [0, 12_345].map((ms) => [
    [0, 0],
    [7, ms],
    [null, null],
  ]);
  assert.deepEqual(silences, [follows, silent]);
});

test('what moves with each read is forgotten too: the file holds no more of it than of the time before the cutoff', () => {
  const database = openedDatabase();
  const states = new StateChanges(database);
  const cycles = 5_000;
  for (let cycle = 0; cycle < cycles; cycle++) {
    states.save(quorumSnapshot(cycle, 3_000 + cycle, 5e12 + cycle), cycle);
  }
  // More than one step takes: the cycles that follow go on with it.
  for (let step = 0; step < 6; step++) states.expire(cycles + step, cycles - 100);
  const { 'log-dirs': _, ...kept } = statesKeptSince(database);
  assert.deepEqual(kept, { quorum: cycles - 100, 'usable-bytes': cycles - 100 });
  assert.equal(rows(database), 2 * 100 + 1);
  const past = new PastStates(database, cycles - 1);
  assert.equal(past.logDirs({ atMs: cycles - 1, reads: null })?.value[0]?.usableBytes, 5e12 + cycles - 1);
});
