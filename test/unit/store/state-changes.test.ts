import assert from 'node:assert/strict';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import type { GroupMembership, Snapshot } from '../../../src/model/snapshot.ts';
import { migrations } from '../../../src/store/migrations/index.ts';
import { PastStates, StateChanges, statesKeptSince } from '../../../src/store/state-changes.ts';

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
  const { 'group-membership': membership } = new PastStates(database, atMs).reads({ 'group-membership': atMs }, atMs);
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
    const { 'group-membership': membership } = past.reads({ 'group-membership': step }, step);
    const told = membership!.value.map(({ groupId, state }) => `${groupId} ${state}`);
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
