import { hash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { Failure, Snapshot } from '../model/snapshot.ts';
import {
  type StateKind,
  type StateKinds,
  stateKinds,
  storedCollectors,
  storedLogDirs,
  storedQuorum,
  theOne,
} from './state-kinds.ts';

/** Rows that one cycle deletes at most. */
const rowsPerStep = 2_000;
const pruneEveryMs = 600_000;

/**
 * Writes what was read of the cluster beside its offsets, whenever it differs from what was read before: a snapshot of the past can
 * then be put together again (`tidemark replay --from-store`). Of what stood in the last row it remembers only a hash.
 */
export class StateChanges {
  readonly #add: Statement<[kind: string, name: string, atMs: number, body: string | null]>;
  readonly #dropSuperseded: Statement<[cutoffMs: number, cutoffMs: number, atMost: number]>;
  /** By name. */
  readonly #hashes = new Map<StateKind, Map<string, string>>();
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database) {
    this.#add = database.prepare(
      'INSERT INTO state_change VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    // A row is superseded where a newer one is old enough to tell what was known from the cutoff on.
    this.#dropSuperseded = database.prepare(
      `DELETE FROM state_change WHERE (kind, name, at_ms) IN (
         SELECT kind, name, at_ms FROM state_change AS old WHERE at_ms < ? AND EXISTS (
           SELECT 1 FROM state_change AS newer
           WHERE newer.kind = old.kind AND newer.name = old.name AND newer.at_ms > old.at_ms AND newer.at_ms <= ?)
         LIMIT ?)`,
    );
    for (const { kind, name, body } of lastStates(database, Number.MAX_VALUE)) {
      this.#hashesOf(kind).set(name, hashOf(body));
    }
  }

  /** One cycle; within its transaction. */
  save(snapshot: Snapshot, atMs: number): void {
    const { reads, completeness } = snapshot;
    const isWhole = (failures: readonly Failure[]) => completeness === 'full' && failures.length === 0;
    const { cluster, 'group-membership': membership, 'broker-configs': brokerConfigs } = reads;
    if (cluster !== undefined) {
      const { clusterId, brokers, topics } = cluster.value;
      this.#saveOne('brokers', theOne, { clusterId, brokers }, atMs);
      const named = new Map(topics.map((topic) => [topic.topic, topic]));
      this.#saveAll('topic', named, isWhole(cluster.failures), atMs);
    }
    if (membership !== undefined) {
      const named = new Map(membership.value.map((group) => [group.groupId, group]));
      this.#saveAll('group', named, isWhole(membership.failures), atMs);
    }
    if (brokerConfigs !== undefined) this.#saveOne('broker-configs', theOne, brokerConfigs.value, atMs);
    this.#saveControlPlane(snapshot, atMs);
  }

  /** Forgets, some of it now and then, what only a moment before the cutoff could ask for. */
  expire(atMs: number, cutoffMs: number): void {
    if (Math.abs(atMs - this.#prunedAtMs) < pruneEveryMs) return;
    const { changes } = this.#dropSuperseded.run(cutoffMs, cutoffMs, rowsPerStep);
    // Where more come than a step takes, the next cycle goes on.
    if (changes < rowsPerStep) this.#prunedAtMs = atMs;
  }

  #saveControlPlane(snapshot: Snapshot, atMs: number): void {
    const { quorum, permissions, 'log-dirs': logDirs } = snapshot.reads;
    if (quorum !== undefined) this.#saveOne('quorum', theOne, storedQuorum(quorum), atMs);
    if (permissions !== undefined) this.#saveOne('permissions', theOne, permissions.value, atMs);
    if (logDirs !== undefined) {
      const stored = storedLogDirs(logDirs.value);
      this.#saveOne('log-dirs', theOne, stored['log-dirs'], atMs);
      this.#saveOne('usable-bytes', theOne, stored['usable-bytes'], atMs);
    }
    for (const [facet, state] of storedCollectors(snapshot)) this.#saveOne('collector', facet, state, atMs);
  }

  #saveAll<K extends StateKind>(kind: K, values: ReadonlyMap<string, StateKinds[K]>, isWhole: boolean, atMs: number) {
    for (const [name, value] of values) this.#saveOne(kind, name, value, atMs);
    const hashes = this.#hashesOf(kind);
    if (!isWhole || values.size === hashes.size) return;
    for (const name of [...hashes.keys()]) {
      if (values.has(name)) continue;
      this.#add.run(kind, name, atMs, null);
      hashes.delete(name);
    }
  }

  #saveOne<K extends StateKind>(kind: K, name: string, value: StateKinds[K], atMs: number): void {
    const body = JSON.stringify(value);
    const digest = hashOf(body);
    const hashes = this.#hashesOf(kind);
    if (hashes.get(name) === digest) return;
    this.#add.run(kind, name, atMs, body);
    hashes.set(name, digest);
  }

  #hashesOf(kind: StateKind): Map<string, string> {
    const known = this.#hashes.get(kind);
    if (known !== undefined) return known;
    const hashes = new Map<string, string>();
    this.#hashes.set(kind, hashes);
    return hashes;
  }
}

/** Equal hashes are taken for equal texts: 160 bits, of texts that nobody makes up to collide with themselves. */
function hashOf(text: string): string {
  return hash('sha1', text, 'base64');
}

/** From then on it was so. */
export interface StateChange {
  kind: StateKind;
  name: string;
  /** null: it went */
  body: string | null;
  atMs: number;
}

/** False in a file that an older version has written, and none has opened to write since. */
function areKept(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state_change'").get() !== undefined;
}

/** The last change up to a moment of all that had not gone by then. */
export function lastStates(
  database: Database,
  untilMs: number,
  kinds: readonly StateKind[] = stateKinds,
): (StateChange & { body: string })[] {
  if (!areKept(database)) return [];
  // With one max() SQLite takes the other columns from the row that has it.
  return database
    .prepare<[number, string], StateChange>(
      `SELECT kind, name, body, max(at_ms) AS atMs FROM state_change
       WHERE at_ms <= ? AND kind IN (SELECT value FROM json_each(?)) GROUP BY kind, name`,
    )
    .all(untilMs, JSON.stringify(kinds))
    .filter((change): change is StateChange & { body: string } => change.body !== null);
}

/** All changes after a moment, oldest first, one at a time. */
export function statesFrom(
  database: Database,
  fromMs: number,
  kinds: readonly StateKind[] = stateKinds,
): Iterator<StateChange> {
  if (!areKept(database)) return [][Symbol.iterator]();
  return database
    .prepare<[number, string], StateChange>(
      `SELECT kind, name, body, at_ms AS atMs FROM state_change
       WHERE at_ms > ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY at_ms`,
    )
    .iterate(fromMs, JSON.stringify(kinds));
}

/** Since when each kind is kept, ms since the epoch; without those of which there is nothing. */
export function statesKeptSince(database: Database): Partial<Record<StateKind, number>> {
  if (!areKept(database)) return {};
  const rows = database
    .prepare<[], { kind: StateKind; atMs: number }>('SELECT kind, min(at_ms) AS atMs FROM state_change GROUP BY kind')
    .all();
  return Object.fromEntries(rows.map(({ kind, atMs }) => [kind, atMs]));
}
